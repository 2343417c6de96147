//! The stages that opportunities went through, as their versions show them.
//!
//! Each version of an opportunity that is in another stage than the one before makes a row. It
//! entered a closing stage when it was closed; its first stage when it was created or later; any other
//! before the file came in, since nobody said when. Which of these holds is among the row's
//! attributes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use clientele_engine::arrow::array::{
    Array, ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt32Array,
};
use clientele_engine::arrow::compute::take_record_batch;
use clientele_engine::{DataFile, Transaction};
use clientele_model::BatchId;

use super::super::batches::{BatchInfo, number};
use super::super::error::ImportError;
use super::super::lake_rows::{LakeReader, longs, text_at, texts};
use super::super::records::{AFTER_CREATION, BEFORE_IMPORT, MADE_STAGE};
use super::super::tables::{OPPORTUNITIES, OPPORTUNITY_STAGES};
use super::text_column::with_texts;
use super::{Ids, add_rows, without};

/// Of a version that closes: the stage was entered at that time, which is that of the closing.
const AT_CLOSING: &str = "{\"from\":\"opportunities\",\"entered\":\"at closing\"}";

const OPPORTUNITY_IDS: Ids = Ids::Column("opportunity_id");

/// The stage of each opportunity before, by the hash of its id.
pub type Before = HashMap<u128, String>;

/// Notes the stages of versions that are replaced.
pub fn note(rows: &RecordBatch, before: &mut Before) -> Result<(), ImportError> {
    let stages = texts(rows, "stage")?;
    let hashes = OPPORTUNITY_IDS.hashes(rows)?.into_iter().enumerate();
    before.extend(hashes.map(|(row, hash)| (hash, text_at(&stages, row).to_owned())));
    Ok(())
}

