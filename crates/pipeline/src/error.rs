//! What can keep any stage from its start.

use clientele_engine::EngineError;
use clientele_model::Language;
use clientele_model::spec::SpecError;
use thiserror::Error;

use crate::library::LibraryError;
use crate::workspace::WorkspaceError;

/// Why a catalogue, or something else that every stage starts from, cannot be had.
#[derive(Debug, Error)]
pub enum CatalogueError {
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Spec(#[from] SpecError),
    #[error(transparent)]
    Library(#[from] LibraryError),
    #[error("there is no scheme `{name}`; {}", nearest.as_ref().map_or_else(|| "see `clientele schemes list`".to_owned(), |n| format!("did you mean `{n}`?")))]
    UnknownScheme { name: String, nearest: Option<String> },
    #[error("there is no metric `{name}`; {}", nearest.as_ref().map_or_else(|| "see `clientele metrics list`".to_owned(), |n| format!("did you mean `{n}`?")))]
    UnknownMetric { name: String, nearest: Option<String> },
    #[error("the record of runs cannot be read: {0}; the lake was changed by another program")]
    Record(String),
}

impl CatalogueError {
    /// The message in a language; messages of the engine stay in English.
    pub fn message(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        match self {
            CatalogueError::Workspace(error) => error.message(language),
            CatalogueError::Engine(error) => error.to_string(),
            CatalogueError::Spec(error) => error.message(language),
            CatalogueError::Library(error) => error.message(language),
            CatalogueError::UnknownScheme { name, nearest } => {
                let hint = nearest.as_ref().map(|n| format!("是不是 {n}？"));
                format!("没有分层方案 {name}；{}", hint.unwrap_or("可用 clientele schemes list 查看".into()))
            }
            CatalogueError::UnknownMetric { name, nearest } => {
                let hint = nearest.as_ref().map(|n| format!("是不是 {n}？"));
                format!("没有指标 {name}；{}", hint.unwrap_or("可用 clientele metrics list 查看".into()))
            }
            CatalogueError::Record(cause) => {
                format!("无法读取刷新记录：{cause}；数据湖被其他程序改动过")
            }
        }
    }
}
