//! Taking rows out of data files, and writing rows of several partitions.

use std::collections::BTreeMap;

use clientele_engine::arrow::array::{BooleanArray, RecordBatch, UInt32Array};
use clientele_engine::arrow::compute::SortColumn;
use clientele_engine::arrow::compute::{
    concat_batches, filter_record_batch, lexsort_to_indices, take_record_batch,
};
use clientele_engine::{DataFile, Transaction};

use super::super::error::ImportError;
use super::super::lake_rows::{LakeReader, ints, text_at, texts};
use super::super::records::RecordTable;
use super::super::tables::partitions_of;
use super::Ids;

/// Rows that were taken out of a table, with all their columns.
#[derive(Debug, Default)]
pub struct Moved {
    pub rows: Vec<RecordBatch>,
}

/// Takes the rows of some records out of a table's files, and keeps them in memory.
pub async fn without(
    transaction: &mut Transaction,
    reader: &LakeReader,
    table: &'static str,
    files: &[DataFile],
    ids: Ids,
    is_out: &(dyn Fn(u128) -> bool + Sync),
) -> Result<Moved, ImportError> {
    let mut moved = Moved::default();
    let mut keep = |_: &mut Transaction, rows: RecordBatch| -> Result<(), ImportError> {
        moved.rows.push(rows);
        Ok(())
    };
    take_out(transaction, reader, table, files, ids, is_out, &mut keep).await?;
    Ok(moved)
}

/// What becomes of rows that are taken out.
pub type Take<'t> = dyn FnMut(&mut Transaction, RecordBatch) -> Result<(), ImportError> + Send + 't;

/// Takes the rows of some records out of a table's files and hands them over. A file that holds
/// any is written anew without them; its other rows stay in their order and partition.
pub async fn take_out(
    transaction: &mut Transaction,
    reader: &LakeReader,
    table: &'static str,
    files: &[DataFile],
    ids: Ids,
    is_out: &(dyn Fn(u128) -> bool + Sync),
    take: &mut Take<'_>,
) -> Result<(), ImportError> {
    for file in files {
        if !holds_any(reader, table, file, ids, is_out).await? {
            continue;
        }
        let partitions: Vec<(&str, &str)> =
            file.partitions.iter().map(|(column, value)| (column.as_str(), value.as_str())).collect();
        let mut writer = transaction.writer(table, &partitions)?;
        let one = std::slice::from_ref(file);
        if let Some(mut stream) = reader.stream(table, one, "*", "").await? {
            while let Some(batch) = stream.next().await? {
                let out: BooleanArray =
                    ids.hashes(&batch)?.into_iter().map(|hash| Some(is_out(hash))).collect();
                let kept: BooleanArray = out.iter().map(|out| out.map(|out| !out)).collect();
                writer.write(&filter_record_batch(&batch, &kept)?)?;
                let gone = filter_record_batch(&batch, &out)?;
                if gone.num_rows() > 0 {
                    take(transaction, gone)?;
                }
            }
        }
        transaction.remove(table, vec![file.clone()])?;
        if writer.rows() > 0 {
            let written = writer.finish()?;
            transaction.add(table, vec![written])?;
        }
    }
    Ok(())
}

/// How many bytes of rows wait before they are written.
const WAITING_BYTES: usize = 128 << 20;

/// Rows on their way into a table: written whenever they take too much memory, so that few make
/// one file and many need no more room than a few do.
#[derive(Debug)]
pub struct Waiting {
    table: &'static str,
    rows: Vec<RecordBatch>,
    bytes: usize,
}

impl Waiting {
    /// None yet.
    pub fn new(table: &'static str) -> Self {
        Waiting { table, rows: Vec::new(), bytes: 0 }
    }

    /// Takes rows with all columns of the table in any order.
    pub fn push(&mut self, transaction: &mut Transaction, rows: RecordBatch) -> Result<(), ImportError> {
        self.bytes += rows.get_array_memory_size();
        self.rows.push(rows);
        if self.bytes < WAITING_BYTES { Ok(()) } else { self.write(transaction) }
    }

