//! A workspace: a folder with settings, the user's own library and, by default, the lake.

mod keep;
mod settings;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clientele_engine::disk::{self, Draft};
use clientele_engine::{EngineError, Lake, Location};
use clientele_model::problem::kinds::workspace as kinds;
use clientele_model::{Language, Problem, Text};
use thiserror::Error;

pub use keep::{Every, Keep, KeepRuns};
pub use settings::Settings;

/// The file that makes a folder a workspace.
pub const SETTINGS_FILE: &str = "clientele.toml";

/// What is wrong with a workspace.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum WorkspaceError {
    /// The folder has no settings.
    NotAWorkspace(PathBuf),
    /// The folder has settings already.
    Exists(PathBuf),
    /// There is a lake already, with data in it, and it is some workspace's.
    LakeInUse { at: String },
    /// The settings cannot be used.
    Settings { file: PathBuf, line: usize, problem: Text },
    /// The folder cannot be read or written.
    Io { place: PathBuf, cause: std::io::Error },
    /// The lake cannot be opened.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl WorkspaceError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            WorkspaceError::NotAWorkspace(at) => {
                kinds::NOT_A_WORKSPACE.problem().with("folder", at.display()).with("settings", SETTINGS_FILE)
            }
            WorkspaceError::Exists(at) => kinds::EXISTS.problem().with("folder", at.display()),
            WorkspaceError::LakeInUse { at } => {
                kinds::LAKE_IN_USE.problem().with("at", at).with("settings", SETTINGS_FILE)
            }
            WorkspaceError::Settings { file, line, problem } => {
                let place = format!("{}:{line}", file.display());
                kinds::SETTINGS.problem().with_text("problem", problem.clone()).within((place.clone(), place))
            }
            WorkspaceError::Io { place, cause } => {
                kinds::FILE_FAILED.problem().with("cause", cause).in_file(place)
            }
            WorkspaceError::Engine(error) => error.problem(),
        }
    }
}

/// An open workspace.
#[derive(Debug, Clone)]
pub struct Workspace {
    folder: PathBuf,
    settings: Settings,
    location: Location,
    wait: Duration,
}

impl Workspace {
    /// Makes a workspace with an empty lake. The folder is made if need be.
    pub async fn init(folder: &Path, settings: Settings) -> Result<Self, WorkspaceError> {
        let file = folder.join(SETTINGS_FILE);
        if file.exists() {
            return Err(WorkspaceError::Exists(folder.to_owned()));
        }
        disk::create_dir_all(folder)
            .map_err(|cause| WorkspaceError::Io { place: folder.to_owned(), cause })?;
        let location = lake_location(folder, &settings)?;
        let failed = |cause| WorkspaceError::Io { place: file.clone(), cause };
        let draft = Draft::of(&file).map_err(failed)?;
        let is_resumed = draft.is_there();
        if !is_resumed {
            refuse_lake(&location).await?;
        }
        draft.write(settings.to_toml().as_bytes()).map_err(failed)?;
        if let Err(error) = make_lake(&location, is_resumed).await {
            // What lies in the place is somebody else's: the next attempt is not to take it for its own.
            if matches!(
                error,
                WorkspaceError::LakeInUse { .. } | WorkspaceError::Engine(EngineError::Occupied { .. })
            ) {
                draft.discard();
            }
            return Err(error);
        }
        // Last, so that a folder with settings always has a lake.
        draft.publish().map_err(failed)?;
        Ok(Workspace { folder: folder.to_owned(), settings, location, wait: Duration::ZERO })
    }

    /// Opens the workspace in a folder.
    pub async fn open(folder: &Path) -> Result<Self, WorkspaceError> {
        let file = folder.join(SETTINGS_FILE);
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(WorkspaceError::NotAWorkspace(folder.to_owned()));
            }
            Err(cause) => return Err(WorkspaceError::Io { place: file, cause }),
        };
        let settings = Settings::parse(&text).map_err(|(line, problem)| WorkspaceError::Settings {
            file: file.clone(),
            line,
            problem,
        })?;
        let location = lake_location(folder, &settings)?;
        // A lake of a newer release is refused here, before anything is done with it.
        Lake::open(location.clone()).await?;
        Ok(Workspace { folder: folder.to_owned(), settings, location, wait: Duration::ZERO })
    }

    /// The workspace, whose changes wait so long for another writer to end; without this they fail at once.
    #[must_use]
    pub fn waiting(self, wait: Duration) -> Self {
        Workspace { wait, ..self }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The lake as of now. Each call sees what has been committed until then.
    pub async fn lake(&self) -> Result<Lake, EngineError> {
        Ok(Lake::open(self.location.clone()).await?.waiting(self.wait))
    }

    /// The folder of the user's own documents of a kind: `sources`, `metrics`, `schemes`.
    pub fn library(&self, kind: &str) -> PathBuf {
        self.folder.join("library").join(kind)
    }
}

/// Refuses a place that has a lake.
async fn refuse_lake(location: &Location) -> Result<(), WorkspaceError> {
    match Lake::open(location.clone()).await {
        Ok(_) => Err(WorkspaceError::LakeInUse { at: location.to_string() }),
        Err(EngineError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Makes the lake. One that is there and was never used is this workspace's own when settings without
/// a name tell of an `init` that was cut off: they are written only where there is no lake yet.
async fn make_lake(location: &Location, is_resumed: bool) -> Result<(), WorkspaceError> {
    match Lake::create(location.clone()).await {
        Ok(_) => Ok(()),
        Err(EngineError::AlreadyExists { .. }) if is_resumed && is_unused(location).await? => Ok(()),
        Err(EngineError::AlreadyExists { .. }) => Err(WorkspaceError::LakeInUse { at: location.to_string() }),
        Err(error) => Err(error.into()),
    }
}

async fn is_unused(location: &Location) -> Result<bool, EngineError> {
    let lake = Lake::open(location.clone()).await?;
    Ok(lake.snapshot().generation() == 0 && lake.snapshot().tables().next().is_none())
}

/// Where the lake of a workspace in a folder is.
pub(crate) fn lake_location(folder: &Path, settings: &Settings) -> Result<Location, EngineError> {
    if settings.lake.contains("://") {
        Location::parse(&settings.lake)
    } else {
        Location::folder(folder.join(&settings.lake))
    }
}
