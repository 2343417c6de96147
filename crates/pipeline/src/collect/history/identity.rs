//! What tells records of a kind apart, in rows of the lake.

use clientele_engine::DataFile;
use clientele_engine::arrow::array::{Array, RecordBatch};
use serde_json::Value;

use super::super::error::ImportError;
use super::super::hash::numbered;
use super::super::lake_rows::{ints, text_at, texts};
use super::super::map::Tally;
use super::super::records::{OCCURRENCE, RecordTable};
use super::content::{contents, record_hash, record_hashes};

/// What tells records apart.
#[derive(Debug, Clone, Copy)]
pub enum Ids {
    /// A column, within a source.
    Column(&'static str),
    /// The id where a fact has one, else what it says.
    Facts(&'static RecordTable),
}

impl Ids {
    /// The hash that stands for each row's record; the same as when the row came in.
    pub fn hashes(self, batch: &RecordBatch) -> Result<Vec<u128>, ImportError> {
        match self {
            Ids::Column(id) => record_hashes(batch, id),
            Ids::Facts(table) => facts(table, batch),
        }
    }

    /// The files that may hold records of a file with such a tally: not those whose ids all come
    /// before or after the file's own.
    pub fn near(self, mut files: Vec<DataFile>, tally: &Tally) -> Vec<DataFile> {
        if let (Ids::Column(column), Some((least, greatest))) = (self, &tally.ids) {
            files.retain(|file| {
                let bound = |bound: Option<Value>| bound.and_then(|id| id.as_str().map(str::to_owned));
                let is_before = bound(file.max(column)).is_some_and(|last| last < *least);
                let is_after = bound(file.min(column)).is_some_and(|first| *greatest < first);
                !is_before && !is_after
            });
        }
        files
    }

    /// The columns that this takes, for a query.
    pub fn columns(self) -> String {
        match self {
            Ids::Column(id) => format!("source, {id}"),
            Ids::Facts(table) => {
                let mut names = vec!["source", "customer_id"];
                names.extend(table.id);
                names.extend(table.identity());
                names.extend(table.repeats().then_some(OCCURRENCE));
                let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
                quoted.join(", ")
            }
        }
    }

    /// The text that stands for a record in `confirmations`: its id, or what else there is.
    pub fn text(self, hash: u128, id: &str) -> String {
        match self {
            Ids::Column(_) => id.to_owned(),
            Ids::Facts(_) => format!("{hash:032x}"),
        }
    }

    /// The hash of a record in `confirmations`.
    pub fn confirmed(self, source: &str, text: &str) -> u128 {
        match self {
            Ids::Column(_) => record_hash(source, text),
            Ids::Facts(_) => u128::from_str_radix(text, 16).unwrap_or_default(),
        }
    }
}

fn facts(table: &RecordTable, batch: &RecordBatch) -> Result<Vec<u128>, ImportError> {
    let customers = record_hashes(batch, "customer_id")?;
    let seeds = |shift: u32| customers.iter().map(|hash| (hash >> shift) as u64).collect();
    let columns = table.identity();
    let (low, high) = (contents(batch, &columns, seeds(0))?, contents(batch, &columns, seeds(64))?);
    let sources = texts(batch, "source")?;
    let ids = table.id.map(|id| texts(batch, id)).transpose()?;
    let occurrences = table.repeats().then(|| ints(batch, OCCURRENCE)).transpose()?;
    let hash = |row: usize| {
        let id = ids.as_ref().map_or("", |ids| text_at(ids, row));
        if !id.is_empty() {
            return record_hash(text_at(&sources, row), id);
        }
        let hash = u128::from(low[row]) | u128::from(high[row]) << 64;
        match &occurrences {
            Some(numbers) if numbers.is_valid(row) => numbered(hash, numbers.value(row).unsigned_abs()),
            _ => hash,
        }
    };
    Ok((0..batch.num_rows()).map(hash).collect())
}
