//! Entering a staged batch into the lake.

use std::collections::HashMap;

use clientele_engine::Transaction;
use clientele_engine::arrow::array::RecordBatch;

use super::super::batches::{self, BatchInfo};
use super::super::error::ImportError;
use super::super::lake_rows::LakeReader;
use super::super::staged::Staged;
use super::super::tables::{BATCHES, CONFIRMATIONS, CUSTOMER_KEYS, OPPORTUNITIES, QUARANTINE};
use super::compare::kind_of;
use super::join::join;
use super::text_column::with_text;
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
