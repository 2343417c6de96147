//! What can be wrong with a file as a whole.

use std::io;
use std::path::{Path, PathBuf};

use clientele_model::Language;
use thiserror::Error;

use super::error_text;

/// A file that cannot be read as a table: which, what is wrong, where, and what to do.
#[derive(Debug, Error)]
#[error("{}: {problem}. {}", file.display(), error_text::cure(problem, Language::En))]
pub struct ReadError {
    /// The file as the user named it.
    pub file: PathBuf,
    /// What is wrong with it.
    #[source]
    pub problem: Box<Problem>,
}

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

impl ReadError {
    pub(super) fn new(file: &Path, problem: Problem) -> Self {
        Self { file: file.to_owned(), problem: Box::new(problem) }
    }

    /// A stable name for the problem.
    pub fn code(&self) -> &'static str {
        match *self.problem {
            Problem::NotFound => "file_not_found",
            Problem::Directory => "is_directory",
            Problem::Unreadable(_) => "unreadable",
            Problem::Empty => "empty_file",
            Problem::NoRows => "no_rows",
            Problem::NotWhatNameSays { .. } => "not_what_name_says",
            Problem::Unsupported { .. } => "unsupported_format",
            Problem::NotText => "not_text",
            Problem::UnknownEncoding { .. } => "unknown_encoding",
            Problem::BadDelimiter { .. } => "bad_delimiter",
            Problem::BadHeader { .. } => "bad_header",
            Problem::DuplicateHeader { .. } => "duplicate_header",
            Problem::TooManyColumns { .. } => "too_many_columns",
            Problem::RecordTooLong { .. } => "record_too_long",
            Problem::UnclosedQuote { .. } => "unclosed_quote",
            Problem::ValueTooLong { .. } => "value_too_long",
            Problem::JsonNotLines => "json_not_lines",
            Problem::Damaged { .. } => "damaged",
            Problem::TooLargeUnpacked { .. } => "too_large_unpacked",
            Problem::FalseSizes { .. } => "false_sizes",
            Problem::Encrypted => "encrypted",
            Problem::NoSuchSheet { .. } => "no_such_sheet",
        }
    }

    /// What is wrong, with the file's name and the place.
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::En => format!("{}: {}", self.file.display(), self.problem),
            Language::Zh => {
                format!("{}：{}", self.file.display(), error_text::chinese(&self.problem))
            }
        }
    }

    /// What the user can do about it.
    pub fn cure(&self, language: Language) -> String {
        error_text::cure(&self.problem, language)
    }
}

/// Turns a problem into an error of this file; keeps call sites short.
pub(super) trait InFile<T> {
    fn in_file(self, file: &Path) -> Result<T, ReadError>;
}

impl<T> InFile<T> for Result<T, Problem> {
    fn in_file(self, file: &Path) -> Result<T, ReadError> {
        self.map_err(|problem| ReadError::new(file, problem))
    }
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
