//! Labelling bucket by bucket.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clientele_engine::lake::Stager;
use clientele_engine::{DataFile, EngineError, Lake, Session, Transaction};
use clientele_model::{AsOf, RunId, SchemeId};
use futures::{StreamExt, TryStreamExt, stream};

use super::compile::Compiled;
use super::labels;
use super::registry::SchemeRegistry;
use crate::measure::registry::MetricRegistry;
use crate::measure::sql::schema as metric_schema;
use crate::progress::{Progress, ProgressUnit};
use crate::results;

/// Makes the labels table, or widens it for schemes that it has no column for yet.
pub async fn prepare(
    transaction: &mut Transaction,
    lake: &Lake,
    schemes: &SchemeRegistry,
) -> Result<(), EngineError> {
    let schema = results::partitioned(labels::schema(schemes.iter().map(|s| &s.spec)));
    results::prepare(transaction, lake, "labels", schema).await
}

/// Everything that labelling a run's customers needs.
pub struct Stage<'a> {
    pub session: &'a Session,
    pub schemes: &'a SchemeRegistry,
    pub metrics: &'a MetricRegistry,
    pub compiled: &'a [Compiled],
    /// For each scheme that was applied before, the run that this one follows.
    pub previous: BTreeMap<SchemeId, RunId>,
    pub as_of: AsOf,
    pub run: &'a RunId,
    /// How many buckets are labelled at a time.
    pub threads: usize,
}

impl Stage<'_> {
    /// Labels the customers of each metrics file; returns the written files in the same order.
    pub async fn label(
        &self,
        lake: &Lake,
        metrics: &[DataFile],
        stager: &Stager,
        progress: &Arc<dyn Progress>,
    ) -> Result<Vec<DataFile>, EngineError> {
        let before = self.previous_labels(lake).await?;
        let done = Arc::new(AtomicU64::new(0));
        let total = metrics.len() as u64;
        let jobs = metrics.iter().map(|file| {
            let job = self.bucket(lake, file, &before);
            let (stager, run) = (stager.clone(), self.run.clone());
            let (progress, done) = (Arc::clone(progress), Arc::clone(&done));
            async move {
                let job = job.await?;
                let file = tokio::spawn(async move { job.write(&stager, &run).await });
                let file = file
                    .await
                    .map_err(|e| EngineError::Query { sql: "classify".into(), cause: e.to_string() })??;
                progress.at("classify", 1 + done.fetch_add(1, Ordering::Relaxed), total, ProgressUnit::Steps);
                Ok::<_, EngineError>(file)
            }
        });
        let files = stream::iter(jobs).buffered(self.threads).try_collect().await?;
        progress.finished("classify");
        Ok(files)
    }

    /// The files with the labels of each run that this one follows in some scheme.
    async fn previous_labels(&self, lake: &Lake) -> Result<BTreeMap<&str, Vec<DataFile>>, EngineError> {
        let runs: BTreeSet<&str> = self.previous.values().map(RunId::as_str).collect();
        let mut before = BTreeMap::new();
        for file in lake.files("labels").await? {
            let run = file.partitions.get("run").and_then(|run| runs.get(run.as_str()));
            if let Some(run) = run {
                before.entry(*run).or_insert_with(Vec::new).push(file);
            }
        }
        Ok(before)
    }

    async fn bucket(
        &self,
        lake: &Lake,
        metrics: &DataFile,
        before: &BTreeMap<&str, Vec<DataFile>>,
    ) -> Result<LabelJob, EngineError> {
        let session = self.session.detached().await?;
        let bucket = metrics.partitions.get("bucket").cloned().unwrap_or_default();
        let schema = Arc::new(metric_schema(self.metrics));
        session.register_files("metrics", schema, std::slice::from_ref(metrics), &[])?;
        let mut tables: BTreeMap<&str, String> = BTreeMap::new();
        for (run, files) in before {
            let files: Vec<DataFile> =
                files.iter().filter(|f| f.partitions.get("bucket") == Some(&bucket)).cloned().collect();
            if let Some(schema) = lake.schema("labels").await?.filter(|_| !files.is_empty()) {
                let table = format!("previous_{run}");
                session.register_files(&table, schema, &files, &[])?;
                tables.insert(*run, table);
            }
        }
        let previous = self
            .previous
            .iter()
            .filter_map(|(scheme, run)| Some((scheme.clone(), tables.get(run.as_str())?.as_str())));
        let sql = labels::query(self.compiled, "metrics", &previous.collect(), self.as_of);
        Ok(LabelJob { session, sql, bucket })
    }
}

struct LabelJob {
    session: Session,
    sql: String,
    bucket: String,
}

impl LabelJob {
    async fn write(self, stager: &Stager, run: &RunId) -> Result<DataFile, EngineError> {
        let partitions = [("run", run.as_str()), ("bucket", self.bucket.as_str())];
        let mut writer = stager.writer("labels", &partitions)?;
        let mut stream = self.session.sql_partitioned(&self.sql, 1).await?.stream().await?;
        while let Some(batch) = stream.next().await? {
            writer.write(&batch)?;
        }
        writer.finish()
    }
}
