//! Histories without one batch, before they are written.

use std::collections::HashMap;

use clientele_engine::arrow::array::RecordBatch;

use super::super::error::ImportError;
use super::super::history::record_hashes;
use super::super::lake_rows::{text_at, texts};

/// One row of a version, live or superseded, wherever it came from.
pub struct Versions {
    pub rows: Option<RecordBatch>,
    pub hashes: Vec<u128>,
    pub batches: Vec<String>,
    pub contents: Vec<u64>,
}

/// What a history without the batch comes to: rows with the batch they belong to, and with the
/// batch that replaced them, empty for live ones.
#[derive(Default)]
pub struct Outcome {
    pub live: Vec<(usize, String)>,
    pub superseded: Vec<(usize, String, String)>,
    /// Versions made by lines that wait under one of a file of orders: their rows are among the
    /// superseded ones, their lines are live.
    pub under: Vec<(usize, String, String)>,
    /// Live versions of files of orders, and the version of the same order that lines make.
    pub fills: HashMap<usize, usize>,
    /// Live versions that others came before: all of them, oldest first.
    pub told: HashMap<usize, Vec<usize>>,
    /// The version, the batch that confirms it and the batch that holds it.
    pub confirmed: Vec<(usize, String, String)>,
}

/// Where the lines of each version are: by the order's hash and the batch.
pub fn lines_of_versions(lines: &RecordBatch) -> Result<HashMap<(u128, String), Vec<u32>>, ImportError> {
    let owners = texts(lines, "batch")?;
    let mut found: HashMap<(u128, String), Vec<u32>> = HashMap::new();
    for (row, hash) in record_hashes(lines, "order_id")?.into_iter().enumerate() {
        found.entry((hash, text_at(&owners, row).to_owned())).or_default().push(row as u32);
    }
    Ok(found)
}
