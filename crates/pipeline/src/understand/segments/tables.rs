//! Reading and writing the lake's tables of segments.

use std::sync::Arc;

use chrono::NaiveDateTime;
use clientele_engine::arrow::array::{
    ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use clientele_engine::{EngineError, Lake, Session, Transaction};

use super::SegmentError;
use crate::rows::{Value, rows};
pub use crate::understand::segment_tables::{
    EVALUATIONS, LISTS, MEMBERS, MOVES, SEGMENTS, columns, file_schema, files_of, partitions, schema,
};

/// Makes a table that is not there.
pub fn prepare(transaction: &mut Transaction, table: &str) -> Result<(), EngineError> {
    if transaction.has_table(table) {
        return Ok(());
    }
    transaction.create_table(table, schema(table), partitions(table))
}

/// Adds rows to a table without partitions.
pub fn append(transaction: &mut Transaction, table: &str, batch: &RecordBatch) -> Result<(), EngineError> {
    prepare(transaction, table)?;
    let mut writer = transaction.writer(table, &[])?;
    writer.write(batch)?;
    let file = writer.finish()?;
    transaction.add(table, vec![file])
}

/// Rows of some columns of a table.
pub fn batch<const N: usize>(columns: [(&str, ArrayRef); N]) -> Result<RecordBatch, SegmentError> {
    let columns = columns.map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns).map_err(|error| SegmentError::Record(error.to_string()))
}

/// All rows of some columns of a table without partitions; none when there is no such table.
pub async fn read(lake: &Lake, session: &Session, table: &str) -> Result<Vec<Vec<Value>>, EngineError> {
    let files = lake.files(table).await?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let session = session.empty()?;
    session.register_files(table, schema(table), &files, &[])?;
    let names: Vec<String> = columns(table).iter().map(|(name, _)| crate::quote::ident(name)).collect();
    let sql = format!("SELECT {} FROM {table}", names.join(", "));
    let batches = session.sql(&sql).await?.collect().await?;
    Ok(rows(&batches).collect())
}

/// A column of texts.
pub fn texts<T: AsRef<str>>(values: impl IntoIterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<StringArray>())
}

/// A column of counts.
pub fn counts(values: impl IntoIterator<Item = Option<u64>>) -> ArrayRef {
    let values = values.into_iter().map(|v| v.map(|v| i64::try_from(v).unwrap_or(i64::MAX)));
    Arc::new(values.collect::<Int64Array>())
}

/// A column of times.
pub fn times(values: impl IntoIterator<Item = Option<NaiveDateTime>>) -> ArrayRef {
    let micros = values.into_iter().map(|t| t.map(|t| t.and_utc().timestamp_micros()));
    Arc::new(micros.collect::<TimestampMicrosecondArray>())
}

/// A text of a row, if there is one.
pub fn text(row: &[Value], place: usize) -> Option<String> {
    match row.get(place) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// A count of a row, if there is one.
pub fn count(row: &[Value], place: usize) -> Option<u64> {
    match row.get(place) {
        Some(Value::Int(count)) => u64::try_from(*count).ok(),
        _ => None,
    }
}

/// A time of a row, if there is one.
pub fn time(row: &[Value], place: usize) -> Option<NaiveDateTime> {
    match row.get(place) {
        Some(Value::Time(time)) => Some(*time),
        _ => None,
    }
}
