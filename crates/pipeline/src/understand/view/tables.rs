//! The one door to the tables that questions over a run may read.
//!
//! | name in SQL | what |
//! |---|---|
//! | `metrics`, `labels` | the run's results |
//! | `"labels in buckets"` | its labels, with the bucket of each customer |
//! | [`labels_of`], [`metrics_of`] a run | the labels, the metrics of that run |
//! | `orders`, `customers`, `overrides` … | the records that the run read, by the names of their tables |
//! | [`members_of`] a segment | its members as of an evaluation |
//! | [`moves_of`] a segment | who came and went with an evaluation |
//! | [`list_of`] a list | its rows as of a version |
//! | [`viewed`] | any of these, its texts read without a copy for each row |
//!
//! A name always means the same, so questions that run side by side cannot meet in one.

use std::sync::Arc;

use async_trait::async_trait;
use clientele_engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use clientele_engine::{
    DataFile, EngineError, EngineUrl, Found, FoundTable, Lake, Session, TableSource, with_views,
};
use clientele_model::RunId;

use super::cut::{Cut, CutTables};
use crate::quote::ident;
use crate::results::PARTITIONS;
use crate::runs::RESULTS;
use crate::understand::segments::tables::{LISTS, MEMBERS, MOVES, file_schema, files_of};

/// The labels of the run with the bucket of each customer, as queries name them.
pub const LABELS_IN_BUCKETS: &str = "\"labels in buckets\"";

/// The labels of a run, as queries name them.
pub fn labels_of(run: &RunId) -> String {
    ident(&format!("labels of {run}"))
}

/// The metrics of a run, as queries name them.
pub fn metrics_of(run: &RunId) -> String {
    ident(&format!("metrics of {run}"))
}

/// The members of a segment as of an evaluation, as queries name them.
pub fn members_of(segment: &str, evaluation: u64) -> String {
    ident(&format!("{MEMBERS} of {segment} at {evaluation}"))
}

/// Who came into a segment and left it with an evaluation, as queries name them.
pub fn moves_of(segment: &str, evaluation: u64) -> String {
    ident(&format!("{MOVES} of {segment} at {evaluation}"))
}

/// The rows of an uploaded list as of a version, as queries name them.
pub fn list_of(list: &str, version: u64) -> String {
    ident(&format!("{LISTS} of {list} at {version}"))
}

/// What is put behind a name for texts as views.
const AS_VIEWS: &str = " as views";

/// A table, as queries name it, with texts that are read without a copy for each row. What is not a table's name stays
/// as it is, and so does all on a cluster, whose messages cannot carry views well.
pub fn viewed(session: &Session, table: &str) -> String {
    if *session.engine() != EngineUrl::Local || table.starts_with('(') {
        return table.to_owned();
    }
    let name = table.trim_matches('"').replace("\"\"", "\"");
    ident(&format!("{name}{AS_VIEWS}"))
}

/// The table in the lake that a name, as [`ViewTables`] knows it, leads to.
pub(super) fn base_of(name: &str) -> &str {
    let name = name.strip_suffix(AS_VIEWS).unwrap_or(name);
    match name {
        "labels in buckets" => "labels",
        _ => name.split_once(" of ").map_or(name, |(table, _)| table),
    }
}

/// Finds the tables of a view.
pub struct ViewTables {
    /// The lake as of now: it holds the results.
    lake: Lake,
    /// The lake as the run read it.
    inputs: Lake,
    run: RunId,
    bucket: Option<i64>,
}

impl ViewTables {
    pub fn new(lake: &Lake, inputs: &Lake, run: &RunId) -> Self {
        ViewTables { lake: lake.clone(), inputs: inputs.clone(), run: run.clone(), bucket: None }
    }

    /// Of tables that are parted in buckets, only one bucket.
    pub fn in_bucket(self, bucket: i64) -> Self {
        ViewTables { bucket: Some(bucket), ..self }
    }

    /// A session that knows these tables and no others, cut to what may be seen. Engine, functions and memory are
    /// those of another.
    pub(super) fn session(self, like: &Session, cut: Option<&Arc<Cut>>) -> Result<Session, EngineError> {
        let whole = like.over(Arc::new(self))?;
        match cut {
            None => Ok(whole),
            Some(cut) => like.over(Arc::new(CutTables::new(&whole, Arc::clone(cut))?)),
        }
    }

