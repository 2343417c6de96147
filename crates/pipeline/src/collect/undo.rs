//! Taking a batch back.

mod fold;
mod keys;
mod outcome;
mod write;

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use clientele_engine::{DataFile, Transaction};
use clientele_model::BatchId;

use super::batches;
use super::error::ImportError;
use super::history::{Kind, Says};
use super::lake_rows::LakeReader;
use super::tables::{ORDERS, QUARANTINE, SUPERSEDED_ORDERS, schema_of};
use crate::workspace::Workspace;

/// What an undo did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoReport {
    pub batch: BatchId,
    /// The file that the batch came from.
    pub file: String,
    /// Records that went with the batch.
    pub removed: u64,
    /// Of these, those that later batches hold too and that stay with them.
    pub kept: u64,
    /// Earlier versions that came back.
    pub restored: u64,
    /// Customers that nothing refers to any more.
    pub customers_removed: u64,
}

/// Takes a batch back: afterwards the lake's records are as if it had never been imported.
/// `now` is recorded as the time of the undo.
pub async fn undo(
    workspace: &Workspace,
    batch: &BatchId,
    now: NaiveDateTime,
) -> Result<UndoReport, ImportError> {
    let mut transaction = workspace.lake().await?.begin().await?;
    let reader = LakeReader::new(workspace.lake().await?).await?;
    let all = batches::list(&reader).await?;
    let Some(info) = all.iter().find(|info| info.batch == *batch && info.undone_at.is_none()) else {
        transaction.discard().await?;
        return Err(batches::no_such(batch, &all));
    };
    if let Some(settled_at) = info.settled_at {
        transaction.discard().await?;
        return Err(ImportError::Settled {
            batch: batch.clone(),
            imported_on: info.imported_at.date(),
            settled_on: settled_at.date(),
            undo: workspace.settings().keep().undo(),
        });
    }
    let mut report = UndoReport {
        batch: batch.clone(),
        file: info.file.clone(),
        removed: info.report.records,
        kept: 0,
        restored: 0,
        customers_removed: 0,
    };
    let mut first_seen = BTreeMap::new();
    let says = Says::of(&all);
    // A workspace of an earlier release may lack columns.
    for table in [ORDERS, SUPERSEDED_ORDERS].into_iter().filter(|_| info.grain.starts_with("order")) {
        if transaction.has_table(table) {
            let columns: Vec<_> = schema_of(table).fields().iter().map(|f| f.as_ref().clone()).collect();
            transaction.widen_table(table, &columns)?;
        }
    }
    let imported = all
        .iter()
        .map(|info| (info.batch.to_string(), info.imported_at.and_utc().timestamp_micros()))
        .collect();
    for kind in Kind::all().into_iter().filter(|kind| kind.is_of(&info.grain)) {
        let seen = &mut first_seen;
        let done = fold::take_out(&mut transaction, &reader, &kind, batch, &says, &imported, seen).await?;
        report.kept += done.kept;
        report.restored += done.restored;
    }
    report.customers_removed = keys::settle(&mut transaction, &reader, batch, first_seen).await?;
    drop_files(&mut transaction, &reader, QUARANTINE, batch).await?;
    let mut listed = all.clone();
    for info in listed.iter_mut().filter(|info| info.batch == *batch) {
        info.undone_at = Some(now);
    }
    batches::write_all(&mut transaction, &reader, &listed).await?;
    transaction.commit_at(&format!("undo {batch}"), workspace.settings().instant(now)).await?;
    Ok(report)
}

/// Takes all files of a batch out of a table.
async fn drop_files(
    transaction: &mut Transaction,
    reader: &LakeReader,
    table: &'static str,
    batch: &BatchId,
) -> Result<(), ImportError> {
    let (own, _) = split(reader.files(table).await?, batch);
    transaction.remove(table, own)?;
    Ok(())
}

/// The files of a batch, and all others.
fn split(files: Vec<DataFile>, batch: &BatchId) -> (Vec<DataFile>, Vec<DataFile>) {
    files
        .into_iter()
        .partition(|file| file.partitions.get("batch").is_some_and(|value| value == batch.as_str()))
}

/// The tables of a kind: live and superseded, then those of its lines.
fn tables(kind: &Kind) -> Vec<(&'static str, &'static str)> {
    [(kind.live, kind.superseded)].into_iter().chain(kind.lines).collect()
}
