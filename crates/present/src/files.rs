//! Files that were written.

use std::collections::BTreeMap;

use clientele_pipeline::Run;
use clientele_pipeline::act::export::Exported;
use serde::Serialize;

use crate::run::RunReference;

/// What `report` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportFile {
    pub run: RunReference,
    pub file: String,
}

/// What `export` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportFile {
    pub run: RunReference,
    pub file: String,
    pub rows: u64,
    pub columns: usize,
    pub bytes: u64,
}

/// What `quarantine export` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuarantineFile {
    pub batch: String,
    pub file: String,
    pub rows: u64,
}

/// What `generate` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GeneratedFiles {
    pub files: Vec<String>,
    pub customers: u64,
    pub orders: u64,
    /// Order lines.
    pub lines: u64,
    /// Rows of other facts, by table.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, u64>,
    pub bytes: u64,
    /// The day after the last order.
    pub as_of: String,
}

impl ExportFile {
    /// What was exported of a run.
    pub fn new(run: &Run, done: &Exported) -> Self {
        ExportFile {
            run: run.into(),
            file: done.file.display().to_string(),
            rows: done.rows,
            columns: done.columns,
            bytes: done.bytes,
        }
    }
}
