//! Files of orders and files of their lines say different things about the same orders.
//!
//! The live row of an order is that of the newest file of orders; where there is none, the row
//! that its lines add up to. What a file of orders has no column for is filled from older files of orders, and what none
//! of them has from its lines.
//! The lines are those of the newest file of lines, whatever files of orders come after. So it
//! does not matter which of the two comes first. While a file of orders gives the live row, the
//! row that the lines make waits among the superseded rows, superseded by that file's batch.

use std::collections::HashMap;

use clientele_engine::arrow::array::{RecordBatch, UInt32Array};
use clientele_engine::arrow::compute::take_record_batch;
use clientele_engine::{DataFile, Transaction};
use clientele_model::BatchId;
use clientele_model::spec::source::Grain;

use super::super::batches::number;
use super::super::error::ImportError;
use super::super::lake_rows::{LakeReader, text_at, texts};
use super::super::staged::Staged;
use super::super::tables::{ORDER_LINES, ORDERS, SUPERSEDED_ORDER_LINES, SUPERSEDED_ORDERS};
use super::rewrite::{Waiting, add_rows, joined, take_out, without};
use super::text_column::{with_text, with_texts};
use super::{Ids, Says, record_hashes};

const ORDER_IDS: Ids = Ids::Column("order_id");

/// Moves what the orders of a batch replace, and joins them with what the other kind of file
/// says. Gives the files of the batch that are to be added as they are.
pub async fn join(
    transaction: &mut Transaction,
    reader: &LakeReader,
    staged: &Staged,
    says: &Says,
    batch: &str,
) -> Result<Vec<(&'static str, DataFile)>, ImportError> {
    let passed = &staged.passed;
    let of_lines = staged.cx.layout.grain == Grain::OrderLine;
    let is_updated = |hash: u128| passed.updated.contains(&hash);
    let is_joined = |hash: u128| passed.joined.contains(&hash);
    let is_touched = |hash: u128| is_updated(hash) || is_joined(hash);
    // Where a file of orders lacks a column, the new rows need the old ones.
    let lacks_some = !of_lines && says.lacks_some(batch);
    let is_waiting = |hash: u128| is_joined(hash) || (lacks_some && is_updated(hash));
    let mut superseded = Waiting::new(SUPERSEDED_ORDERS);
    let mut live = Vec::new();
    // Orders of which one kind of file speaks go as they come; only those that are filled, or fill others, wait.
    let mut sort = |transaction: &mut Transaction, rows: RecordBatch| -> Result<(), ImportError> {
        let hashes = record_hashes(&rows, "order_id")?;
        let (mut waiting, mut alone) = (Vec::new(), Vec::new());
        part(&rows, |row| is_waiting(hashes[row as usize]), &mut waiting, &mut alone)?;
        for rows in waiting {
            live.push(with_text(&rows, "superseded_by", "")?);
        }
        for rows in alone {
            superseded.push(transaction, with_text(&says.own(&rows)?, "superseded_by", batch)?)?;
        }
        Ok(())
    };
    let files = reader.files(ORDERS).await?;
    take_out(transaction, reader, ORDERS, &files, ORDER_IDS, &is_touched, &mut sort).await?;
    let (mine, others) = split(&live, |owner, _| says.is_lines(owner) == of_lines)?;
    let old = reader.files(SUPERSEDED_ORDERS).await?;
    let old = match passed.joined.is_empty() {
        true => Vec::new(),
        false => without(transaction, reader, SUPERSEDED_ORDERS, &old, ORDER_IDS, &is_joined).await?.rows,
    };
    let (under, old) = split(&old, |owner, by| says.is_under(owner, by))?;
    // Older files of orders say what a newer one has no column for, whatever lines come.
    let mut older = Vec::new();
    for rows in old {
        if of_lines {
            let (of_orders, _) = split(std::slice::from_ref(&rows), |owner, _| !says.is_lines(owner))?;
            older.extend(of_orders);
        }
        superseded.push(transaction, rows)?;
    }
    for rows in &mine {
        superseded.push(transaction, with_text(&says.own(rows)?, "superseded_by", batch)?)?;
    }
    let mut untouched = Vec::new();
    if of_lines {
        if !passed.updated.is_empty() {
            let files = reader.files(ORDER_LINES).await?;
            let mut lines = Waiting::new(SUPERSEDED_ORDER_LINES);
            let mut take = |transaction: &mut Transaction, rows: RecordBatch| {
                lines.push(transaction, with_text(&rows, "superseded_by", batch)?)
            };
            take_out(transaction, reader, ORDER_LINES, &files, ORDER_IDS, &is_updated, &mut take).await?;
            lines.finish(transaction)?;
        }
        for rows in &under {
            superseded.push(transaction, with_text(rows, "superseded_by", batch)?)?;
        }
        let upper = joined(&others)?;
        let places = places(upper.as_ref())?;
        let mut lower = Vec::new();
        for (table, file) in &passed.files {
            let (new, rest) = staged_rows(reader, table, file, &is_joined).await?;
            if new.is_empty() {
                untouched.push((*table, file.clone()));
                continue;
            }
            add_rows(transaction, ORDERS, &rest)?;
            lower.extend(new);
        }
        if let (Some(upper), Some(lower)) = (upper, joined(&lower)?) {
            let owners = texts(&upper, "batch")?;
            let by = |hash: &u128| places.get(hash).map_or("", |at| text_at(&owners, *at));
            let hashes = record_hashes(&lower, "order_id")?;
            let lower_rows = with_texts(&lower, "superseded_by", hashes.iter().map(by).collect())?;
            superseded.push(transaction, lower_rows)?;
            let at = partners(&upper, Some(&lower))?;
            let (versions, sequences) = oldest_first(&says.own(&upper)?, &older)?;
            let filled = says.told(&versions, &sequences, Some(&lower), |order| at[order])?;
            add_rows(transaction, ORDERS, &[without_column(&filled, "superseded_by")?])?;
        }
    } else {
        let lower: Vec<RecordBatch> = others.into_iter().chain(under).collect();
        for rows in &lower {
            superseded.push(transaction, with_text(rows, "superseded_by", batch)?)?;
        }
        // The row that an older file of orders gave has what the lines tell in it; it comes last, so it is found.
        let lower: Vec<RecordBatch> = lower.into_iter().chain(mine).collect();
        let lower = joined(&lower)?;
        for (table, file) in &passed.files {
            let (new, rest) = staged_rows(reader, table, file, &is_waiting).await?;
            if new.is_empty() {
                untouched.push((*table, file.clone()));
                continue;
            }
            let mut rows = rest;
            for new in new {
                let at = partners(&new, lower.as_ref())?;
                rows.push(says.filled(&new, lower.as_ref(), |row| at[row])?);
            }
            add_rows(transaction, ORDERS, &rows)?;
        }
    }
    superseded.finish(transaction)?;
    Ok(untouched)
}

