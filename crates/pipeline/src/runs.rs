//! The record of runs: what was computed when, from which data, with which cut points.

pub mod dropped;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDateTime;
use clientele_engine::arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use clientele_engine::arrow::datatypes::{DataType, Field, Schema};
use clientele_engine::{DataFile, EngineError, Lake, Session, Transaction};
use clientele_model::{AsOf, RunId};
use serde::{Deserialize, Serialize};

use crate::classify::cuts::SchemeCuts;
use crate::error::CatalogueError;

/// The tables that runs write, and those of segments, which no run reads; every other table is an input.
pub const RESULTS: [&str; 12] = [
    "runs",
    "dropped_runs",
    "metrics",
    "labels",
    "graph",
    "category_prices",
    "scheme_versions",
    "segments",
    "segment_lists",
    "segment_evaluations",
    "segment_members",
    "segment_moves",
];

/// A refresh that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub id: RunId,
    pub as_of: AsOf,
    /// When it was made, by the clock of whoever asked for it.
    pub made_at: NaiveDateTime,
    /// The lake's generation that it read.
    pub generation: u64,
    /// How many customers it classified; of runs beside the one that a view of some customers looks at, 0.
    pub customers: u64,
    /// The version of every input table.
    pub inputs: BTreeMap<String, u64>,
    /// The version of every metric.
    pub metrics: BTreeMap<String, u32>,
    /// The version and the cut points of every scheme.
    pub schemes: BTreeMap<String, SchemeOfRun>,
}

/// A scheme as a run applied it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SchemeOfRun {
    pub version: u32,
    pub cuts: SchemeCuts,
    /// The fingerprint of its document, which the lake keeps; empty in runs of early releases.
    #[serde(default)]
    pub document: String,
}

impl Run {
    /// The run's place in the sequence, from 1.
    pub fn number(&self) -> u32 {
        number(&self.id)
    }
}

/// A run's place in the sequence, from 1.
pub fn number(run: &RunId) -> u32 {
    run.as_str().trim_start_matches('r').parse().unwrap_or(0)
}

/// The run that a run as of a day follows: of those that looked from that day or an earlier one, and
/// applied the scheme if one is named, the latest. `runs` are in the order in which they were made.
pub fn before<'a>(runs: &'a [Run], as_of: AsOf, scheme: Option<&str>) -> Option<&'a Run> {
    runs.iter()
        .filter(|r| r.as_of <= as_of && scheme.is_none_or(|s| r.schemes.contains_key(s)))
        .max_by_key(|r| r.as_of)
}

fn schema() -> Schema {
    Schema::new(vec![
        Field::new("run", DataType::Utf8, false),
        Field::new("as_of", DataType::Utf8, false),
        Field::new("record", DataType::Utf8, false),
    ])
}

/// Makes the table when it is not there.
pub fn prepare(transaction: &mut Transaction) -> Result<(), EngineError> {
    if !transaction.has_table("runs") {
        transaction.create_table("runs", Arc::new(schema()), &[])?;
    }
    Ok(())
}

/// Adds a run's record.
pub fn append(transaction: &mut Transaction, run: &Run) -> Result<(), CatalogueError> {
    append_all(transaction, &[run])
}

/// Adds the records of runs, as one file.
pub fn append_all(transaction: &mut Transaction, runs: &[&Run]) -> Result<(), CatalogueError> {
    let record = |run: &&Run| serde_json::to_string(run).map_err(|e| CatalogueError::Record(e.to_string()));
    let records = runs.iter().map(record).collect::<Result<Vec<_>, _>>()?;
    let columns: Vec<ArrayRef> = vec![
        Arc::new(runs.iter().map(|run| Some(run.id.as_str())).collect::<StringArray>()),
        Arc::new(runs.iter().map(|run| Some(run.as_of.to_string())).collect::<StringArray>()),
        Arc::new(StringArray::from(records)),
    ];
    let batch = RecordBatch::try_new(Arc::new(schema()), columns)
        .map_err(|e| CatalogueError::Record(e.to_string()))?;
    let mut writer = transaction.writer("runs", &[])?;
    writer.write(&batch)?;
    let file = writer.finish()?;
    transaction.add("runs", vec![file])?;
    Ok(())
}

/// All runs, oldest first.
pub async fn list(lake: &Lake, session: &Session) -> Result<Vec<Run>, CatalogueError> {
    let mut runs = read(&lake.files("runs").await?, session).await?;
    runs.sort_by_key(Run::number);
    Ok(runs)
}

async fn read(files: &[DataFile], session: &Session) -> Result<Vec<Run>, CatalogueError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let session = session.empty()?;
    let schema = Schema::new(vec![Field::new("record", DataType::Utf8, false)]);
    session.register_files("runs", Arc::new(schema), files, &[])?;
    // Runs are few and their records are not worth a trip to a cluster, but one path is simpler.
    let batches = session.sql("SELECT record FROM runs").await?.collect().await?;
    let mut runs = Vec::new();
    for batch in &batches {
        for row in 0..batch.num_rows() {
            let column = batch.column(0);
            let text = match column.as_string_view_opt() {
                Some(views) => views.value(row),
                None => column.as_string::<i32>().value(row),
            };
            let run: Run = serde_json::from_str(text).map_err(|e| CatalogueError::Record(e.to_string()))?;
            runs.push(run);
        }
    }
    Ok(runs)
}

/// The record of runs, kept in memory: only what is new in it is read again.
#[derive(Default)]
pub struct KeptRuns {
    /// The paths of the files that were read.
    files: BTreeSet<String>,
    runs: Arc<Vec<Run>>,
}

impl KeptRuns {
    /// All runs, oldest first.
    pub async fn read(&mut self, lake: &Lake, session: &Session) -> Result<Arc<Vec<Run>>, CatalogueError> {
        let files = lake.files("runs").await?;
        let paths: BTreeSet<String> = files.iter().map(|file| file.path.clone()).collect();
        if paths == self.files {
            return Ok(Arc::clone(&self.runs));
        }
        // Files are never changed; where one is gone, what it held is told by the others.
        let is_more = self.files.is_subset(&paths);
        let is_new = |file: &DataFile| !is_more || !self.files.contains(&file.path);
        let new: Vec<DataFile> = files.into_iter().filter(is_new).collect();
        let mut runs = if is_more { self.runs.to_vec() } else { Vec::new() };
        runs.extend(read(&new, session).await?);
        runs.sort_by_key(Run::number);
        (self.files, self.runs) = (paths, Arc::new(runs));
        Ok(Arc::clone(&self.runs))
    }
}
