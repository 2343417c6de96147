//! Computing a table of results bucket by bucket.
//!
//! No bucket needs another's rows, so several are computed at a time, memory stays bounded by the
//! bucket, and a cluster gets many small jobs.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clientele_engine::lake::Stager;
use clientele_engine::{DataFile, EngineError, Session};
use clientele_model::RunId;
use futures::{StreamExt, TryStreamExt, stream};

use crate::progress::{Progress, ProgressUnit};

/// The rows of one bucket: a query, and the session that knows its tables.
pub struct BucketJob {
    pub session: Session,
    pub sql: String,
    pub bucket: String,
}

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
        let mut stream = self.session.sql_partitioned(&self.sql, 1).await?.stream().await?;
        while let Some(batch) = stream.next().await? {
            writer.write(&batch)?;
        }
        writer.finish()
    }
}
