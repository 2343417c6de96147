//! What is wrong with an expression, and where.

use clientele_model::problem::ErrorKind;
use clientele_model::problem::kinds::expressions as kinds;
use clientele_model::{Language, Problem, Text};
use datafusion::sql::sqlparser::tokenizer::Span;

/// Why an expression was refused. `line` and `column` count from 1 within the expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub struct ExprError {
    pub line: Option<u64>,
    pub column: Option<u64>,
    pub problem: ExprProblem,
}

/// The kinds of things that are wrong with expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprProblem {
    TooLong { limit: usize },
    TooDeep,
    Syntax { message: String },
    Trailing { text: String },
    UnknownColumn { name: String, nearest: Option<String> },
    UnknownFunction { name: String, nearest: Option<String> },
    AggregateNotAllowed { name: String },
    NestedAggregate { name: String },
    NotAllowed { what: Text },
}

impl ExprError {
    pub(super) fn of(problem: ExprProblem) -> Self {
        Self { line: None, column: None, problem }
    }

    pub(super) fn at(span: Span, problem: ExprProblem) -> Self {
        let known = span.start.line != 0;
        Self { line: known.then_some(span.start.line), column: known.then_some(span.start.column), problem }
    }

    /// From the parser's message, which ends in the place.
    pub(super) fn syntax(message: &str) -> Self {
        if message.contains("recursion limit") {
            return Self::of(ExprProblem::TooDeep);
        }
        let message = message.strip_prefix("sql parser error: ").unwrap_or(message);
        let (text, place) = message.split_once(" at Line: ").unwrap_or((message, ""));
        let mut numbers = place
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().ok());
        let line = numbers.next().flatten();
        let column = numbers.next().flatten();
        Self { line, column, problem: ExprProblem::Syntax { message: super::shortened(text) } }
    }

    /// What is told of it.
    pub fn problem(&self) -> Problem {
        let problem = self.problem.told();
        match (self.line, self.column) {
            (Some(line), Some(column)) => {
                let en = format!("line {line}, column {column}");
                problem.within((en, format!("第 {line} 行第 {column} 列")))
            }
            _ => problem,
        }
    }
}

impl ExprProblem {
    fn told(&self) -> Problem {
        let of =
            |kind: &'static ErrorKind, name: &String| kind.problem().with("name", format_args!("{name:?}"));
        match self {
            ExprProblem::TooLong { limit } => kinds::TOO_LONG.problem().with("limit", limit),
            ExprProblem::TooDeep => kinds::TOO_DEEP.problem(),
            ExprProblem::Syntax { message } => kinds::SYNTAX.problem().with("cause", message),
            ExprProblem::Trailing { text } => {
                kinds::TRAILING.problem().with("text", format_args!("{text:?}"))
            }
            ExprProblem::UnknownColumn { name, nearest } => {
                of(&kinds::UNKNOWN_COLUMN, name).or_nearest(nearest.as_ref())
            }
            ExprProblem::UnknownFunction { name, nearest } => {
                of(&kinds::UNKNOWN_FUNCTION, name).or_nearest(nearest.as_ref())
            }
            ExprProblem::AggregateNotAllowed { name } => of(&kinds::AGGREGATE, name),
            ExprProblem::NestedAggregate { name } => of(&kinds::NESTED, name),
            ExprProblem::NotAllowed { what } => kinds::NOT_ALLOWED.problem().with_text("what", what.clone()),
        }
    }
}
