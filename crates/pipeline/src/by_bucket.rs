//! Computing a table of results bucket by bucket.
//!
//! No bucket needs another's rows, so several are computed at a time, memory stays bounded by the
//! bucket, and a cluster gets many small jobs.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clientele_engine::arrow::array::RecordBatch;
use clientele_engine::arrow::compute::concat_batches;
use clientele_engine::arrow::datatypes::Schema;
use clientele_engine::arrow::error::ArrowError;
use clientele_engine::lake::Stager;
use clientele_engine::{DataFile, EngineError, Session};
use clientele_model::RunId;
use futures::{StreamExt, TryStreamExt, stream};

use crate::progress::{Progress, ProgressUnit};

/// The rows of one bucket: queries, and the session that knows their tables. Each query yields the same
/// customers in the same order; what they say of them is put side by side.
pub struct BucketJob {
    pub session: Session,
    pub queries: Vec<String>,
    pub bucket: String,
}

/// The columns that name a customer; every query has them first.
const NAMING: usize = 3;

/// Where the rows of all buckets go.
pub struct BucketStage<'a> {
    /// The stage's name in messages.
    pub name: &'static str,
    /// The table of results, partitioned by run and bucket.
    pub table: &'static str,
    pub run: &'a RunId,
    pub stager: &'a Stager,
    /// How many buckets are computed at a time.
    pub threads: usize,
    pub progress: &'a Arc<dyn Progress>,
}

impl BucketStage<'_> {
    /// Runs all jobs, each in one part, and writes one file for each; returns the files in the order
    /// of the jobs. A job is made only when its turn comes.
    ///
    /// # Errors
    /// The first job that fails ends all.
    pub async fn write<J>(&self, jobs: impl ExactSizeIterator<Item = J>) -> Result<Vec<DataFile>, EngineError>
    where
        J: Future<Output = Result<BucketJob, EngineError>>,
    {
        let total = jobs.len() as u64;
        let done = AtomicU64::new(0);
        let done = &done;
        let jobs = jobs.map(|job| async move {
            let job = job.await?;
            let (stager, run, table) = (self.stager.clone(), self.run.clone(), self.table);
            // On a task of its own, so that buckets really run side by side.
            let file = tokio::spawn(async move { job.write(table, &stager, &run).await });
            let file = file
                .await
                .map_err(|e| EngineError::Query { sql: self.name.into(), cause: e.to_string() })??;
            let done = 1 + done.fetch_add(1, Ordering::Relaxed);
            self.progress.at(self.name, done, total, ProgressUnit::Steps);
            Ok::<_, EngineError>(file)
        });
        let files = stream::iter(jobs).buffered(self.threads.max(1)).try_collect().await?;
        self.progress.finished(self.name);
        Ok(files)
    }
}

impl BucketJob {
    async fn write(self, table: &str, stager: &Stager, run: &RunId) -> Result<DataFile, EngineError> {
        let partitions = [("run", run.as_str()), ("bucket", self.bucket.as_str())];
        let mut writer = stager.writer(table, &partitions)?;
        if let [sql] = self.queries.as_slice() {
            let mut stream = self.session.sql_partitioned(sql, 1).await?.stream().await?;
            while let Some(batch) = stream.next().await? {
                writer.write(&batch)?;
            }
            return writer.finish();
        }
        let mut whole: Option<RecordBatch> = None;
        for sql in &self.queries {
            let part = self.rows(sql).await?;
            whole = Some(match whole {
                None => part,
                Some(whole) => beside(&whole, &part).map_err(|e| failed(sql, &e))?,
            });
        }
        if let Some(whole) = whole {
            writer.write(&whole)?;
        }
        writer.finish()
    }

    /// All rows of a query as one batch.
    async fn rows(&self, sql: &str) -> Result<RecordBatch, EngineError> {
        let mut stream = self.session.sql_partitioned(sql, 1).await?.stream().await?;
        let schema = stream.schema();
        let mut batches = Vec::new();
        while let Some(batch) = stream.next().await? {
            batches.push(batch);
        }
        concat_batches(&schema, &batches).map_err(|e| failed(sql, &e))
    }
}

/// Puts what a second query says of the same customers beside what a first one said.
fn beside(left: &RecordBatch, right: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    if left.column(0) != right.column(0) {
        return Err(ArrowError::ComputeError("two queries over one bucket differ in its customers".into()));
    }
    let (first, second) = (left.schema(), right.schema());
    let fields = first.fields().iter().chain(second.fields().iter().skip(NAMING)).cloned();
    let columns = left.columns().iter().chain(right.columns().iter().skip(NAMING)).cloned();
    RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), columns.collect())
}

fn failed(sql: &str, error: &ArrowError) -> EngineError {
    EngineError::Query { sql: sql.to_owned(), cause: error.to_string() }
}
