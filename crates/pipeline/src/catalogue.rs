//! The metrics and schemes that a workspace knows, checked and ready to compute.

use std::collections::BTreeMap;

use clientele_engine::EngineError;
use clientele_model::spec::{Questionnaire, SpecError};
use clientele_model::{Language, MetricId, SchemeId};
use thiserror::Error;

use crate::classify::compile::{Compiled, compile};
use crate::classify::cuts::SchemeCuts;
use crate::classify::registry::SchemeRegistry;
use crate::library::{Shelf, nearest, questionnaires, with_own};
use crate::measure::registry::MetricRegistry;
use crate::workspace::{Workspace, WorkspaceError};

/// Why a catalogue, or something else that every stage starts from, cannot be had.
#[derive(Debug, Error)]
pub enum CatalogueError {
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Spec(#[from] SpecError),
    #[error("the workspace's own library cannot be read: {0}; check its permissions")]
    Library(#[from] std::io::Error),
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
            CatalogueError::Library(cause) => {
                format!("无法读取工作区自己的 library：{cause}；请检查权限")
            }
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

/// The metrics and schemes that a workspace knows.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// Those that questionnaires bring with them are among them.
    pub metrics: MetricRegistry,
    pub schemes: SchemeRegistry,
    /// By id.
    pub questionnaires: BTreeMap<String, Questionnaire>,
}

impl Catalogue {
    /// Reads the built-in library and the workspace's own.
    ///
    /// # Errors
    /// The first document with a mistake, or a folder that cannot be read.
    pub fn load(workspace: Option<&Workspace>) -> Result<Catalogue, CatalogueError> {
        let folder = workspace.map(Workspace::folder);
        let (questionnaires, answers) = questionnaires(&with_own(Shelf::Questionnaires, folder)?)?;
        let documents: Vec<_> = answers.into_iter().chain(with_own(Shelf::Metrics, folder)?).collect();
        let metrics = MetricRegistry::build(&documents)?;
        let schemes = SchemeRegistry::build(&with_own(Shelf::Schemes, folder)?, &metrics)?;
        Ok(Catalogue { metrics, schemes, questionnaires })
    }

    /// Only the named schemes and what they need, with `more` metrics; everything, when no scheme is
    /// named.
    pub fn only(&self, schemes: &[SchemeId], more: &[MetricId]) -> Result<Catalogue, CatalogueError> {
        if schemes.is_empty() {
            return Ok(self.clone());
        }
        for scheme in schemes {
            if self.schemes.get(scheme.as_str()).is_none() {
                return Err(CatalogueError::UnknownScheme {
                    name: scheme.to_string(),
                    nearest: self.schemes.nearest(scheme.as_str()).map(str::to_owned),
                });
            }
        }
        let schemes = self.schemes.only(&schemes.iter().cloned().collect());
        if let Some(unknown) = more.iter().find(|m| self.metrics.get(m).is_none()) {
            return Err(CatalogueError::UnknownMetric {
                name: unknown.to_string(),
                nearest: nearest(unknown.as_str(), self.metrics.ids().into_iter()).map(str::to_owned),
            });
        }
        let wanted = schemes.metrics().into_iter().chain(more.iter().cloned()).collect();
        let metrics = self.metrics.only(&wanted);
        Ok(Catalogue { metrics, schemes, questionnaires: self.questionnaires.clone() })
    }
}

/// Compiles every scheme with its cuts.
pub fn compile_all(catalogue: &Catalogue, cuts: &BTreeMap<SchemeId, SchemeCuts>) -> Vec<Compiled> {
    let units = catalogue.metrics.units();
    let none = SchemeCuts::new();
    catalogue
        .schemes
        .iter()
        .map(|s| compile(&s.spec, cuts.get(&s.spec.id).unwrap_or(&none), &units))
        .collect()
}
