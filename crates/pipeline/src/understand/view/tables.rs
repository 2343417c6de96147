//! The one door to the tables that questions over a run may read, by their [names](super::names).

use std::sync::Arc;

use async_trait::async_trait;
use clientele_engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use clientele_engine::{DataFile, EngineError, Found, FoundTable, Lake, TableSource, with_views};
use clientele_model::RunId;

use super::names::{AS_VIEWS, IN_BUCKETS};
use crate::results::PARTITIONS;
use crate::runs::RESULTS;
use crate::understand::segment_tables::{LISTS, MEMBERS, MOVES, file_schema, files_of};

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
            // A cluster does not get done with a table without files, and who asks does without.
            Some((MOVES, rest)) => Ok(self.kept(MOVES, rest).await?.filter(|found| !found.files.is_empty())),
            Some((LISTS, rest)) => self.kept(LISTS, rest).await,
            Some(_) => Ok(None),
            None if name == IN_BUCKETS => {
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
