//! What is wrong with an expression, and where.

use std::fmt;

use datafusion::sql::sqlparser::tokenizer::Span;

/// Why an expression was refused. `line` and `column` count from 1 within the expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", LineAndColumn(*line, *column))]
pub struct ExprError {
    pub line: Option<u64>,
    pub column: Option<u64>,
    pub problem: ExprProblem,
}

/// The kinds of things that are wrong with expressions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExprProblem {
    #[error("the expression is longer than {limit} bytes")]
    TooLong { limit: usize },
    #[error("the expression has too many steps or nests too deep")]
    TooDeep,
    #[error("it cannot be read: {message}")]
    Syntax { message: String },
    #[error("{text:?} follows the end of the expression")]
    Trailing { text: String },
    #[error("there is no column {name:?}")]
    UnknownColumn { name: String, nearest: Option<String> },
    #[error("the function {name:?} may not be used")]
    UnknownFunction { name: String, nearest: Option<String> },
    #[error("the function {name:?} looks at many rows, but here only one row is seen")]
    AggregateNotAllowed { name: String },
    #[error("the function {name:?} stands inside another function of many rows")]
    NestedAggregate { name: String },
    #[error("{what} may not be used")]
    NotAllowed { what: String },
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

    /// What to do about it.
    pub fn cure(&self) -> String {
        match &self.problem {
            ExprProblem::TooLong { .. } | ExprProblem::TooDeep => "make it shorter".into(),
            ExprProblem::Syntax { .. } => "write one SQL expression".into(),
            ExprProblem::Trailing { .. } => "write one expression and nothing after it".into(),
            ExprProblem::UnknownColumn { nearest: Some(name), .. }
            | ExprProblem::UnknownFunction { nearest: Some(name), .. } => {
                format!("did you mean {name}?")
            }
            ExprProblem::UnknownColumn { .. } => "use one of the columns of the source".into(),
            ExprProblem::UnknownFunction { .. } => "use one of the allowed functions".into(),
            ExprProblem::AggregateNotAllowed { .. } => "compare values of one row".into(),
            ExprProblem::NestedAggregate { .. } => "use one of the two".into(),
            ExprProblem::NotAllowed { .. } => {
                "use columns, values, operators, case, cast and the allowed functions".into()
            }
        }
    }
}

struct LineAndColumn(Option<u64>, Option<u64>);

impl fmt::Display for LineAndColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, self.1) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: "),
            _ => Ok(()),
        }
    }
}
