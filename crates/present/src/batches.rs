//! What was brought in.

use chrono::NaiveDateTime;
use clientele_model::Language;
use clientele_model::spec::source::Grain;
use clientele_pipeline::clean::QualityReport;
use clientele_pipeline::collect::quarantine;
use clientele_pipeline::collect::{BatchInfo, BatchOutcome, BatchReport, MappingView, UndoReport};
use serde::Serialize;

/// What `batches` answers: oldest first, those taken back among them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Batches {
    pub batches: Vec<Batch>,
}

/// One import of one file by one layout.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Batch {
    pub batch: String,
    /// The file's name, without its folder.
    pub file: String,
    pub file_bytes: u64,
    /// A fingerprint of the file's bytes.
    pub file_hash: String,
    /// The id of the layout.
    pub layout: String,
    /// The family of the source, as it stands before customers' ids.
    pub source: String,
    /// What its rows are, as `order` or `customer`.
    pub grain: String,
    pub imported_at: NaiveDateTime,
    /// When the batch was taken back, if it was.
    pub undone_at: Option<NaiveDateTime>,
    /// When the batch was settled, if it was: from then on it cannot be taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<NaiveDateTime>,
    /// The column names of the file.
    pub header: Vec<String>,
    /// Which columns fill which fields.
    pub mapping: MappingView,
    pub report: QualityReport,
}

/// What `import` answers: a report a batch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Imported {
    pub batches: Vec<ImportedBatch>,
}

/// What was found out about a file, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportedBatch {
    pub file: String,
    pub outcome: ImportOutcome,
    /// The batch that the file is in the lake as; none on trial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// The layout that it was read by.
    pub layout: String,
    pub grain: Grain,
    /// How sure the layout is, 0 to 1.
    pub sure: f64,
    /// The next best layout, and how sure that would be.
    pub runner_up: Option<(String, f64)>,
    /// What to know about such files.
    pub note: Option<String>,
    pub mapping: MappingView,
    pub report: QualityReport,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    Imported,
    /// The same file is in the lake already; nothing was changed.
    AlreadyImported,
    /// It would be in the lake.
    DryRun,
}

/// What `undo` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undone {
    pub batch: String,
    /// The file that the batch came from.
    pub file: String,
    /// Records that went with the batch.
    pub removed: u64,
    /// Of these, those that later batches hold too and that stay with them.
    pub kept: u64,
    /// Earlier versions that came back.
    pub restored: u64,
    /// Customers that nothing refers to any more.
    pub customers_removed: u64,
}

/// What `quarantine list` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quarantine {
    pub rows: Vec<QuarantinedRow>,
}

/// A row that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuarantinedRow {
    pub batch: String,
    pub file: String,
    /// The data row in the file, from 1.
    pub row: u64,
    /// The id of the rule that it broke.
    pub rule: String,
    /// The field to blame, if one is.
    pub field: Option<String>,
    /// The value as it stands in the file.
    pub value: String,
    /// What is wrong and what to do, in the workspace's language at the time of the import.
    pub message: String,
    /// The row as a JSON object of texts, as it was.
    pub raw: String,
}

impl From<&BatchInfo> for Batch {
    fn from(batch: &BatchInfo) -> Self {
        Batch {
            batch: batch.batch.to_string(),
            file: batch.file.clone(),
            file_bytes: batch.file_bytes,
            file_hash: batch.file_hash.clone(),
            layout: batch.layout.clone(),
            source: batch.source.clone(),
            grain: batch.grain.clone(),
            imported_at: batch.imported_at,
            undone_at: batch.undone_at,
            settled_at: batch.settled_at,
            header: batch.header.clone(),
            mapping: batch.mapping.clone(),
            report: batch.report.clone(),
        }
    }
}

impl ImportedBatch {
    /// What was found out about a file, in a language.
    pub fn new(found: &BatchReport, language: Language) -> Self {
        let (outcome, batch) = match &found.outcome {
            BatchOutcome::Imported { batch } => (ImportOutcome::Imported, Some(batch)),
            BatchOutcome::AlreadyImported { batch } => (ImportOutcome::AlreadyImported, Some(batch)),
            BatchOutcome::DryRun => (ImportOutcome::DryRun, None),
        };
        ImportedBatch {
            file: found.file.display().to_string(),
            outcome,
            batch: batch.map(ToString::to_string),
            layout: found.layout.clone(),
            grain: found.grain,
            sure: found.sure,
            runner_up: found.runner_up.clone(),
            note: found.note.as_ref().map(|(en, zh)| language.pick(en, zh).clone()),
            mapping: found.mapping.clone(),
            report: found.report.clone(),
        }
    }
}

impl From<&UndoReport> for Undone {
    fn from(report: &UndoReport) -> Self {
        Undone {
            batch: report.batch.to_string(),
            file: report.file.clone(),
            removed: report.removed,
            kept: report.kept,
            restored: report.restored,
            customers_removed: report.customers_removed,
        }
    }
}

impl From<&quarantine::QuarantinedRow> for QuarantinedRow {
    fn from(row: &quarantine::QuarantinedRow) -> Self {
        QuarantinedRow {
            batch: row.batch.to_string(),
            file: row.file.clone(),
            row: row.row,
            rule: row.rule.clone(),
            field: row.field.clone(),
            value: row.value.clone(),
            message: row.message.clone(),
            raw: row.raw.clone(),
        }
    }
}
