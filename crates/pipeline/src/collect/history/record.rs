//! Entering a staged batch into the lake.

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
use super::{Says, add_rows, stages, without};

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
    let mut replaced = Vec::new();
    if kind.lines.is_some() && !(updated.is_empty() && joined.is_empty()) {
        let earlier = batches::list(reader).await?;
        let says = Says::of(earlier.iter().chain([info]));
        files = join(transaction, reader, staged, &says, info.batch.as_str()).await?;
    } else if !updated.is_empty() {
        let is_out = |hash: u128| updated.contains(&hash);
        let live = reader.files(kind.live).await?;
        let moved = without(transaction, reader, kind.live, &live, kind.ids, &is_out).await?;
        replaced.clone_from(&moved.rows);
        let rows = moved.rows.iter().map(|rows| with_text(rows, "superseded_by", info.batch.as_str()));
        add_rows(transaction, kind.superseded, &rows.collect::<Result<Vec<_>, _>>()?)?;
    }
    if kind.live == OPPORTUNITIES {
        stages::record(transaction, reader, &files, &replaced, info).await?;
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
    confirm(transaction, staged, kind.name, info)?;
    let mut writer = transaction.writer(BATCHES, &batch)?;
    writer.write(&batches::row(info)?)?;
    let written = writer.finish()?;
    transaction.add(BATCHES, vec![written])?;
    Ok(())
}

/// How many confirmations are put together at a time.
const PIECE: usize = 1 << 16;

/// Notes the records that the batch holds as earlier batches hold them.
fn confirm(
    transaction: &mut Transaction,
    staged: &Staged,
    kind: &str,
    info: &BatchInfo,
) -> Result<(), ImportError> {
    let passed = &staged.passed;
    if passed.confirmed.is_empty() && passed.confirmed_facts.is_empty() {
        return Ok(());
    }
    let mut writer = transaction.writer(CONFIRMATIONS, &[("batch", info.batch.as_str())])?;
    let text = |values: Vec<&str>| -> ArrayRef { Arc::new(StringArray::from(values)) };
    let holder = |at: u32| staged.known.batches.get(at as usize).map_or("", String::as_str);
    let mut write = |ids: Vec<&str>, holders: Vec<&str>| -> Result<(), ImportError> {
        let rows = RecordBatch::try_from_iter_with_nullable([
            ("kind", text(vec![kind; ids.len()]), true),
            ("source", text(vec![info.source.as_str(); ids.len()]), true),
            ("id", text(ids), true),
            ("confirms", text(holders), true),
        ])?;
        Ok(writer.write(&rows)?)
    };
    for piece in passed.confirmed.chunks(PIECE) {
        let ids = piece.iter().map(|(id, _)| id.as_str()).collect();
        write(ids, piece.iter().map(|(_, at)| holder(*at)).collect())?;
    }
    for piece in passed.confirmed_facts.chunks(PIECE) {
        let ids: Vec<String> = piece.iter().map(|(hash, _)| format!("{hash:032x}")).collect();
        let ids = ids.iter().map(String::as_str).collect();
        write(ids, piece.iter().map(|(_, at)| holder(*at)).collect())?;
    }
    let written = writer.finish()?;
    transaction.add(CONFIRMATIONS, vec![written])?;
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
