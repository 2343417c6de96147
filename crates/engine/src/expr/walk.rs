//! The parts of an expression.

use clientele_model::problem::Words;
use datafusion::sql::sqlparser::ast::{
    AccessExpr, CeilFloorKind, DateTimeField, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, Subscript,
};

/// The parts of an expression that may be used, or what it is that may not be.
pub(super) fn parts(expr: &Expr) -> Result<Vec<&Expr>, Words> {
    Ok(match expr {
        Expr::Identifier(_) | Expr::Value(_) | Expr::TypedString(_) => Vec::new(),
        Expr::IsFalse(part)
        | Expr::IsNotFalse(part)
        | Expr::IsTrue(part)
        | Expr::IsNotTrue(part)
        | Expr::IsNull(part)
        | Expr::IsNotNull(part)
        | Expr::IsUnknown(part)
        | Expr::IsNotUnknown(part)
        | Expr::Nested(part)
        | Expr::UnaryOp { expr: part, .. }
        | Expr::Cast { expr: part, format: None, array: false, .. }
        | Expr::Extract { expr: part, .. } => vec![&**part],
        Expr::Ceil { expr: part, field } | Expr::Floor { expr: part, field } => match field {
            CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => vec![&**part],
            _ => return Err(Words { en: "rounding to a part", zh: "取整到某一部分" }),
        },
        Expr::IsDistinctFrom(left, right)
        | Expr::IsNotDistinctFrom(left, right)
        | Expr::BinaryOp { left, right, .. }
        | Expr::Position { expr: left, r#in: right } => vec![&**left, &**right],
        Expr::Like { any: false, expr, pattern, .. } | Expr::ILike { any: false, expr, pattern, .. } => {
            vec![&**expr, &**pattern]
        }
        Expr::InList { expr, list, .. } => std::iter::once(&**expr).chain(list).collect(),
        Expr::Between { expr, low, high, .. } => vec![&**expr, &**low, &**high],
        Expr::Interval(interval) => vec![&*interval.value],
        Expr::Substring { expr, substring_from, substring_for, .. } => {
            let rest = [substring_from, substring_for];
            std::iter::once(&**expr).chain(rest.into_iter().flatten().map(|part| &**part)).collect()
        }
        Expr::Trim { expr, trim_what, trim_characters: None, .. } => {
            std::iter::once(&**expr).chain(trim_what.as_deref()).collect()
        }
        Expr::Case { operand, conditions, else_result, .. } => operand
            .as_deref()
            .into_iter()
            .chain(conditions.iter().flat_map(|when| [&when.condition, &when.result]))
            .chain(else_result.as_deref())
            .collect(),
        Expr::CompoundFieldAccess { root, access_chain } => {
            let mut all = vec![&**root];
            for access in access_chain {
                match access {
                    AccessExpr::Subscript(Subscript::Index { index }) => all.push(index),
                    _ => return Err(Words { en: "this kind of field access", zh: "这种字段访问" }),
                }
            }
            all
        }
        Expr::Function(function) => function_parts(function)?,
        Expr::CompoundIdentifier(_) => return Err(Words { en: "a name with a dot", zh: "带点的名称" }),
        Expr::Subquery(_) | Expr::InSubquery { .. } | Expr::Exists { .. } => {
            return Err(Words { en: "a subquery", zh: "子查询" });
        }
        Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => return Err(Words { en: "*", zh: "*" }),
        _ => return Err(Words { en: "this kind of expression", zh: "这类表达式" }),
    })
}

fn function_parts(function: &Function) -> Result<Vec<&Expr>, Words> {
    if function.over.is_some() {
        return Err(Words { en: "a window function (over)", zh: "窗口函数（over）" });
    }
    if !function.within_group.is_empty()
        || function.null_treatment.is_some()
        || function.uses_odbc_syntax
        || function.parameters != FunctionArguments::None
    {
        return Err(Words { en: "this form of a function call", zh: "这种函数调用形式" });
    }
    let mut all = Vec::new();
    match &function.args {
        FunctionArguments::None => {
            return Err(Words { en: "a function without parentheses", zh: "不带括号的函数" });
        }
        FunctionArguments::Subquery(_) => return Err(Words { en: "a subquery", zh: "子查询" }),
        FunctionArguments::List(list) => {
            if !list.clauses.is_empty() {
                return Err(Words {
                    en: "an order or limit inside a function call",
                    zh: "函数调用内的排序或限制",
                });
            }
            for arg in &list.args {
                match arg {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => all.push(expr),
                    FunctionArg::Unnamed(FunctionArgExpr::Wildcard) if is_count(function) => {}
                    FunctionArg::Unnamed(_) => return Err(Words { en: "*", zh: "*" }),
                    _ => return Err(Words { en: "a named argument", zh: "命名参数" }),
                }
            }
        }
    }
    all.extend(function.filter.as_deref());
    Ok(all)
}

fn is_count(function: &Function) -> bool {
    function.name.to_string().eq_ignore_ascii_case("count")
}
