//! SQL expressions that people write: parsed, checked against an allow-list, rewritten.
//!
//! Only what is named here gets through. An expression may compute over the columns it is
//! given with the functions it is given; it cannot read anything else, and it is small enough
//! that no later step can run out of stack over it.

mod check;
mod error;
mod nearest;
mod rewrite;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use datafusion::sql::sqlparser::ast::Expr;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

pub use error::{ExprError, ExprProblem};
pub use nearest::nearest;

/// The longest expression, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// The most operators and keywords: `a + b + c` nests once for each.
const MAX_OPERATORS: usize = 400;
/// How deep an expression may nest.
pub const MAX_DEPTH: usize = 100;
/// How deep parentheses and calls may nest; the parser counts several levels for each.
const PARSER_DEPTH: usize = 100;

/// The functions that an expression may call, by name in lower case.
#[derive(Debug, Clone, Copy, Default)]
pub struct AllowedFunctions<'a> {
    /// Functions of one row.
    pub scalars: &'a [&'a str],
    /// Functions of many rows.
    pub aggregates: &'a [&'a str],
}

/// An expression that was found to be in order.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedExpr {
    expr: Expr,
    columns: BTreeSet<String>,
    aggregates: BTreeSet<String>,
}

/// Parses one SQL expression over the given columns. Names without quotes are in lower case,
/// as in all SQL here.
pub fn parse_expression(
    sql: &str,
    columns: &[&str],
    functions: &AllowedFunctions<'_>,
) -> Result<ParsedExpr, ExprError> {
    let expr = parse(sql)?;
    let found = check::check(&expr, columns, functions)?;
    Ok(ParsedExpr { expr, columns: found.columns, aggregates: found.aggregates })
}

impl ParsedExpr {
    /// The columns that the expression reads.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    /// The functions of many rows that it calls.
    pub fn aggregates(&self) -> impl Iterator<Item = &str> {
        self.aggregates.iter().map(String::as_str)
    }

    /// Whether it calls a function of many rows.
    pub fn is_aggregate(&self) -> bool {
        !self.aggregates.is_empty()
    }

    /// The expression as SQL.
    pub fn to_sql(&self) -> String {
        self.expr.to_string()
    }

    /// The expression with each aggregate call seeing only the rows that pass the filter; one
    /// that has a filter already keeps it too.
    #[must_use]
    pub fn with_filter(&self, filter: &Self) -> Self {
        let mut next = self.clone();
        rewrite::add_filter(&mut next.expr, &filter.expr, &self.aggregates);
        next.columns.extend(filter.columns.iter().cloned());
        next
    }

    /// The expression with columns replaced by expressions, all at the same time.
    #[must_use]
    pub fn substitute(&self, with: &BTreeMap<String, Self>) -> Self {
        let mut next = self.clone();
        next.columns.clear();
        for column in &self.columns {
            match with.get(column) {
                None => {
                    next.columns.insert(column.clone());
                }
                Some(other) => {
                    next.columns.extend(other.columns.iter().cloned());
                    next.aggregates.extend(other.aggregates.iter().cloned());
                }
            }
        }
        rewrite::substitute(&mut next.expr, &|name| with.get(name).map(|other| &other.expr));
        next
    }

    /// The expression in which what has no answer for a row is null instead of an end to the query:
    /// division by zero, a cast of a text that does not fit, the logarithm of zero.
    #[must_use]
    pub fn forgiving(&self) -> Self {
        let mut next = self.clone();
        rewrite::forgive(&mut next.expr);
        next
    }

    /// The expression with calls replaced by such of [`crate::aggregates`] that give the same with
    /// less work.
    #[must_use]
    pub fn lean(&self) -> Self {
        let mut next = self.clone();
        rewrite::count_distinct(&mut next.expr);
        if next.is_aggregate() {
            next.aggregates.insert(rewrite::DISTINCT_COUNT.to_owned());
        }
        next
    }

    /// The expression with columns renamed, all at the same time.
    #[must_use]
    pub fn rename(&self, names: &BTreeMap<String, String>) -> Self {
        let with = names.iter().map(|(from, to)| (from.clone(), Self::column(to))).collect();
        self.substitute(&with)
    }

    /// The expression that is just a column.
    pub fn column(name: &str) -> Self {
        Self {
            expr: rewrite::column(name),
            columns: BTreeSet::from([name.to_owned()]),
            aggregates: BTreeSet::new(),
        }
    }
}

fn parse(sql: &str) -> Result<Expr, ExprError> {
    if MAX_BYTES < sql.len() {
        return Err(ExprError::of(ExprProblem::TooLong { limit: MAX_BYTES }));
    }
    let dialect = GenericDialect {};
    let tokens = Tokenizer::new(&dialect, sql)
        .tokenize_with_location()
        .map_err(|error| ExprError::syntax(&error.to_string()))?;
    let operators = tokens.iter().filter(|token| is_operator(token)).count();
    if MAX_OPERATORS < operators {
        return Err(ExprError::of(ExprProblem::TooDeep));
    }
    let mut parser =
        Parser::new(&dialect).with_recursion_limit(PARSER_DEPTH).with_tokens_with_locations(tokens);
    let expr = parser.parse_expr().map_err(|error| ExprError::syntax(&error.to_string()))?;
    let next = parser.next_token();
    if next.token != Token::EOF {
        let problem = ExprProblem::Trailing { text: shortened(&next.token.to_string()) };
        return Err(ExprError::at(next.span, problem));
    }
    Ok(expr)
}

/// Whether a token can make the expression one level deeper. Parentheses are counted by the
/// parser; names, values and commas only make it wider.
fn is_operator(token: &TokenWithSpan) -> bool {
    use datafusion::sql::sqlparser::keywords::Keyword;
    match &token.token {
        Token::Word(word) => word.keyword != Keyword::NoKeyword && word.quote_style.is_none(),
        Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::Whitespace(_)
        | Token::Comma
        | Token::LParen
        | Token::RParen
        | Token::EOF => false,
        _ => true,
    }
}

pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
