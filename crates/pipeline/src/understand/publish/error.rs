//! Why a scheme cannot be published.

use std::path::PathBuf;

use clientele_engine::EngineError;
use clientele_model::problem::kinds::documents as kinds;
use clientele_model::problem::kinds::workspace::FILE_FAILED;
use clientele_model::{Language, Problem};
use thiserror::Error;

use crate::catalogue::CatalogueError;
use crate::understand::view::ViewError;

/// Why a scheme cannot be published.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum PublishError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    Unchanged {
        scheme: String,
        version: u32,
    },
    Published(PathBuf),
    Unsound {
        file: String,
    },
    Io {
        place: PathBuf,
        cause: std::io::Error,
    },
}

impl PublishError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            PublishError::Catalogue(error) => error.problem(),
            PublishError::View(error) => error.problem(),
            PublishError::Engine(error) => error.problem(),
            PublishError::Unchanged { scheme, version } => {
                kinds::UNCHANGED.problem().with("scheme", scheme).with("version", version)
            }
            PublishError::Published(place) => kinds::PUBLISHED.problem().in_file(place),
            PublishError::Unsound { file } => {
                kinds::UNSOUND.problem().with("file", file).within((file.clone(), file.clone()))
            }
            PublishError::Io { place, cause } => FILE_FAILED.problem().with("cause", cause).in_file(place),
        }
    }
}
