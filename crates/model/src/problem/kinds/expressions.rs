//! Expressions of documents. What the parser says of grammar stays in English.

crate::error_kinds! {
    TOO_LONG = "expression-too-long" {
        "the expression is longer than {limit} bytes", "表达式超过 {limit} 字节";
        "make it shorter", "请缩短"
    }
    TOO_DEEP = "expression-too-deep" {
        "the expression has too many steps or nests too deep", "表达式步骤过多或嵌套过深";
        "make it shorter", "请缩短"
    }
    SYNTAX = "expression-unreadable" {
        "it cannot be read: {cause}", "无法读取：{cause}";
        "write one SQL expression", "请写一个 SQL 表达式"
    }
    TRAILING = "expression-goes-on" {
        "{text} follows the end of the expression", "表达式结束后还有 {text}";
        "write one expression and nothing after it", "请只写一个表达式，其后不要有别的内容"
    }
    UNKNOWN_COLUMN = "expression-unknown-column" {
        "there is no column {name}", "没有列 {name}";
        "use one of the columns of the source", "请用数据来源中的列"
    }
    UNKNOWN_FUNCTION = "expression-unknown-function" {
        "the function {name} may not be used", "不能使用函数 {name}";
        "use one of the allowed functions", "请用允许的函数"
    }
    AGGREGATE = "expression-looks-at-many-rows" {
        "the function {name} looks at many rows, but here only one row is seen",
        "函数 {name} 汇总多行，而此处只能看到一行";
        "compare values of one row", "请比较一行之内的值"
    }
    NESTED = "expression-nests-aggregates" {
        "the function {name} stands inside another function of many rows", "函数 {name} 写在另一个汇总函数之内";
        "use one of the two", "请只用其中一个"
    }
    NOT_ALLOWED = "expression-not-allowed" {
        "{what} may not be used", "不能使用 {what}";
        "use columns, values, operators, case, cast and the allowed functions", "请用列、值、运算符、case、cast 和允许的函数"
    }
}