/// Adds the stages of a batch's opportunities.
pub async fn record(
    transaction: &mut Transaction,
    reader: &LakeReader,
    files: &[(&'static str, DataFile)],
    before: &Before,
    info: &BatchInfo,
) -> Result<(), ImportError> {
    let imported = info.imported_at.and_utc().timestamp_micros();
    for (table, file) in files {
        if *table != OPPORTUNITIES {
            continue;
        }
        let rows = reader.collect(OPPORTUNITIES, std::slice::from_ref(file), "*", "").await?;
        let mut made = Vec::new();
        for rows in &rows {
            let versions = Versions::new(rows)?;
            let hashes = OPPORTUNITY_IDS.hashes(rows)?;
            let entered =
                |row: usize| versions.entered(row, before.get(&hashes[row]).map(String::as_str), imported);
            let picked: Vec<Entry> = (0..rows.num_rows()).filter_map(entered).collect();
            made.extend(make(rows, &picked, None)?);
        }
        add_rows(transaction, OPPORTUNITY_STAGES, &made)?;
    }
    Ok(())
}

/// Tells the stages of some opportunities again, without a batch. `told` are their versions: the
/// row, the batch it belongs to now and the batch that replaced it. `imported` has the time of
/// each batch.
pub async fn retell(
    transaction: &mut Transaction,
    reader: &LakeReader,
    batch: &BatchId,
    rows: Option<&RecordBatch>,
    told: &[(usize, &str, &str)],
    imported: &BTreeMap<String, i64>,
) -> Result<(), ImportError> {
    let is_own = |file: &DataFile| file.partitions.get("batch").is_some_and(|b| b == batch.as_str());
    let (own, others): (Vec<_>, Vec<_>) =
        reader.files(OPPORTUNITY_STAGES).await?.into_iter().partition(is_own);
    transaction.remove(OPPORTUNITY_STAGES, own)?;
    let Some(rows) = rows else { return Ok(()) };
    let hashes = OPPORTUNITY_IDS.hashes(rows)?;
    let mut histories: BTreeMap<u128, Vec<(usize, &str)>> =
        hashes.iter().map(|hash| (*hash, Vec::new())).collect();
    for (version, home, _) in told {
        histories.entry(hashes[*version]).or_default().push((*version, home));
    }
    let is_out = |hash: u128| histories.contains_key(&hash);
    let moved = without(transaction, reader, OPPORTUNITY_STAGES, &others, OPPORTUNITY_IDS, &is_out).await?;
    for rows in &moved.rows {
        let attributes = texts(rows, "attributes")?;
        let is_read = |row: &u32| !text_at(&attributes, *row as usize).starts_with(MADE_STAGE);
        let read: Vec<u32> = (0..rows.num_rows() as u32).filter(is_read).collect();
        if !read.is_empty() {
            add_rows(transaction, OPPORTUNITY_STAGES, &[take_record_batch(rows, &UInt32Array::from(read))?])?;
        }
    }
    let versions = Versions::new(rows)?;
    let (mut picked, mut homes) = (Vec::new(), Vec::new());
    for history in histories.values_mut() {
        history.sort_by_key(|(_, home)| number(&BatchId::new(*home)));
        let mut before = None;
        for (version, home) in history.iter() {
            let imported = imported.get(*home).copied().unwrap_or_default();
            if let Some(entered) = versions.entered(*version, before, imported) {
                picked.push(entered);
                homes.push(*home);
            }
            before = Some(text_at(&versions.stages, *version));
        }
    }
    if let Some(made) = make(rows, &picked, Some(homes))? {
        add_rows(transaction, OPPORTUNITY_STAGES, &[made])?;
    }
    Ok(())
}

/// What versions of opportunities say of their stage.
struct Versions {
    stages: StringArray,
    outcomes: StringArray,
    created: Int64Array,
    closed: Int64Array,
}

/// That a version is in another stage than the one before.
struct Entry {
    /// The version's row.
    row: u32,
    /// When it entered the stage, in microseconds.
    at: i64,
    /// How sure the time is.
    attributes: &'static str,
}

impl Versions {
    fn new(rows: &RecordBatch) -> Result<Self, ImportError> {
        Ok(Versions {
            stages: texts(rows, "stage")?,
            outcomes: texts(rows, "outcome")?,
            created: longs(rows, "created_at")?,
            closed: longs(rows, "closed_at")?,
        })
    }

    /// When a version entered its stage; `None` when the version before was in it already.
    fn entered(&self, row: usize, before: Option<&str>, imported: i64) -> Option<Entry> {
        let stage = text_at(&self.stages, row);
        let is_closed = matches!(text_at(&self.outcomes, row), "won" | "lost") && self.closed.is_valid(row);
        let (at, how) = match before {
            Some(before) if before == stage => return None,
            _ if is_closed => (self.closed.value(row), AT_CLOSING),
            None => (self.created.value(row), AFTER_CREATION),
            Some(_) => (imported, BEFORE_IMPORT),
        };
        Some(Entry { row: row as u32, at, attributes: how })
    }
}

/// Rows of stages for some versions, each with the time of its stage.
fn make(
    rows: &RecordBatch,
    picked: &[Entry],
    homes: Option<Vec<&str>>,
) -> Result<Option<RecordBatch>, ImportError> {
    if picked.is_empty() {
        return Ok(None);
    }
    let places: UInt32Array = picked.iter().map(|entry| entry.row).collect();
    let part = take_record_batch(rows, &places)?;
    let column = |name: &'static str| -> Result<(&'static str, ArrayRef, bool), ImportError> {
        let array = part.column_by_name(name).cloned().ok_or_else(|| ImportError::Lake {
            table: OPPORTUNITIES,
            cause: format!("the column {name} is missing"),
        })?;
        Ok((name, array, true))
    };
    let entered: ArrayRef =
        Arc::new(TimestampMicrosecondArray::from_iter_values(picked.iter().map(|entry| entry.at)));
    let made = RecordBatch::try_from_iter_with_nullable([
        column("bucket")?,
        column("batch")?,
        column("customer_key")?,
        column("source")?,
        column("customer_id")?,
        column("opportunity_id")?,
        column("stage")?,
        ("entered_at", entered, true),
        column("probability")?,
    ])?;
    let attributes = picked.iter().map(|entry| entry.attributes).collect();
    let made = with_texts(&made, "attributes", attributes)?;
    match homes {
        Some(homes) => Ok(Some(with_texts(&made, "batch", homes)?)),
        None => Ok(Some(made)),
    }
}
