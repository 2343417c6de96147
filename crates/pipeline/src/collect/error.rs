//! What can end an import, with the place and the cure.

use std::path::PathBuf;

use chrono::NaiveDate;
use clientele_engine::EngineError;
use clientele_engine::arrow::error::ArrowError;
use clientele_model::problem::kinds::import as kinds;
use clientele_model::problem::kinds::workspace::FILE_FAILED;
use clientele_model::spec::SpecError;
use clientele_model::spec::source::Field;
use clientele_model::{BatchId, Language, Problem};
use clientele_read::ReadError;
use thiserror::Error;

use crate::library::LibraryError;

/// An error of an import, an undo or a look at the quarantine. Nothing has been changed.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum ImportError {
    /// The file cannot be read as a table.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The workspace's own library cannot be read.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// A layout in the workspace's library is wrong.
    #[error(transparent)]
    Layout(#[from] SpecError),
    /// The lake refuses.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A file of the system cannot be read or written.
    File { file: PathBuf, cause: std::io::Error },
    /// No layout fits.
    NotRecognisedIn { file: PathBuf, header: Vec<String>, known: Vec<String> },
    /// No layout fits; the file is added on the way up.
    NotRecognised { header: Vec<String>, known: Vec<String> },
    /// Layouts that read some rows of a file found none.
    NothingOfKind { file: PathBuf, layout: String },
    /// `--source` names no layout.
    UnknownLayout { id: String, known: Vec<String> },
    /// `--map` names no column of the file.
    NoSuchColumn { column: String, header: Vec<String> },
    /// `--map` names no field.
    UnknownField { name: String, known: Vec<&'static str> },
    /// `--map` names a field that such files don't have.
    FieldOfOtherGrain { field: Field, layout: String },
    /// A required field has no column.
    MissingField { file: PathBuf, field: Field, header: Vec<String> },
    /// Dates could be day first or month first.
    AmbiguousDates { file: PathBuf, example: String },
    /// There is no such batch, or it is undone.
    NoSuchBatch { batch: BatchId, known: Vec<String> },
    /// The batch is too old to be taken back.
    Settled { batch: BatchId, imported_on: NaiveDate, settled_on: NaiveDate, undo: String },
    /// More customers or rows than keys can number.
    TooMany { what: (&'static str, &'static str), limit: u64 },
    /// What the lake holds is not what was put there.
    Lake { table: &'static str, cause: String },
    /// A thread of the import died.
    Stopped(String),
}

impl From<ArrowError> for ImportError {
    fn from(error: ArrowError) -> Self {
        ImportError::Stopped(error.to_string())
    }
}

impl From<serde_json::Error> for ImportError {
    fn from(error: serde_json::Error) -> Self {
        ImportError::Stopped(error.to_string())
    }
}

impl ImportError {
    /// Adds the file to errors that did not know it.
    pub(crate) fn of_file(self, file: &std::path::Path) -> Self {
        match self {
            ImportError::NotRecognised { header, known } => {
                ImportError::NotRecognisedIn { file: file.to_owned(), header, known }
            }
            other => other,
        }
    }

    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            ImportError::Read(error) => error.problem(),
            ImportError::Layout(error) => error.problem(),
            ImportError::Library(error) => error.problem(),
            ImportError::Engine(error) => error.problem(),
            ImportError::File { file, cause } => FILE_FAILED.problem().with("cause", cause).in_file(file),
            ImportError::NotRecognisedIn { file, header, known } => {
                not_recognised(header, known).in_file(file)
            }
            ImportError::NotRecognised { header, known } => not_recognised(header, known),
            ImportError::NothingOfKind { file, layout } => {
                kinds::NOTHING_OF_KIND.problem().with("layout", layout).in_file(file)
            }
            ImportError::UnknownLayout { id, known } => {
                kinds::UNKNOWN_LAYOUT.problem().with("id", id).with_list("known", known)
            }
            ImportError::NoSuchColumn { column, header } => {
                kinds::NO_SUCH_COLUMN.problem().with("column", column).with_list("header", header)
            }
            ImportError::UnknownField { name, known } => {
                kinds::UNKNOWN_FIELD.problem().with("name", name).with_list("known", known)
            }
            ImportError::FieldOfOtherGrain { field, layout } => {
                kinds::FIELD_OF_OTHER_GRAIN.problem().with("field", field.name()).with("layout", layout)
            }
            ImportError::MissingField { file, field, header } => {
                let problem = kinds::MISSING_FIELD.problem().with_text("label", field.label());
                problem.with("field", field.name()).with_list("header", header).in_file(file)
            }
            ImportError::AmbiguousDates { file, example } => {
                kinds::AMBIGUOUS_DATES.problem().with("example", example).in_file(file)
            }
            ImportError::NoSuchBatch { batch, known } if known.is_empty() => {
                kinds::NO_BATCHES.problem().with("batch", batch)
            }
            ImportError::NoSuchBatch { batch, known } => {
                let last = &known[known.len().saturating_sub(SHOWN_BATCHES)..];
                kinds::UNKNOWN_BATCH.problem().with("batch", batch).with_list("known", last)
            }
            ImportError::Settled { batch, imported_on, settled_on, undo } => {
                let problem = kinds::SETTLED.problem().with("batch", batch).with("undo", undo);
                problem.with("imported_on", imported_on).with("settled_on", settled_on)
            }
            ImportError::TooMany { what, limit } => {
                kinds::TOO_MANY.problem().with_text("what", *what).with("limit", limit)
            }
            ImportError::Lake { table, cause } => {
                kinds::LAKE.problem().with("table", table).with("cause", cause)
            }
            ImportError::Stopped(cause) => kinds::STOPPED.problem().with("cause", cause),
        }
    }
}

/// How many of the batches that are there are told, the last ones.
const SHOWN_BATCHES: usize = 10;

fn not_recognised(header: &[String], known: &[String]) -> Problem {
    kinds::NOT_RECOGNISED.problem().with_list("header", header).with_list("known", known)
}
