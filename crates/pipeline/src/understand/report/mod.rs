//! The report: one page that shows what a run says, complete in itself.
//!
//! ```text
//! RunView ─ data ─▶ rows in memory ─ sections ─▶ headings, sentences, charts, tables: a Page ─▶ HTML
//! ```
//!
//! The page needs no network, no script and no font of its own. It depends on the run and the
//! language only: the same run gives the same bytes, but for the sentence that the data have changed since.

mod data;
mod numbers;
mod sections;

use std::path::Path;

use clientele_engine::EngineError;
use clientele_model::problem::kinds::questions as kinds;
use clientele_model::{Language, Problem};
use clientele_report::{Page, RenderError};
use thiserror::Error;

use super::view::{RunView, ViewError};

/// Why a report cannot be written.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum ReportError {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Page(#[from] RenderError),
    Document(#[from] serde_json::Error),
}

impl ReportError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            ReportError::View(error) => error.problem(),
            ReportError::Engine(error) => error.problem(),
            ReportError::Page(RenderError::Chart(error)) => kinds::CHART.problem().with("cause", error),
            ReportError::Document(error) => kinds::PAGE.problem().with("cause", error),
            ReportError::Page(RenderError::Page(error)) => kinds::PAGE.problem().with("cause", error),
        }
    }
}

/// In what form a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// A page for people.
    Html,
    /// The same as a document, the data behind the drawings included.
    Json,
}

impl ReportFormat {
    /// What the name of a file asks for: JSON where it ends in `.json`, else HTML.
    pub fn of(file: &Path) -> Self {
        let ending = file.extension().map(|ending| ending.eq_ignore_ascii_case("json"));
        if ending == Some(true) { ReportFormat::Json } else { ReportFormat::Html }
    }
}

/// Writes the report of a run.
///
/// # Errors
/// When the run's tables cannot be read.
pub async fn report(view: &RunView, language: Language, format: ReportFormat) -> Result<String, ReportError> {
    let page = page(view, language).await?;
    Ok(match format {
        ReportFormat::Html => clientele_report::html(&page)?,
        ReportFormat::Json => serde_json::to_string_pretty(&page)? + "\n",
    })
}

/// What the report of a run shows.
///
/// # Errors
/// When the run's tables cannot be read.
pub async fn page(view: &RunView, language: Language) -> Result<Page, ReportError> {
    Ok(sections::page(&data::load(view).await?, language))
}
