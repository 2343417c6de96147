//! Entering a staged batch into the lake.

use std::collections::HashMap;
use std::sync::Arc;

use clientele_engine::Transaction;
use clientele_engine::arrow::array::{ArrayRef, RecordBatch, StringArray};
use clientele_engine::arrow::datatypes::{DataType, Field, Schema};

use super::super::batches::{self, BatchInfo};
use super::super::error::ImportError;
use super::super::import::Staged;
use super::super::lake_rows::LakeReader;
use super::super::tables::{BATCHES, CONFIRMATIONS, CUSTOMER_KEYS, OPPORTUNITIES, QUARANTINE};
use super::compare::kind_of;
use super::join::join;
use super::{Says, Waiting, kept, stages, take_out};

/// Adds all that belongs to a batch to the transaction, and moves what it replaces.
pub async fn record(
    transaction: &mut Transaction,
    reader: &LakeReader,
    staged: &Staged,
    info: &BatchInfo,
) -> Result<(), ImportError> {
    let kind = kind_of(&staged.cx);
    let (updated, joined) = (&staged.passed.updated, &staged.passed.joined);
    let mut files = staged.passed.files.clone();
    let mut stages_before = HashMap::new();
    if kind.lines.is_some() && !(updated.is_empty() && joined.is_empty()) {
        let earlier = batches::list(reader).await?;
        let says = Says::of(earlier.iter().chain([info]));
        files = join(transaction, reader, staged, &says, info.batch.as_str()).await?;
    } else if kind.own.is_some() && !updated.is_empty() {
        files = kept::replace(transaction, reader, &kind, staged, info.batch.as_str()).await?;
    } else if !updated.is_empty() {
        let is_out = |hash: u128| updated.contains(&hash);
        let live = reader.files(kind.live).await?;
        let mut superseded = Waiting::new(kind.superseded);
        let mut take = |transaction: &mut Transaction, rows: RecordBatch| {
            if kind.live == OPPORTUNITIES {
                stages::note(&rows, &mut stages_before)?;
            }
            superseded.push(transaction, with_text(&rows, "superseded_by", info.batch.as_str())?)
        };
        take_out(transaction, reader, kind.live, &live, kind.ids, &is_out, &mut take).await?;
        superseded.finish(transaction)?;
    }
    if kind.live == OPPORTUNITIES {
        stages::record(transaction, reader, &files, &stages_before, info).await?;
    }
    for (table, file) in files {
        transaction.add(table, vec![file])?;
    }
    if let Some(file) = &staged.passed.quarantine {
        transaction.add(QUARANTINE, vec![file.clone()])?;
    }
    let batch = [("batch", info.batch.as_str())];
    if staged.keys.new_keys() > 0 {
        let mut writer = transaction.writer(CUSTOMER_KEYS, &batch)?;
        for rows in staged.keys.new_rows(&info.source) {
            writer.write(&rows?)?;
        }
        let written = writer.finish()?;
        transaction.add(CUSTOMER_KEYS, vec![written])?;
    }
    if let Some(file) = &staged.passed.confirmations {
        transaction.add(CONFIRMATIONS, vec![file.clone()])?;
    }
    let mut writer = transaction.writer(BATCHES, &batch)?;
    writer.write(&batches::row(info)?)?;
    let written = writer.finish()?;
    transaction.add(BATCHES, vec![written])?;
    Ok(())
}

/// The rows with a column of one text; a column of that name is replaced.
pub fn with_text(rows: &RecordBatch, name: &str, value: &str) -> Result<RecordBatch, ImportError> {
    with_texts(rows, name, vec![value; rows.num_rows()])
}

/// The rows with a column of texts; a column of that name is replaced.
pub fn with_texts(rows: &RecordBatch, name: &str, values: Vec<&str>) -> Result<RecordBatch, ImportError> {
    let schema = rows.schema();
    let mut fields: Vec<Arc<Field>> = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for (field, column) in schema.fields().iter().zip(rows.columns()) {
        if field.name() != name {
            fields.push(Arc::clone(field));
            columns.push(Arc::clone(column));
        }
    }
    fields.push(Arc::new(Field::new(name, DataType::Utf8, true)));
    columns.push(Arc::new(StringArray::from(values)));
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}
