//! Runs that were made and are not kept any more.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDateTime;
use clientele_engine::arrow::array::{RecordBatch, StringArray};
use clientele_engine::arrow::datatypes::{DataType, Field, Schema};
use clientele_engine::{EngineError, Lake, Session, Transaction};
use clientele_model::{AsOf, RunId};

use super::Run;
use crate::error::CatalogueError;
use crate::rows::{rows, text};

/// The table of runs that a vacuum has dropped.
pub const DROPPED: &str = "dropped_runs";

const COLUMNS: [&str; 3] = ["run", "as_of", "dropped_at"];
const TIME: &str = "%Y-%m-%dT%H:%M:%S";

/// A run that a vacuum has dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedRun {
    pub id: RunId,
    pub as_of: AsOf,
    /// When it was dropped, by the clock of whoever asked for it.
    pub dropped_at: NaiveDateTime,
}

fn schema() -> Arc<Schema> {
    Arc::new(Schema::new(COLUMNS.map(|name| Field::new(name, DataType::Utf8, false)).to_vec()))
}

/// Notes that runs are dropped.
pub fn note(transaction: &mut Transaction, runs: &[&Run], now: NaiveDateTime) -> Result<(), CatalogueError> {
    if runs.is_empty() {
        return Ok(());
    }
    if !transaction.has_table(DROPPED) {
        transaction.create_table(DROPPED, schema(), &[])?;
    }
    let column =
        |of: &dyn Fn(&Run) -> String| -> StringArray { runs.iter().map(|run| Some(of(run))).collect() };
    let now = now.format(TIME).to_string();
    let columns =
        [column(&|run| run.id.to_string()), column(&|run| run.as_of.to_string()), column(&|_| now.clone())];
    let columns = columns.into_iter().map(|column| Arc::new(column) as _).collect();
    let batch =
        RecordBatch::try_new(schema(), columns).map_err(|error| CatalogueError::Record(error.to_string()))?;
    let mut writer = transaction.writer(DROPPED, &[])?;
    writer.write(&batch)?;
    let file = writer.finish()?;
    transaction.add(DROPPED, vec![file])?;
    Ok(())
}

/// All runs that were dropped, by their number.
pub async fn list(lake: &Lake, session: &Session) -> Result<BTreeMap<u32, DroppedRun>, EngineError> {
    let files = lake.files(DROPPED).await?;
    if files.is_empty() {
        return Ok(BTreeMap::new());
    }
    let session = session.empty()?;
    session.register_files(DROPPED, schema(), &files, &[])?;
    let batches = session.sql("SELECT run, as_of, dropped_at FROM dropped_runs").await?.collect().await?;
    let read = rows(&batches).filter_map(|row| {
        let id = RunId::new(text(&row[0]));
        let as_of = text(&row[1]).parse().ok()?;
        let dropped_at = NaiveDateTime::parse_from_str(&text(&row[2]), TIME).ok()?;
        Some((super::number(&id), DroppedRun { id, as_of, dropped_at }))
    });
    Ok(read.collect())
}