    /// Writes what is left.
    pub fn finish(mut self, transaction: &mut Transaction) -> Result<(), ImportError> {
        self.write(transaction)
    }

    fn write(&mut self, transaction: &mut Transaction) -> Result<(), ImportError> {
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        match joined(&rows)? {
            Some(rows) => add_rows(transaction, self.table, &[rows]),
            None => Ok(()),
        }
    }
}

async fn holds_any(
    reader: &LakeReader,
    table: &str,
    file: &DataFile,
    ids: Ids,
    is_out: &(dyn Fn(u128) -> bool + Sync),
) -> Result<bool, ImportError> {
    let one = std::slice::from_ref(file);
    let Some(mut stream) = reader.stream(table, one, &ids.columns(), "").await? else { return Ok(false) };
    while let Some(batch) = stream.next().await? {
        if ids.hashes(&batch)?.into_iter().any(is_out) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes rows to a table, a file for each partition, sorted as in all its files. The rows
/// have the partition columns.
pub fn add_rows(
    transaction: &mut Transaction,
    table: &'static str,
    rows: &[RecordBatch],
) -> Result<(), ImportError> {
    let Some(first) = rows.first() else { return Ok(()) };
    let all = concat_batches(&first.schema(), rows)?;
    let names = partitions_of(table);
    let batches = texts(&all, "batch")?;
    let buckets = names.contains(&"bucket").then(|| ints(&all, "bucket")).transpose()?;
    let mut places: BTreeMap<(i32, String), Vec<u32>> = BTreeMap::new();
    for row in 0..all.num_rows() {
        let bucket = buckets.as_ref().map_or(0, |buckets| buckets.value(row));
        places.entry((bucket, text_at(&batches, row).to_owned())).or_default().push(row as u32);
    }
    for ((bucket, batch), rows) in places {
        let bucket = bucket.to_string();
        let mut partitions = vec![("batch", batch.as_str())];
        if buckets.is_some() {
            partitions.insert(0, ("bucket", bucket.as_str()));
        }
        let part = sorted(table, &take_record_batch(&all, &UInt32Array::from(rows))?)?;
        let mut writer = transaction.writer(table, &partitions)?;
        writer.write(&part)?;
        let written = writer.finish()?;
        transaction.add(table, vec![written])?;
    }
    Ok(())
}

fn sorted(table: &str, rows: &RecordBatch) -> Result<RecordBatch, ImportError> {
    let names = match RecordTable::named(table) {
        Some(facts) => ["customer_key", facts.at, facts.id.unwrap_or("source"), "source"],
        None => ["customer_key", "ordered_at", "order_id", "line_no"],
    };
    let columns: Vec<SortColumn> = names
        .iter()
        .filter_map(|name| rows.column_by_name(name))
        .map(|values| SortColumn { values: values.clone(), options: None })
        .collect();
    if columns.is_empty() {
        return Ok(rows.clone());
    }
    let order = lexsort_to_indices(&columns, None)?;
    debug_assert_eq!(order.len(), rows.num_rows());
    Ok(take_record_batch(rows, &order)?)
}

/// All rows in one batch, with the columns of the first in its order.
pub fn joined(rows: &[RecordBatch]) -> Result<Option<RecordBatch>, ImportError> {
    let Some(first) = rows.first() else { return Ok(None) };
    let schema = first.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let mut aligned = Vec::new();
    for rows in rows {
        let columns: Option<Vec<_>> = names.iter().map(|name| rows.column_by_name(name).cloned()).collect();
        let columns = columns.ok_or_else(|| ImportError::Lake {
            table: "of superseded rows",
            cause: "a column is missing".into(),
        })?;
        aligned.push(RecordBatch::try_new(schema.clone(), columns)?);
    }
    Ok(Some(concat_batches(&schema, &aligned)?))
}
