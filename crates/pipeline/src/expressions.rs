//! What is wrong with an expression of a document, in both languages.

use clientele_engine::ExprError;
use clientele_engine::expr::ExprProblem;
use clientele_model::Text;

/// What is wrong and where, and the cure. What the parser says of grammar stays in English.
pub fn told(error: &ExprError) -> (Text, Text) {
    let place = match (error.line, error.column) {
        (Some(line), Some(column)) => format!("第 {line} 行第 {column} 列："),
        _ => String::new(),
    };
    let problem = Text::new(error.to_string(), format!("{place}{}", problem(&error.problem)));
    (problem, Text::new(error.cure(), cure(&error.problem)))
}

fn problem(problem: &ExprProblem) -> String {
    match problem {
        ExprProblem::TooLong { limit } => format!("表达式超过 {limit} 字节"),
        ExprProblem::TooDeep => "表达式步骤过多或嵌套过深".to_owned(),
        ExprProblem::Syntax { message } => format!("无法读取：{message}"),
        ExprProblem::Trailing { text } => format!("表达式结束后还有 {text:?}"),
        ExprProblem::UnknownColumn { name, .. } => format!("没有列 {name:?}"),
        ExprProblem::UnknownFunction { name, .. } => format!("不能使用函数 {name:?}"),
        ExprProblem::AggregateNotAllowed { name } => {
            format!("函数 {name:?} 汇总多行，而此处只能看到一行")
        }
        ExprProblem::NestedAggregate { name } => format!("函数 {name:?} 写在另一个汇总函数之内"),
        ExprProblem::NotAllowed { what } => format!("不能使用 {what}"),
    }
}

fn cure(problem: &ExprProblem) -> String {
    match problem {
        ExprProblem::TooLong { .. } | ExprProblem::TooDeep => "请缩短".into(),
        ExprProblem::Syntax { .. } => "请写一个 SQL 表达式".into(),
        ExprProblem::Trailing { .. } => "请只写一个表达式，其后不要有别的内容".into(),
        ExprProblem::UnknownColumn { nearest: Some(name), .. }
        | ExprProblem::UnknownFunction { nearest: Some(name), .. } => format!("是不是 {name}？"),
        ExprProblem::UnknownColumn { .. } => "请用数据来源中的列".into(),
        ExprProblem::UnknownFunction { .. } => "请用允许的函数".into(),
        ExprProblem::AggregateNotAllowed { .. } => "请比较一行之内的值".into(),
        ExprProblem::NestedAggregate { .. } => "请只用其中一个".into(),
        ExprProblem::NotAllowed { .. } => "请用列、值、运算符、case、cast 和允许的函数".into(),
    }
}
