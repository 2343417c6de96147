//! Rules of segments.

crate::error_kinds! {
    RULE_EMPTY = "rule-empty" {
        "the rule is empty", "规则为空";
        "write a condition, as in spend_365d > 1000", "请写一个条件，例如 spend_365d > 1000"
    }
    RULE_TOO_LONG = "rule-too-long" {
        "the rule has {bytes} bytes, of at most {most}", "规则长 {bytes} 字节，上限为 {most}";
        "upload long lists of customers instead", "客户名单请改用上传"
    }
    TOO_MANY_CONDITIONS = "rule-too-many-conditions" {
        "the rule has {conditions} conditions, of at most {most}", "规则有 {conditions} 个条件，上限为 {most}";
        "write alternatives as `x in (a, b)`, or divide it into segments",
        "并列取值请写成 x in (a, b)，或拆成多个客群"
    }
    TOO_MANY_VALUES = "rule-too-many-values" {
        "the rule has {values} values, of at most {most}", "规则有 {values} 个取值，上限为 {most}";
        "upload a list of customers instead", "请改用上传客户名单"
    }
    TOO_DEEP = "rule-too-deep" {
        "groups nest deeper than {most} levels", "括号嵌套超过 {most} 层";
        "make a segment of the inner part", "请把内层做成单独的客群"
    }
    CHARACTER = "rule-character" {
        "`{found}` means nothing in a rule", "规则中不能出现 {found}";
        "put texts in quotes, as in country = 'UK'", "文字请加引号，例如 country = 'UK'"
    }
    UNCLOSED = "rule-text-unclosed" {
        "the closing quote is missing", "缺少右引号";
        "add it, and write a quote within a text twice", "请补上，文字里的引号要写两个"
    }
    EXPECTED = "rule-unexpected" {
        "{wanted} was expected, not `{found}`", "这里应为{wanted}，而不是 {found}";
        "change what is marked", "请修改标出的内容"
    }
    EXPECTED_MORE = "rule-ends-early" {
        "{wanted} was expected, but the rule ends", "这里应为{wanted}，但规则已结束";
        "go on with it, or leave out what is before", "请补上，或去掉前面的内容"
    }
    UNKNOWN_FIELD = "unknown-field" {
        "there is no metric, scheme or profile field `{name}`", "没有指标、分层方案或客户字段 {name}";
        "see `clientele metrics list` and `clientele schemes list`",
        "可用 clientele metrics list 和 clientele schemes list 查看"
    }
    UNKNOWN_FUNCTION = "unknown-function" {
        "there is no `{name}(…)`", "没有 {name}(…)";
        "there are {known}", "可用的有 {known}"
    }
    WRONG_VALUE = "rule-wrong-value" {
        "{field} is compared with {kind}, not with {found}", "{field} 应与{kind}比较，而不是 {found}";
        "change what is marked", "请修改标出的内容"
    }
    NO_ORDER = "rule-without-order" {
        "{field} is compared with {kind}, which has no order", "{field} 的取值（{kind}）没有大小之分";
        "use =, != or in (…)", "请用 =、!= 或 in (…)"
    }
    TOO_MANY_DIGITS = "rule-too-many-digits" {
        "{found} has more than 15 digits", "{found} 超过 15 位数字";
        "round it", "请取整"
    }
    BAD_DAYS = "rule-bad-days" {
        "{found} is no number of days", "{found} 不是天数";
        "write a whole number from 1 to 36500", "请写 1 到 36500 的整数"
    }
    EMPTY_RANGE = "rule-empty-range" {
        "nothing lies between {low} and {high}", "{low} 与 {high} 之间没有取值";
        "write the smaller one first", "请把较小的写在前面"
    }
    NO_MOVE = "rule-no-move" {
        "from {tier} to {tier} is no move", "从 {tier} 到 {tier} 不是迁移";
        "name two tiers, or `any`", "请写两个不同的层级，或用 any"
    }
}
