//! Computing a table of results bucket by bucket.
//!
//! No bucket needs another's rows, so several are computed at a time, memory stays bounded by the
//! bucket, and a cluster gets many small jobs.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clientele_engine::arrow::array::{AsArray, RecordBatch};
use clientele_engine::arrow::compute::{concat_batches, sort_to_indices, take_record_batch};
use clientele_engine::arrow::datatypes::{Int32Type, Schema};
use clientele_engine::arrow::error::ArrowError;
use clientele_engine::lake::{Stager, TableWriter};
use clientele_engine::{DataFile, EngineError, Session};
use clientele_model::RunId;
use futures::{StreamExt, TryStreamExt, stream};

use crate::progress::{Progress, ProgressUnit};

/// The rows of a few buckets that follow each other: questions, and the session that knows their tables.
/// The first question yields the customers in the order of their keys; each further one the same customers'
/// keys, and what it says of them is put beside.
pub struct BucketJob {
    pub session: Session,
    pub questions: Vec<Question>,
    pub buckets: Vec<i64>,
    /// How many customers a bucket has room for.
    pub bucket_customers: i64,
}

/// Some columns of a job's rows.
pub struct Question {
    /// The query, of the customers of these buckets, the key first.
    pub sql: String,
    pub finish: Option<Finish>,
}

/// What is made of a question's answer.
pub struct Finish {
    /// Further queries, of whatever customers of these buckets, the key first.
    pub queries: Vec<String>,
    /// Makes the rows out of the question's and the answers, all in the order of their keys.
    pub with: FinishRows,
}

/// See [`Finish`].
pub type FinishRows =
    Box<dyn FnOnce(RecordBatch, Vec<RecordBatch>) -> Result<RecordBatch, ArrowError> + Send + Sync>;

/// How many buckets a job takes at most: planning a query of hundreds of columns costs as much as running
/// it over one bucket, and memory grows with the buckets.
const TOGETHER: usize = 4;

/// How many of so many buckets make a job, such that no thread runs out of work early.
pub fn together(buckets: usize, threads: usize) -> usize {
    (buckets / (2 * threads.max(1))).clamp(1, TOGETHER)
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
    /// Runs all jobs, each in one part, and writes one file for each bucket; returns the files in the
    /// order of the jobs. A job is made only when its turn comes.
    ///
    /// # Errors
    /// The first job that fails ends all.
    pub async fn write<J>(
        &self,
        buckets: usize,
        jobs: impl Iterator<Item = J>,
    ) -> Result<Vec<DataFile>, EngineError>
    where
        J: Future<Output = Result<BucketJob, EngineError>>,
    {
        let total = buckets as u64;
        let done = AtomicU64::new(0);
        let done = &done;
        let jobs = jobs.map(|job| async move {
            let job = job.await?;
            let taken = job.buckets.len() as u64;
            let (stager, run, table) = (self.stager.clone(), self.run.clone(), self.table);
            // On a task of its own, so that buckets really run side by side.
            let files = tokio::spawn(async move { job.write(table, &stager, &run).await });
            let files = files
                .await
                .map_err(|e| EngineError::Query { sql: self.name.into(), cause: e.to_string() })??;
            let done = taken + done.fetch_add(taken, Ordering::Relaxed);
            self.progress.at(self.name, done, total, ProgressUnit::Steps);
            Ok::<_, EngineError>(files)
        });
        let files: Vec<Vec<DataFile>> =
            stream::iter(jobs).buffered(self.threads.max(1)).try_collect().await?;
        self.progress.finished(self.name);
        Ok(files.into_iter().flatten().collect())
    }
}

impl BucketJob {
    async fn write(self, table: &str, stager: &Stager, run: &RunId) -> Result<Vec<DataFile>, EngineError> {
        let mut writers = BTreeMap::new();
        for bucket in &self.buckets {
            let partitions = [("run", run.as_str()), ("bucket", &bucket.to_string())];
            writers.insert(*bucket, stager.writer(table, &partitions)?);
        }
        let mut whole: Option<RecordBatch> = None;
        for Question { sql, finish } in self.questions {
            let mut part = rows(&self.session, &sql).await?;
            if let Some(finish) = finish {
                let mut answers = Vec::new();
                for sql in &finish.queries {
                    answers.push(rows(&self.session, sql).await?);
                }
                part = (finish.with)(part, answers).map_err(|e| failed(table, &e))?;
            }
            whole = Some(match whole {
                None => part,
                Some(whole) => beside(&whole, &part).map_err(|e| failed(&sql, &e))?,
            });
        }
        if let Some(whole) = whole {
            share_out(&whole, self.bucket_customers, &mut writers)?;
        }
        writers.into_values().map(TableWriter::finish).collect()
    }
}

/// Gives each bucket its rows of a batch that is in the order of the keys.
fn share_out(
    batch: &RecordBatch,
    bucket_customers: i64,
    writers: &mut BTreeMap<i64, TableWriter>,
) -> Result<(), EngineError> {
    let keys = batch.column(0).as_primitive::<Int32Type>().values();
    let mut from = 0;
    for (bucket, writer) in writers {
        let end = (bucket + 1) * bucket_customers;
        let until = from + keys[from..].partition_point(|key| i64::from(*key) < end);
        writer.write(&batch.slice(from, until - from))?;
        from = until;
    }
    Ok(())
}

/// All rows of a query as one batch, in the order of the keys.
async fn rows(session: &Session, sql: &str) -> Result<RecordBatch, EngineError> {
    let mut stream = session.sql_partitioned(sql, 1).await?.stream().await?;
    let schema = stream.schema();
    let mut batches = Vec::new();
    while let Some(batch) = stream.next().await? {
        batches.push(batch);
    }
    concat_batches(&schema, &batches).and_then(in_order).map_err(|e| failed(sql, &e))
}

/// The rows in the order of the keys. Files are in it, so mostly there is nothing to do.
fn in_order(batch: RecordBatch) -> Result<RecordBatch, ArrowError> {
    let keys = batch.column(0);
    if keys.as_primitive::<Int32Type>().values().is_sorted() {
        return Ok(batch);
    }
    take_record_batch(&batch, &sort_to_indices(keys, None, None)?)
}

/// Puts what a further query says of the same customers beside what the first one said.
fn beside(left: &RecordBatch, right: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    if left.column(0) != right.column(0) {
        return Err(ArrowError::ComputeError("two queries over one bucket differ in its customers".into()));
    }
    let (first, second) = (left.schema(), right.schema());
    let fields = first.fields().iter().chain(second.fields().iter().skip(1)).cloned();
    let columns = left.columns().iter().chain(right.columns().iter().skip(1)).cloned();
    RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), columns.collect())
}

fn failed(sql: &str, error: &ArrowError) -> EngineError {
    EngineError::Query { sql: sql.to_owned(), cause: error.to_string() }
}
