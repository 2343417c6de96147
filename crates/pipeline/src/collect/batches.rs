//! The list of batches.

use std::sync::Arc;

use chrono::NaiveDateTime;
use clientele_engine::Transaction;
use clientele_engine::arrow::array::{
    Array, ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use clientele_engine::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use clientele_model::BatchId;

use super::error::ImportError;
use super::lake_rows::{LakeReader, longs, text_at, texts};
use super::mapping::MappingView;
use super::tables::BATCHES;
use super::values::time::to_datetime;
use crate::clean::QualityReport;
use crate::workspace::Workspace;

/// One import of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchInfo {
    pub batch: BatchId,
    /// The file's name, without its folder.
    pub file: String,
    pub file_bytes: u64,
    /// A fingerprint of the file's bytes.
    pub file_hash: String,
    /// The id of the layout.
    pub layout: String,
    /// The family of the source, as stored in rows.
    pub source: String,
    /// `order`, `order_line` or `customer`.
    pub grain: String,
    pub imported_at: NaiveDateTime,
    /// When the batch was taken back, if it was.
    pub undone_at: Option<NaiveDateTime>,
    /// When the batch was settled, if it was: from then on it cannot be taken back.
    pub settled_at: Option<NaiveDateTime>,
    /// The column names of the file.
    pub header: Vec<String>,
    pub mapping: MappingView,
    pub report: QualityReport,
}

/// All batches, oldest first, those taken back among them.
pub async fn batches(workspace: &Workspace) -> Result<Vec<BatchInfo>, ImportError> {
    let reader = LakeReader::new(workspace.lake().await?).await?;
    list(&reader).await
}

/// See [`batches`].
pub(super) async fn list(reader: &LakeReader) -> Result<Vec<BatchInfo>, ImportError> {
    let mut found = Vec::new();
    for rows in reader.all(BATCHES, "*", "").await? {
        let names =
            ["batch", "file", "file_hash", "layout", "source", "grain", "header", "mapping", "report", "id"];
        let columns = names.iter().map(|name| texts(&rows, name)).collect::<Result<Vec<_>, _>>()?;
        let bytes = longs(&rows, "file_bytes")?;
        let (imported, undone) = (longs(&rows, "imported_at")?, longs(&rows, "undone_at")?);
        let settled = longs(&rows, "settled_at")?;
        for row in 0..rows.num_rows() {
            let text = |column: usize| text_at(&columns[column], row).to_owned();
            let damaged = |cause: String| ImportError::Lake { table: BATCHES, cause };
            let json = |column: usize| text_at(&columns[column], row);
            // Rows that share a file say themselves whose they are: the partition names one batch only.
            let id = if json(9).is_empty() { text(0) } else { text(9) };
            found.push(BatchInfo {
                batch: BatchId::new(id),
                file: text(1),
                file_bytes: u64::try_from(bytes.value(row)).unwrap_or_default(),
                file_hash: text(2),
                layout: text(3),
                source: text(4),
                grain: text(5),
                imported_at: to_datetime(imported.value(row))
                    .ok_or_else(|| damaged("a time is out of range".into()))?,
                undone_at: undone.is_valid(row).then(|| to_datetime(undone.value(row))).flatten(),
                settled_at: settled.is_valid(row).then(|| to_datetime(settled.value(row))).flatten(),
                header: serde_json::from_str(json(6)).map_err(|e| damaged(e.to_string()))?,
                mapping: serde_json::from_str(json(7)).map_err(|e| damaged(e.to_string()))?,
                report: serde_json::from_str(json(8)).map_err(|e| damaged(e.to_string()))?,
            });
        }
    }
    found.sort_by_key(|b| number(&b.batch));
    Ok(found)
}

/// The number in a batch's id.
pub(super) fn number(batch: &BatchId) -> u32 {
    batch.as_str().trim_start_matches('b').parse().unwrap_or(0)
}

/// The id that follows all given ones. Ids of batches taken back are not given again.
pub(super) fn next_id(known: &[BatchInfo]) -> BatchId {
    let last = known.iter().map(|info| number(&info.batch)).max().unwrap_or(0);
    BatchId::new(format!("b{:04}", last + 1))
}

/// The error for a batch that is not among them, or not any more.
pub(super) fn no_such(batch: &BatchId, all: &[BatchInfo]) -> ImportError {
    let there = all.iter().filter(|info| info.undone_at.is_none());
    let known = there.map(|info| info.batch.to_string()).collect();
    ImportError::NoSuchBatch { batch: batch.clone(), known }
}

/// Writes the rows of all batches as one file, in the place of those that there are: each import adds
/// a file, and whoever looks at the list reads them all.
pub(super) async fn write_all(
    transaction: &mut Transaction,
    reader: &LakeReader,
    all: &[BatchInfo],
) -> Result<(), ImportError> {
    let Some(first) = all.first() else { return Ok(()) };
    transaction.widen_table(BATCHES, &[id_field(), settled_field()])?;
    let mut writer = transaction.writer(BATCHES, &[("batch", first.batch.as_str())])?;
    for info in all {
        let rows = row(info)?;
        let at = info.settled_at.map(|at| at.and_utc().timestamp_micros());
        let mut fields = rows.schema().fields().to_vec();
        fields.extend([Arc::new(id_field()), Arc::new(settled_field())]);
        let mut columns = rows.columns().to_vec();
        columns.push(Arc::new(StringArray::from(vec![info.batch.as_str()])));
        columns.push(Arc::new(TimestampMicrosecondArray::from(vec![at])));
        writer.write(&RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)?;
    }
    let written = writer.finish()?;
    transaction.remove(BATCHES, reader.files(BATCHES).await?)?;
    transaction.add(BATCHES, vec![written])?;
    Ok(())
}

fn id_field() -> Field {
    Field::new("id", DataType::Utf8, true)
}

fn settled_field() -> Field {
    Field::new("settled_at", DataType::Timestamp(TimeUnit::Microsecond, None), true)
}

/// The row that the lake keeps of a batch.
pub(super) fn row(info: &BatchInfo) -> Result<RecordBatch, ImportError> {
    let text = |value: String| -> ArrayRef { Arc::new(StringArray::from(vec![value])) };
    let count = |value: u64| -> ArrayRef {
        Arc::new(Int64Array::from(vec![i64::try_from(value).unwrap_or(i64::MAX)]))
    };
    let time = |value: Option<NaiveDateTime>| -> ArrayRef {
        let micros = value.map(|time| time.and_utc().timestamp_micros());
        Arc::new(TimestampMicrosecondArray::from(vec![micros]))
    };
    let report = &info.report;
    Ok(RecordBatch::try_from_iter_with_nullable([
        ("file", text(info.file.clone()), true),
        ("file_bytes", count(info.file_bytes), true),
        ("file_hash", text(info.file_hash.clone()), true),
        ("layout", text(info.layout.clone()), true),
        ("source", text(info.source.clone()), true),
        ("grain", text(info.grain.clone()), true),
        ("imported_at", time(Some(info.imported_at)), true),
        ("undone_at", time(info.undone_at), true),
        ("rows_read", count(report.rows_read), true),
        ("accepted", count(report.accepted), true),
        ("changed", count(report.changed), true),
        ("rejected", count(report.rejected), true),
        ("unchanged", count(report.unchanged), true),
        ("duplicates", count(report.duplicates), true),
        ("records", count(report.records), true),
        ("updated", count(report.updated), true),
        ("header", text(serde_json::to_string(&info.header)?), true),
        ("mapping", text(serde_json::to_string(&info.mapping)?), true),
        ("report", text(serde_json::to_string(report)?), true),
    ])?)
}
