//! What can be wrong with a file as a whole.

use std::path::{Path, PathBuf};

use clientele_model::Language;
use thiserror::Error;

use super::error_text;
pub use super::problem::Problem;

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
