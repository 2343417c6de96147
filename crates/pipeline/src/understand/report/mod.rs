//! The report: one page that shows what a run says, complete in itself.
//!
//! ```text
//! RunView ─ data ─▶ rows in memory ─ sections ─▶ headings, sentences, charts, tables ─ render ─▶ HTML
//! ```
//!
//! The page needs no network, no script and no font of its own. It depends on the run and the
//! language only: the same run gives the same bytes, but for the sentence that the data have changed since.

mod charts;
mod data;
mod numbers;
mod page;
mod render;
mod sections;

use clientele_engine::EngineError;
use clientele_model::problem::kinds::questions as kinds;
use clientele_model::{Language, Problem};
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
    Chart(#[from] charts_rs::Error),
    Page(#[from] minijinja::Error),
}

impl ReportError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            ReportError::View(error) => error.problem(),
            ReportError::Engine(error) => error.problem(),
            ReportError::Chart(error) => kinds::CHART.problem().with("cause", error),
            ReportError::Page(error) => kinds::PAGE.problem().with("cause", error),
        }
    }
}

/// Writes the report of a run as one HTML page.
///
/// # Errors
/// When the run's tables cannot be read.
pub async fn report(view: &RunView, language: Language) -> Result<String, ReportError> {
    let data = data::load(view).await?;
    page_of(&data, language)
}

fn page_of(data: &data::ReportData, language: Language) -> Result<String, ReportError> {
    let (frame, sections) = sections::all(data, language)?;
    render::html(&frame, &sections, language)
}
