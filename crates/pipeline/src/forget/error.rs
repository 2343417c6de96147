//! Why nobody was forgotten.

use std::path::PathBuf;

use clientele_engine::EngineError;
use clientele_engine::arrow::error::ArrowError;
use clientele_model::problem::kinds::people as kinds;
use clientele_model::{Language, Problem, Text};
use thiserror::Error;

use crate::collect::ImportError;
use crate::workspace::WorkspaceError;

/// What can end a forgetting. Nothing has been changed, but for [`EngineError::Unfinished`],
/// [`ForgetError::Left`] and [`ForgetError::Unproven`], which say so.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum ForgetError {
    /// Some of the customers are not known; each with the most similar one that is.
    Unknown { names: Vec<(String, Option<String>)> },
    /// Several sources have a customer of that id.
    Ambiguous { name: String, sources: String, example: String },
    /// Neither names nor a file with any.
    Nobody,
    /// The file of ids cannot be read.
    File { file: PathBuf, cause: String },
    /// The lake has a table of which it is not known whom it is about.
    UnknownTable { table: String },
    /// They are forgotten, but an export that could not be made anew still holds them.
    Left { file: PathBuf, cause: String },
    /// They are forgotten, but what was to be done afterwards failed.
    Unproven { cause: String },
    #[error(transparent)]
    Records(#[from] ImportError),
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<ArrowError> for ForgetError {
    fn from(error: ArrowError) -> Self {
        ImportError::from(error).into()
    }
}

impl ForgetError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            ForgetError::Unknown { names } => {
                kinds::NOBODY_KNOWN.problem().with_text("names", unknown(names))
            }
            ForgetError::Ambiguous { name, sources, example } => {
                let problem = kinds::AMBIGUOUS.problem().with("name", name).with("sources", sources);
                problem.with("example", example)
            }
            ForgetError::Nobody => kinds::NOBODY_NAMED.problem(),
            ForgetError::File { file, cause } => {
                kinds::FILE_OF_IDS.problem().with("file", file.display()).with("cause", cause)
            }
            ForgetError::UnknownTable { table } => kinds::UNKNOWN_TABLE.problem().with("table", table),
            ForgetError::Left { file, cause } => {
                kinds::EXPORT_LEFT.problem().with("file", file.display()).with("cause", cause)
            }
            ForgetError::Unproven { cause } => kinds::UNPROVEN.problem().with("cause", cause),
            ForgetError::Records(error) => error.problem(),
            ForgetError::Workspace(error) => error.problem(),
            ForgetError::Engine(error) => error.problem(),
        }
    }
}

/// How many unknown names are told.
const TOLD: usize = 5;

/// The first of the unknown names, each with the most similar one that is known, and how many more there are.
fn unknown(names: &[(String, Option<String>)]) -> Text {
    let more = names.len().saturating_sub(TOLD);
    let [en, zh] = [Language::En, Language::Zh].map(|language| {
        let told = names.iter().take(TOLD).map(|(name, nearest)| match nearest {
            Some(nearest) => language.pick(
                format!("`{name}` (did you mean `{nearest}`?)"),
                format!("{name}（是不是 {nearest}？）"),
            ),
            None => language.pick(format!("`{name}`"), name.clone()),
        });
        told.collect::<Vec<_>>().join(language.pick(", ", "、"))
    });
    match more {
        0 => Text::new(en, zh),
        more => Text::new(format!("{en} and {more} more"), format!("{zh}等，另有 {more} 个")),
    }
}
