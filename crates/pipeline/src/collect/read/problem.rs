//! The kinds of things that are wrong with files.

use std::io;

use thiserror::Error;

/// What is wrong with a file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Problem {
    #[error("there is no such file")]
    NotFound,
    #[error("this is a directory, not a file")]
    Directory,
    #[error("the file cannot be read: {0}")]
    Unreadable(io::Error),
    #[error("the file is empty")]
    Empty,
    #[error("the file has a header but no rows")]
    NoRows,
    #[error("the name says {named}, but the file holds {holds}")]
    NotWhatNameSays { named: &'static str, holds: &'static str },
    #[error("the file holds {holds}, which is not read here")]
    Unsupported { holds: &'static str },
    #[error("the file is not text and no known table format")]
    NotText,
    #[error("`{label}` is not an encoding known here")]
    UnknownEncoding { label: String },
    #[error("the byte {byte:#04x} cannot be a delimiter")]
    BadDelimiter { byte: u8 },
    #[error("line {line}: the header is not text: {detail}")]
    BadHeader { line: u64, detail: String },
    #[error("the column name `{name}` stands twice in the header, in columns {first} and {second}")]
    DuplicateHeader { name: String, first: usize, second: usize },
    #[error("line {line}: {found} columns, more than the limit of {limit}")]
    TooManyColumns { line: u64, found: usize, limit: usize },
    #[error("the record that starts in line {line} is longer than {limit} bytes")]
    RecordTooLong { line: u64, limit: usize },
    #[error("the record that starts in line {line} has a quote {quote} that is never closed")]
    UnclosedQuote { line: u64, quote: char },
    #[error("row {row}, column {column}: a value of {bytes} bytes, more than the limit of {limit}")]
    ValueTooLong { row: u64, column: String, bytes: usize, limit: usize },
    #[error("the file is one JSON document, not one JSON object a line")]
    JsonNotLines,
    #[error("the {format} data is damaged or cut off near byte {position} of the file: {detail}")]
    Damaged { format: &'static str, position: u64, detail: String },
    #[error("the file unpacks to more than {limit} bytes")]
    TooLargeUnpacked { limit: u64 },
    #[error("`{part}` claims sizes that cannot be true")]
    FalseSizes { part: String },
    #[error("the workbook is protected by a password")]
    Encrypted,
    #[error("there is no sheet `{sheet}`; the workbook has {}", found.join(", "))]
    NoSuchSheet { sheet: String, found: Vec<String> },
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::IsADirectory => Self::Directory,
            _ => Self::Unreadable(error),
        }
    }
}
