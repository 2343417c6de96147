//! What can be wrong with a file as a whole.

use std::path::{Path, PathBuf};

use clientele_model::{Language, Problem};
use thiserror::Error;

pub use super::file_problem::FileProblem;

/// A file that cannot be read as a table: which, what is wrong, where, and what to do.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub struct ReadError {
    /// The file as the user named it.
    pub file: PathBuf,
    /// What is wrong with it.
    #[source]
    pub problem: Box<FileProblem>,
}

impl ReadError {
    pub(super) fn new(file: &Path, problem: FileProblem) -> Self {
        Self { file: file.to_owned(), problem: Box::new(problem) }
    }

    /// What is told of it.
    pub fn problem(&self) -> Problem {
        self.problem.problem().in_file(&self.file)
    }
}

/// Turns a problem into an error of this file; keeps call sites short.
pub(super) trait InFile<T> {
    fn in_file(self, file: &Path) -> Result<T, ReadError>;
}

impl<T> InFile<T> for Result<T, FileProblem> {
    fn in_file(self, file: &Path) -> Result<T, ReadError> {
        self.map_err(|problem| ReadError::new(file, problem))
    }
}