/// Rows of which the batch and the one that superseded them are such, and the others.
fn split(
    rows: &[RecordBatch],
    is_such: impl Fn(&str, &str) -> bool,
) -> Result<(Vec<RecordBatch>, Vec<RecordBatch>), ImportError> {
    let (mut such, mut others) = (Vec::new(), Vec::new());
    for rows in rows {
        let (owners, by) = (texts(rows, "batch")?, texts(rows, "superseded_by")?);
        let is_such = |row: u32| is_such(text_at(&owners, row as usize), text_at(&by, row as usize));
        part(rows, is_such, &mut such, &mut others)?;
    }
    Ok((such, others))
}

fn part(
    rows: &RecordBatch,
    is_such: impl Fn(u32) -> bool,
    such: &mut Vec<RecordBatch>,
    others: &mut Vec<RecordBatch>,
) -> Result<(), ImportError> {
    let (yes, no): (Vec<u32>, Vec<u32>) = (0..rows.num_rows() as u32).partition(|row| is_such(*row));
    for (places, out) in [(yes, such), (no, others)] {
        if !places.is_empty() {
            out.push(take_record_batch(rows, &UInt32Array::from(places))?);
        }
    }
    Ok(())
}

/// Rows of orders that the batch has staged: those to be joined, and the rest of their file.
async fn staged_rows(
    reader: &LakeReader,
    table: &str,
    file: &DataFile,
    is_joined: &(dyn Fn(u128) -> bool + Sync),
) -> Result<(Vec<RecordBatch>, Vec<RecordBatch>), ImportError> {
    let (mut new, mut rest) = (Vec::new(), Vec::new());
    if table != ORDERS {
        return Ok((new, rest));
    }
    let files = std::slice::from_ref(file);
    for rows in reader.collect(ORDERS, files, "*", "").await? {
        let hashes = record_hashes(&rows, "order_id")?;
        part(&rows, |row| is_joined(hashes[row as usize]), &mut new, &mut rest)?;
    }
    Ok((new, rest))
}

/// The rows of orders with older versions of theirs: all rows, and for each order where its versions are, oldest first.
fn oldest_first(
    newest: &RecordBatch,
    older: &[RecordBatch],
) -> Result<(RecordBatch, Vec<Vec<usize>>), ImportError> {
    let mut all = vec![newest.clone()];
    all.extend(older.iter().cloned());
    let all = joined(&all)?.unwrap_or_else(|| newest.clone());
    let owners = texts(&all, "batch")?;
    let mut sequences: HashMap<u128, Vec<usize>> = HashMap::new();
    for (row, hash) in record_hashes(&all, "order_id")?.into_iter().enumerate() {
        sequences.entry(hash).or_default().push(row);
    }
    let of = |hash: u128| {
        let mut versions = sequences.get(&hash).cloned().unwrap_or_default();
        versions.sort_by_key(|row| number(&BatchId::new(text_at(&owners, *row))));
        versions
    };
    Ok((all.clone(), record_hashes(newest, "order_id")?.into_iter().map(of).collect()))
}

/// Where each order is in rows; the last of several rows of one counts.
fn places(rows: Option<&RecordBatch>) -> Result<HashMap<u128, usize>, ImportError> {
    let Some(rows) = rows else { return Ok(HashMap::new()) };
    Ok(record_hashes(rows, "order_id")?.into_iter().enumerate().map(|(row, hash)| (hash, row)).collect())
}

/// For each row where the same order is in `lower`.
fn partners(rows: &RecordBatch, lower: Option<&RecordBatch>) -> Result<Vec<Option<usize>>, ImportError> {
    let places = places(lower)?;
    Ok(record_hashes(rows, "order_id")?.iter().map(|hash| places.get(hash).copied()).collect())
}

/// The rows without a column.
pub fn without_column(rows: &RecordBatch, name: &str) -> Result<RecordBatch, ImportError> {
    let schema = rows.schema();
    let left: Vec<usize> = (0..rows.num_columns()).filter(|&i| schema.field(i).name() != name).collect();
    Ok(rows.project(&left)?)
}
