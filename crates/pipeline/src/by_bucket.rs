//! Computing a table of results bucket by bucket.
//!
//! No bucket needs another's rows, so several are computed at a time, memory stays bounded by the
//! bucket, and a cluster gets many small jobs.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use clientele_engine::arrow::array::{AsArray, RecordBatch};
use clientele_engine::arrow::compute::{concat_batches, sort_to_indices, take_record_batch};
use clientele_engine::arrow::datatypes::{Int32Type, Schema};
use clientele_engine::arrow::error::ArrowError;
use clientele_engine::lake::{Stager, TableWriter};
use clientele_engine::{DataFile, EngineError, Session};
use clientele_model::RunId;
use futures::{StreamExt, TryStreamExt, stream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use clientele_model::progress::{Progress, ProgressUnit};

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
    /// The first job that fails ends all: when this returns, none of them is still writing.
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
        let (done, tasks) = (&done, Mutex::new(JoinSet::new()));
        let spawned = &tasks;
        let jobs = jobs.map(|job| async move {
            let job = job.await?;
            let taken = job.buckets.len() as u64;
            let (stager, run, table) = (self.stager.clone(), self.run.clone(), self.table);
            let (send, written) = oneshot::channel();
            // On a task of its own, so that buckets really run side by side.
            spawned.lock().unwrap_or_else(PoisonError::into_inner).spawn(async move {
                send.send(job.write(table, &stager, &run).await).ok();
            });
            let files = written.await.map_err(|_| EngineError::Query {
                sql: self.name.into(),
                cause: "the work on a bucket broke off".into(),
            })??;
            let done = taken + done.fetch_add(taken, Ordering::Relaxed);
            self.progress.at(self.name, done, total, ProgressUnit::Steps);
            Ok::<_, EngineError>(files)
        });
        let files: Result<Vec<Vec<DataFile>>, EngineError> =
            stream::iter(jobs).buffered(self.threads.max(1)).try_collect().await;
        // What goes on after an error would write files that nobody adds or removes.
        tasks.into_inner().unwrap_or_else(PoisonError::into_inner).shutdown().await;
        let files = files?;
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

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    use clientele_engine::arrow::datatypes::{DataType, Field};
    use clientele_engine::{EngineSettings, FunctionSet, Lake, Location};
    use clientele_model::progress::Quiet;

    use super::*;
    use crate::results::{PARTITIONS, partitioned};

    #[tokio::test(flavor = "multi_thread")]
    async fn when_one_bucket_fails_no_other_is_still_at_work() {
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::create(Location::folder(folder.path()).expect("a place")).await.expect("a lake");
        let mut transaction = lake.begin().await.expect("a transaction");
        let schema = partitioned(Schema::new(vec![Field::new("customer_key", DataType::Int32, true)]));
        transaction.create_table("figures", Arc::new(schema), &PARTITIONS).expect("a table");
        let session =
            Session::open(&EngineSettings::default(), &FunctionSet::default()).await.expect("a session");
        let (begun, ended) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let job = |bucket: i64, sql: &str, finish: Option<Finish>| BucketJob {
            session: session.clone(),
            questions: vec![Question { sql: sql.to_owned(), finish }],
            buckets: vec![bucket],
            bucket_customers: 1,
        };
        type Made = Pin<Box<dyn Future<Output = Result<BucketJob, EngineError>>>>;
        let slow = {
            let (begun, ended) = (Arc::clone(&begun), Arc::clone(&ended));
            let finish = Finish {
                queries: Vec::new(),
                with: Box::new(move |rows, _| {
                    begun.store(true, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(300));
                    ended.store(true, Ordering::SeqCst);
                    Ok(rows)
                }),
            };
            job(0, "SELECT CAST(0 AS INT) AS customer_key", Some(finish))
        };
        let bad = job(1, "SELECT nothing FROM nowhere", None);
        let is_begun = Arc::clone(&begun);
        let jobs: Vec<Made> = vec![
            Box::pin(async { Ok(slow) }),
            Box::pin(async move {
                while !is_begun.load(Ordering::SeqCst) {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                Ok(bad)
            }),
        ];
        let (run, stager) = (RunId::new("r0001"), transaction.stager());
        let progress: Arc<dyn Progress> = Arc::new(Quiet);
        let stage = BucketStage {
            name: "measure",
            table: "figures",
            run: &run,
            stager: &stager,
            threads: 2,
            progress: &progress,
        };
        stage.write(2, jobs.into_iter()).await.expect_err("the second bucket fails");
        assert!(begun.load(Ordering::SeqCst) && ended.load(Ordering::SeqCst), "the first one still works");
        transaction.discard().await.expect("nothing is left");
        let left = std::fs::read_dir(folder.path().join("figures")).map_or(0, Iterator::count);
        assert_eq!(left, 0);
    }
}
