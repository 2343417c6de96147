//! The kinds of things that are wrong with files.

use std::io;

use clientele_model::problem::Words;
use clientele_model::problem::kinds::files as kinds;
use clientele_model::{Language, Problem};
use thiserror::Error;

/// What is wrong with a file.
#[derive(Debug, Error)]
#[error("{}", self.problem().message(Language::En))]
#[non_exhaustive]
pub enum FileProblem {
    NotFound,
    Directory,
    Unreadable(io::Error),
    Empty,
    NoRows,
    NotWhatNameSays { named: &'static str, holds: &'static str },
    Unsupported { holds: Words },
    NotText,
    UnknownEncoding { label: String },
    BadDelimiter { byte: u8 },
    BadHeader { line: u64, detail: String },
    DuplicateHeader { name: String, first: usize, second: usize },
    TooManyColumns { line: u64, found: usize, limit: usize },
    RecordTooLong { line: u64, limit: usize },
    UnclosedQuote { line: u64, quote: char },
    ValueTooLong { row: u64, column: String, bytes: usize, limit: usize },
    JsonNotLines,
    Damaged { format: &'static str, position: u64, detail: String },
    TooLargeUnpacked { limit: u64 },
    FalseSizes { part: String },
    Encrypted,
    NoSuchSheet { sheet: String, found: Vec<String> },
}

impl FileProblem {
    /// What is told of it, without the file.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound => kinds::NOT_FOUND.problem(),
            Self::Directory => kinds::DIRECTORY.problem(),
            Self::Unreadable(cause) => kinds::UNREADABLE.problem().with("cause", cause),
            Self::Empty => kinds::EMPTY.problem(),
            Self::NoRows => kinds::NO_ROWS.problem(),
            Self::NotWhatNameSays { named, holds } => {
                kinds::NOT_WHAT_NAME_SAYS.problem().with("named", named).with("holds", holds)
            }
            Self::Unsupported { holds } => kinds::UNSUPPORTED.problem().with_text("holds", *holds),
            Self::NotText => kinds::NOT_TEXT.problem(),
            Self::UnknownEncoding { label } => kinds::UNKNOWN_ENCODING.problem().with("label", label),
            Self::BadDelimiter { byte } => {
                kinds::BAD_DELIMITER.problem().with("byte", format_args!("{byte:#04x}"))
            }
            Self::BadHeader { line, detail } => {
                kinds::BAD_HEADER.problem().with("line", line).with("detail", detail)
            }
            Self::DuplicateHeader { name, first, second } => {
                let problem = kinds::DUPLICATE_HEADER.problem().with("name", name);
                problem.with("first", first).with("second", second)
            }
            Self::TooManyColumns { line, found, limit } => {
                let problem = kinds::TOO_MANY_COLUMNS.problem().with("line", line);
                problem.with("found", found).with("limit", limit)
            }
            Self::RecordTooLong { line, limit } => {
                kinds::RECORD_TOO_LONG.problem().with("line", line).with("limit", limit)
            }
            Self::UnclosedQuote { line, quote } => {
                kinds::UNCLOSED_QUOTE.problem().with("line", line).with("quote", quote)
            }
            Self::ValueTooLong { row, column, bytes, limit } => {
                let problem = kinds::VALUE_TOO_LONG.problem().with("row", row).with("column", column);
                problem.with("bytes", bytes).with("limit", limit)
            }
            Self::JsonNotLines => kinds::JSON_NOT_LINES.problem(),
            Self::Damaged { format, position, detail } => {
                let problem = kinds::DAMAGED.problem().with("format", format);
                problem.with("position", position).with("detail", detail)
            }
            Self::TooLargeUnpacked { limit } => kinds::TOO_LARGE_UNPACKED.problem().with("limit", limit),
            Self::FalseSizes { part } => kinds::FALSE_SIZES.problem().with("part", part),
            Self::Encrypted => kinds::ENCRYPTED.problem(),
            Self::NoSuchSheet { sheet, found } => {
                kinds::NO_SUCH_SHEET.problem().with("sheet", sheet).with_list("found", found)
            }
        }
    }
}

impl From<io::Error> for FileProblem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::IsADirectory => Self::Directory,
            _ => Self::Unreadable(error),
        }
    }
}
