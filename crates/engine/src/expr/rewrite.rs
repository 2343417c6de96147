//! Changing expressions that were checked.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, CastKind, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArgumentList, FunctionArguments, Ident, ObjectName, ObjectNamePart, Value, visit_expressions_mut,
};

use super::check::name_of;

pub(super) fn column(name: &str) -> Expr {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let bare = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain);
    Expr::Identifier(if bare { Ident::new(name) } else { Ident::with_quote('"', name) })
}

/// Lets each aggregate call see only the rows that pass the filter.
pub(super) fn add_filter(expr: &mut Expr, filter: &Expr, aggregates: &BTreeSet<String>) {
    let _: ControlFlow<()> = visit_expressions_mut(expr, |part| {
        if let Expr::Function(function) = part
            && let [ObjectNamePart::Identifier(ident)] = function.name.0.as_slice()
            && aggregates.contains(&name_of(ident))
        {
            let both = match function.filter.take() {
                None => filter.clone(),
                Some(old) => Expr::BinaryOp {
                    left: Box::new(Expr::Nested(old)),
                    op: BinaryOperator::And,
                    right: Box::new(Expr::Nested(Box::new(filter.clone()))),
                },
            };
            function.filter = Some(Box::new(both));
        }
        ControlFlow::Continue(())
    });
}

/// Makes null of quotients by zero, of casts that fail and of numbers that are not finite.
pub(super) fn forgive(expr: &mut Expr) {
    let _: ControlFlow<()> = visit_expressions_mut(expr, |part| {
        match part {
            Expr::BinaryOp { right, op: BinaryOperator::Divide | BinaryOperator::Modulo, .. }
                if !matches!(&**right, Expr::Value(_)) || is_zero(right) =>
            {
                let divisor = std::mem::replace(&mut **right, zero());
                **right = unless_zero(divisor);
            }
            Expr::Cast { kind, .. } => *kind = CastKind::TryCast,
            Expr::Function(function) => {
                if let Some(finite) = keep_finite(function) {
                    *part = finite;
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    });
}

fn zero() -> Expr {
    number("0")
}

fn number(text: &str) -> Expr {
    Expr::Value(Value::Number(text.into(), false).with_empty_span())
}

fn is_zero(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(number, _) => number.parse::<f64>().is_ok_and(|n| n == 0.0),
            _ => false,
        },
        _ => false,
    }
}

/// `nullif(x, 0)`
fn unless_zero(expr: Expr) -> Expr {
    Expr::Function(call("nullif", vec![expr, zero()]))
}

/// A call of a function with plain arguments.
fn call(name: &str, args: Vec<Expr>) -> Function {
    let args = args.into_iter().map(|arg| FunctionArg::Unnamed(FunctionArgExpr::Expr(arg)));
    Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: args.collect(),
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    }
}

/// The name of a function and its arguments, when it has plain ones.
fn parts_of_call(function: &mut Function) -> Option<(String, &mut FunctionArgumentList)> {
    let [ObjectNamePart::Identifier(ident)] = function.name.0.as_slice() else { return None };
    let name = name_of(ident);
    match &mut function.args {
        FunctionArguments::List(list) => Some((name, list)),
        _ => None,
    }
}

/// Makes null of what a function of numbers has no finite answer to. Powers are taken of floats:
/// those of whole numbers end the query when they grow too large, as does the root of a negative
/// number.
fn keep_finite(function: &mut Function) -> Option<Expr> {
    let (name, list) = parts_of_call(function)?;
    if !UNBOUNDED.contains(&name.as_str()) {
        return None;
    }
    if matches!(name.as_str(), "power" | "sqrt") {
        for arg in &mut list.args {
            if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg {
                let float = std::mem::replace(expr, zero());
                *expr = Expr::BinaryOp {
                    left: Box::new(Expr::Nested(Box::new(float))),
                    op: BinaryOperator::Multiply,
                    right: Box::new(number("1e0")),
                };
            }
        }
    }
    if name == "sqrt" {
        list.args.push(FunctionArg::Unnamed(FunctionArgExpr::Expr(number("5e-1"))));
        function.name = ObjectName::from(vec![Ident::new("power")]);
    }
    Some(Expr::Function(call("finite", vec![Expr::Function(function.clone())])))
}

/// Functions whose answer may be infinite or no number.
const UNBOUNDED: [&str; 4] = ["exp", "ln", "power", "sqrt"];

/// Turns `count(distinct x)` into `distinct_count(x)`.
pub(super) fn count_distinct(expr: &mut Expr) {
    let _: ControlFlow<()> = visit_expressions_mut(expr, |part| {
        if let Expr::Function(function) = part
            && let Some((name, list)) = parts_of_call(function)
            && name == "count"
            && list.duplicate_treatment == Some(DuplicateTreatment::Distinct)
            && matches!(list.args.as_slice(), [FunctionArg::Unnamed(FunctionArgExpr::Expr(_))])
        {
            list.duplicate_treatment = None;
            function.name = ObjectName::from(vec![Ident::new(DISTINCT_COUNT)]);
        }
        ControlFlow::Continue(())
    });
}

/// The aggregate that counts distinct values in many groups.
pub(super) const DISTINCT_COUNT: &str = "distinct_count";

/// Puts expressions in the place of columns. Visiting goes from the inside out, so what is put
/// in is not looked at again.
pub(super) fn substitute<'a>(expr: &mut Expr, with: &dyn Fn(&str) -> Option<&'a Expr>) {
    let _: ControlFlow<()> = visit_expressions_mut(expr, |part| {
        if let Expr::Identifier(ident) = part
            && let Some(other) = with(&name_of(ident))
        {
            *part = match other {
                Expr::Identifier(_) | Expr::Value(_) | Expr::Function(_) | Expr::Nested(_) => other.clone(),
                other => Expr::Nested(Box::new(other.clone())),
            };
        }
        ControlFlow::Continue(())
    });
}
