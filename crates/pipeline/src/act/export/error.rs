//! What can end an export.

use std::path::{Path, PathBuf};

use clientele_engine::EngineError;
use clientele_engine::arrow::error::ArrowError;
use clientele_model::problem::kinds::people as kinds;
use clientele_model::problem::kinds::workspace::{FILE_FAILED, FILE_NOT_WRITTEN};
use clientele_model::{Language, Problem};
use thiserror::Error;

use crate::understand::segments::SegmentError;

/// Why nothing was exported.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum ExportError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Segment(#[from] Box<SegmentError>),
    UnknownFormat(PathBuf),
    TooManyRows {
        rows: u64,
        most: u64,
    },
    Io {
        file: PathBuf,
        cause: std::io::Error,
    },
    Format {
        file: PathBuf,
        cause: String,
    },
    Rows(#[from] ArrowError),
}

impl ExportError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            ExportError::Engine(error) => error.problem(),
            ExportError::Segment(error) => error.problem(),
            ExportError::UnknownFormat(file) => kinds::UNKNOWN_FORMAT.problem().in_file(file),
            ExportError::TooManyRows { rows, most } => {
                kinds::TOO_MANY_ROWS.problem().with("rows", rows).with("most", most)
            }
            ExportError::Io { file, cause } => FILE_FAILED.problem().with("cause", cause).in_file(file),
            ExportError::Format { file, cause } => {
                FILE_NOT_WRITTEN.problem().with("cause", cause).in_file(file)
            }
            ExportError::Rows(cause) => kinds::ROWS.problem().with("cause", cause),
        }
    }
}

/// Says at which file an error of the operating system happened.
pub fn at(file: &Path) -> impl Fn(std::io::Error) -> ExportError + use<> {
    let file = file.to_path_buf();
    move |cause| ExportError::Io { file: file.clone(), cause }
}
