//! What can end a vacuum, a backup or a restore.

use std::path::PathBuf;

use clientele_engine::EngineError;
use clientele_model::problem::kinds::workspace as kinds;
use clientele_model::{Language, Problem};
use thiserror::Error;

use crate::collect::ImportError;
use crate::error::CatalogueError;

/// Why a vacuum, a backup or a restore failed. What a vacuum has done until then is sound, and run
/// again it goes on from there; a copy that was begun is taken for no workspace and no backup.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum KeepError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Records(#[from] ImportError),
    /// A copy goes only where nothing is.
    NotEmpty {
        place: String,
        is_lake: bool,
    },
    /// A backup inside what it is a backup of, or around it.
    Inside {
        place: String,
        lake: String,
    },
    /// Nothing that a backup wrote, or one that did not come to its end.
    NoBackup {
        place: String,
        is_begun: bool,
    },
    /// A backup that was made by a later release.
    Newer {
        place: String,
        found: u32,
        supported: u32,
    },
    /// A backup that is not what was written.
    Damaged {
        place: String,
        cause: String,
    },
    File {
        file: PathBuf,
        cause: std::io::Error,
    },
}

impl KeepError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            KeepError::Catalogue(error) => error.problem(),
            KeepError::Engine(error) => error.problem(),
            KeepError::Records(error) => error.problem(),
            KeepError::NotEmpty { place, is_lake } => {
                let kind = if *is_lake { &kinds::LAKE_PLACE_NOT_EMPTY } else { &kinds::PLACE_NOT_EMPTY };
                kind.problem().with("place", place)
            }
            KeepError::Inside { place, lake } => {
                kinds::PLACE_INSIDE.problem().with("place", place).with("lake", lake)
            }
            KeepError::NoBackup { place, is_begun } => {
                let kind = if *is_begun { &kinds::BACKUP_UNFINISHED } else { &kinds::NO_BACKUP };
                kind.problem().with("place", place)
            }
            KeepError::Newer { place, found, supported } => {
                let problem = kinds::BACKUP_TOO_NEW.problem().with("place", place);
                problem.with("found", found).with("supported", supported)
            }
            KeepError::Damaged { place, cause } => {
                kinds::BACKUP_DAMAGED.problem().with("place", place).with("cause", cause)
            }
            KeepError::File { file, cause } => {
                kinds::FILE_FAILED.problem().with("cause", cause).in_file(file)
            }
        }
    }
}