    /// A run's results, in the order of customer keys.
    async fn results(
        &self,
        table: &str,
        run: &str,
        partition_columns: Vec<(String, DataType)>,
    ) -> Result<Option<FoundTable>, EngineError> {
        let Some(schema) = self.lake.schema(table).await? else { return Ok(None) };
        let mut files = self.lake.files_where(table, "run", run).await?;
        self.narrow(&mut files);
        files.sort_by_key(bucket_of);
        Ok(Some(FoundTable { schema: without_partitions(&schema), files, partition_columns }))
    }

    /// The records that the run read. None where there are no files: a cluster does not get done with those.
    async fn facts(&self, table: &str) -> Result<Option<FoundTable>, EngineError> {
        if RESULTS.contains(&table) {
            return Ok(None);
        }
        let Some(schema) = self.inputs.schema(table).await? else { return Ok(None) };
        let mut files = self.inputs.files(table).await?;
        if files.is_empty() {
            return Ok(None);
        }
        let partitions = self.inputs.partition_columns(table).await?;
        if partitions.iter().any(|column| column == "bucket") {
            self.narrow(&mut files);
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let kind = |name: String| {
            let field = schema.field_with_name(&name).ok()?;
            let kind = field.data_type().clone();
            Some((name, kind))
        };
        let partition_columns = partitions.into_iter().filter_map(kind).collect();
        Ok(Some(FoundTable { schema: Arc::clone(&schema), files, partition_columns }))
    }

    /// What is kept of a segment or a list: `rest` is its id and the part.
    async fn kept(&self, table: &str, rest: &str) -> Result<Option<FoundTable>, EngineError> {
        let Some((id, part)) = rest.rsplit_once(" at ") else { return Ok(None) };
        let Ok(part) = part.parse() else { return Ok(None) };
        let files = files_of(&self.lake, table, id, Some(part)).await?;
        Ok(Some(FoundTable { schema: file_schema(table), files, partition_columns: Vec::new() }))
    }

    fn narrow(&self, files: &mut Vec<DataFile>) {
        if self.bucket.is_some() {
            files.retain(|file| bucket_of(file) == self.bucket);
        }
    }
}

#[async_trait]
impl TableSource for ViewTables {
    async fn table(&self, name: &str) -> Result<Option<Found>, EngineError> {
        let found = match name.strip_suffix(AS_VIEWS) {
            Some(name) => {
                let viewed = |found: FoundTable| FoundTable { schema: with_views(&found.schema), ..found };
                self.found(name).await?.map(viewed)
            }
            None => self.found(name).await?,
        };
        Ok(found.map(Found::from))
    }
}

impl ViewTables {
    async fn found(&self, name: &str) -> Result<Option<FoundTable>, EngineError> {
        match name.split_once(" of ") {
            Some((table @ ("labels" | "metrics"), run)) => self.results(table, run, Vec::new()).await,
            Some((MEMBERS, rest)) => self.kept(MEMBERS, rest).await,
            Some((MOVES, rest)) => self.kept(MOVES, rest).await,
            Some((LISTS, rest)) => self.kept(LISTS, rest).await,
            Some(_) => Ok(None),
            None if name == "labels in buckets" => {
                let bucket = vec![("bucket".to_owned(), DataType::Int64)];
                self.results("labels", self.run.as_str(), bucket).await
            }
            None if matches!(name, "metrics" | "labels") => {
                self.results(name, self.run.as_str(), Vec::new()).await
            }
            None => self.facts(name).await,
        }
    }
}

pub fn bucket_of(file: &DataFile) -> Option<i64> {
    file.partitions.get("bucket").and_then(|b| b.parse().ok())
}

fn without_partitions(schema: &SchemaRef) -> SchemaRef {
    let fields: Vec<Arc<Field>> =
        schema.fields().iter().filter(|f| !PARTITIONS.contains(&f.name().as_str())).cloned().collect();
    Arc::new(Schema::new(fields))
}
