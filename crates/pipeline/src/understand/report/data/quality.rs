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
    let Some(schema) = view.inputs.schema("batches").await? else { return Ok(Vec::new()) };
    let files = view.inputs.files("batches").await?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let partitions = view.inputs.partition_columns("batches").await?;
    let partitions: Vec<_> = partitions
        .iter()
        .filter_map(|name| Some((name.as_str(), schema.field_with_name(name).ok()?.data_type().clone())))
        .collect();
    view.session.register_files("report_batches", schema.clone(), &files, &partitions)?;
    let sql = "SELECT batch, file, source, report FROM report_batches \
               WHERE undone_at IS NULL ORDER BY batch";
    let batches = view.session.sql(sql).await?.collect().await?;
    view.session.deregister("report_batches")?;
    let read = rows(&batches).filter_map(|r| {
        // A report of a later form is left out rather than guessed at.
        let report = serde_json::from_str(&text(&r[3])).ok()?;
        Some(BatchQuality { batch: text(&r[0]), file: text(&r[1]), source: text(&r[2]), report })
    });
    Ok(read.collect())
}
