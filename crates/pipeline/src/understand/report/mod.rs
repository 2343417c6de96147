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
use clientele_model::Language;
use thiserror::Error;

use super::view::{RunView, ViewError};

/// Why a report cannot be written.
#[derive(Debug, Error)]
pub enum ReportError {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("a chart cannot be drawn: {0}; this is a mistake in the product, please report it")]
    Chart(#[from] charts_rs::Error),
    #[error("the page cannot be put together: {0}; this is a mistake in the product, please report it")]
    Page(#[from] minijinja::Error),
}

impl ReportError {
    /// The message in a language; messages of the engine stay in English.
    pub fn message(&self, language: Language) -> String {
        match (language, self) {
            (Language::En, _) | (_, ReportError::Engine(_)) => self.to_string(),
            (Language::Zh, ReportError::View(error)) => error.message(language),
            (Language::Zh, ReportError::Chart(error)) => {
                format!("图表无法绘制：{error}；这是产品的错误，请反馈")
            }
            (Language::Zh, ReportError::Page(error)) => {
                format!("页面无法生成：{error}；这是产品的错误，请反馈")
            }
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
