//! What was brought in.

use clientele_pipeline::collect::quarantine::QuarantinedRow;
use clientele_pipeline::collect::{BatchInfo, BatchReport};
use serde::Serialize;

/// What `batches` answers.
#[derive(Debug, Serialize)]
pub struct Batches {
    pub batches: Vec<BatchInfo>,
}

/// What `import` answers: a report a batch.
#[derive(Debug, Serialize)]
pub struct Imported<'a> {
    pub batches: &'a [BatchReport],
}

/// What `quarantine list` answers.
#[derive(Debug, Serialize)]
pub struct Quarantine {
    pub rows: Vec<QuarantinedRow>,
}
