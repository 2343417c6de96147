//! What can keep any stage from its start.

use clientele_engine::EngineError;
use clientele_model::problem::kinds::questions as kinds;
use clientele_model::spec::SpecError;
use clientele_model::{Language, Problem};
use thiserror::Error;

use crate::library::LibraryError;
use crate::workspace::WorkspaceError;

/// Why a catalogue, or something else that every stage starts from, cannot be had.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum CatalogueError {
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Spec(#[from] SpecError),
    #[error(transparent)]
    Library(#[from] LibraryError),
    UnknownScheme {
        name: String,
        nearest: Option<String>,
    },
    UnknownMetric {
        name: String,
        nearest: Option<String>,
    },
    Record(String),
}

impl CatalogueError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            CatalogueError::Workspace(error) => error.problem(),
            CatalogueError::Engine(error) => error.problem(),
            CatalogueError::Spec(error) => error.problem(),
            CatalogueError::Library(error) => error.problem(),
            CatalogueError::UnknownScheme { name, nearest } => {
                kinds::UNKNOWN_SCHEME.problem().with("name", name).or_nearest(nearest.as_ref())
            }
            CatalogueError::UnknownMetric { name, nearest } => {
                kinds::UNKNOWN_METRIC.problem().with("name", name).or_nearest(nearest.as_ref())
            }
            CatalogueError::Record(cause) => kinds::RECORD.problem().with("cause", cause),
        }
    }
}
