//! Letting through only what may be used.

use std::collections::BTreeSet;

use datafusion::sql::sqlparser::ast::{Expr, Ident, ObjectNamePart, Spanned};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::error::{ExprError, ExprProblem};
use super::nearest::nearest;
use super::{AllowedFunctions, MAX_DEPTH, walk};

#[derive(Default)]
pub(super) struct Found {
    pub columns: BTreeSet<String>,
    pub aggregates: BTreeSet<String>,
}

struct Checker<'a> {
    columns: &'a [&'a str],
    functions: &'a AllowedFunctions<'a>,
    found: Found,
}

pub(super) fn check(
    expr: &Expr,
    columns: &[&str],
    functions: &AllowedFunctions<'_>,
) -> Result<Found, ExprError> {
    let mut checker = Checker { columns, functions, found: Found::default() };
    checker.visit(expr, 0, false)?;
    Ok(checker.found)
}

/// A name as SQL understands it: lower case unless in quotes.
pub(super) fn name_of(ident: &Ident) -> String {
    match ident.quote_style {
        None => ident.value.to_lowercase(),
        Some(_) => ident.value.clone(),
    }
}

impl Checker<'_> {
    fn visit(&mut self, expr: &Expr, depth: usize, inside: bool) -> Result<(), ExprError> {
        if MAX_DEPTH < depth {
            return Err(ExprError::of(ExprProblem::TooDeep));
        }
        let parts = walk::parts(expr)
            .map_err(|what| ExprError::at(place(expr), ExprProblem::NotAllowed { what: what.into() }))?;
        let mut inside = inside;
        match expr {
            Expr::Identifier(ident) => self.column(ident)?,
            Expr::Function(function) => {
                let name = match function.name.0.as_slice() {
                    [ObjectNamePart::Identifier(ident)] => name_of(ident),
                    _ => function.name.to_string(),
                };
                if self.function(&name, inside, place(expr))? {
                    inside = true;
                } else if function.filter.is_some() {
                    let what = (format!("a filter on {name}"), format!("{name} 上的 filter")).into();
                    return Err(ExprError::at(place(expr), ExprProblem::NotAllowed { what }));
                }
            }
            // SQL has a grammar of its own for these functions.
            Expr::Extract { .. } => self.scalar("extract", place(expr))?,
            Expr::Ceil { .. } => self.scalar("ceil", place(expr))?,
            Expr::Floor { .. } => self.scalar("floor", place(expr))?,
            Expr::Substring { .. } => self.scalar("substring", place(expr))?,
            Expr::Trim { .. } => self.scalar("trim", place(expr))?,
            Expr::Position { .. } => self.scalar("position", place(expr))?,
            _ => {}
        }
        parts.into_iter().try_for_each(|part| self.visit(part, depth + 1, inside))
    }

    fn column(&mut self, ident: &Ident) -> Result<(), ExprError> {
        let name = name_of(ident);
        if self.columns.contains(&name.as_str()) {
            self.found.columns.insert(name);
            return Ok(());
        }
        let nearest = nearest(&name, self.columns.iter().copied()).map(str::to_owned);
        Err(ExprError::at(ident.span, ExprProblem::UnknownColumn { name, nearest }))
    }

    /// Whether the function is one of many rows.
    fn function(&mut self, name: &str, inside: bool, span: Span) -> Result<bool, ExprError> {
        if !self.functions.aggregates.contains(&name) {
            return self.scalar(name, span).map(|()| false);
        }
        let name = name.to_owned();
        if inside {
            return Err(ExprError::at(span, ExprProblem::NestedAggregate { name }));
        }
        self.found.aggregates.insert(name);
        Ok(true)
    }

    fn scalar(&self, name: &str, span: Span) -> Result<(), ExprError> {
        if self.functions.scalars.contains(&name) {
            return Ok(());
        }
        let known = self.functions.scalars.iter().chain(self.functions.aggregates).copied();
        let (name, nearest) = (name.to_owned(), nearest(name, known).map(str::to_owned));
        let usual = ["count", "sum", "min", "max", "avg", "median"];
        let problem = if self.functions.aggregates.is_empty() && usual.contains(&name.as_str()) {
            ExprProblem::AggregateNotAllowed { name }
        } else {
            ExprProblem::UnknownFunction { name, nearest }
        };
        Err(ExprError::at(span, problem))
    }
}

fn place(expr: &Expr) -> Span {
    expr.span()
}
