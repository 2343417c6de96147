//! How good the imported data are: the reports that imports keep.

use clientele_engine::EngineError;

use crate::clean::QualityReport;
use crate::understand::rows::{rows, text};
use crate::understand::view::RunView;

/// A batch and its report.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchQuality {
    pub batch: String,
    pub file: String,
    pub source: String,
    pub report: QualityReport,
}

/// The batches that the run read, oldest first; those taken back are left out.
pub async fn batches(view: &RunView) -> Result<Vec<BatchQuality>, EngineError> {
    if !view.has("batches").await? {
        return Ok(Vec::new());
    }
    // Batches that share a file say themselves which they are.
    let schema = view.columns_of("batches").await?;
    let has_id = schema.is_some_and(|schema| schema.field_with_name("id").is_ok());
    let id = if has_id { "COALESCE(id, batch)" } else { "batch" };
    let sql =
        format!("SELECT {id} AS batch, file, source, report FROM batches WHERE undone_at IS NULL ORDER BY 1");
    let batches = view.session.sql(&sql).await?.collect().await?;
    let read = rows(&batches).filter_map(|r| {
        // A report of a later form is left out rather than guessed at.
        let report = serde_json::from_str(&text(&r[3])).ok()?;
        Some(BatchQuality { batch: text(&r[0]), file: text(&r[1]), source: text(&r[2]), report })
    });
    Ok(read.collect())
}
