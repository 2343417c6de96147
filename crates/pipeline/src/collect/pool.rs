//! Threads that write data files while the import goes on.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use clientele_engine::DataFile;
use clientele_engine::lake::Stager;

use super::error::ImportError;
use super::rows::{Rows, Shape, WriteContext, to_batch};

/// Rows of one bucket, on their way into a file.
pub struct Job {
    pub table: &'static str,
    pub rows: Rows,
    pub shape: Arc<Shape>,
    pub context: WriteContext,
}

/// Files that were written, by table.
pub type Written = Vec<(&'static str, DataFile)>;

/// Writes jobs to files of one batch, on threads of its own.
pub struct WriterPool {
    jobs: Option<SyncSender<Job>>,
    threads: Vec<JoinHandle<Result<Written, ImportError>>>,
}

impl WriterPool {
    /// Starts the threads.
    pub fn start(stager: &Stager, batch: &str, threads: usize) -> Self {
        // Nothing waits in line: what is not being written stays in its bucket and grows there.
        let (jobs, line) = sync_channel(0);
        let line = Arc::new(Mutex::new(line));
        let threads = (0..threads.max(1))
            .map(|_| {
                let (stager, batch, line) = (stager.clone(), batch.to_owned(), Arc::clone(&line));
                thread::spawn(move || work(&stager, &batch, &line))
            })
            .collect();
        WriterPool { jobs: Some(jobs), threads }
    }

    /// Hands over a job; waits while all threads are busy.
    pub fn write(&mut self, job: Job) -> Result<(), ImportError> {
        let handed = self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        if handed {
            return Ok(());
        }
        // The threads end early only because of an error: that is what the caller must hear.
        match self.join() {
            Err(error) => Err(error),
            Ok(_) => Err(ImportError::Stopped("the writing threads ended early".into())),
        }
    }

    /// Waits for all jobs and gives their files.
    pub fn finish(mut self) -> Result<Written, ImportError> {
        self.join()
    }

    fn join(&mut self) -> Result<Written, ImportError> {
        self.jobs = None;
        let mut written = Vec::new();
        let mut failed = None;
        for thread in self.threads.drain(..) {
            match thread.join() {
                Ok(Ok(files)) => written.extend(files),
                Ok(Err(error)) => failed = Some(error),
                Err(_) => failed = Some(ImportError::Stopped("a writing thread broke off".into())),
            }
        }
        failed.map_or(Ok(written), Err)
    }
}

impl Drop for WriterPool {
    fn drop(&mut self) {
        // Their files must not appear after the transaction has removed what was written.
        self.join().ok();
    }
}

fn work(stager: &Stager, batch: &str, line: &Mutex<Receiver<Job>>) -> Result<Written, ImportError> {
    let mut written = Vec::new();
    loop {
        let job = line.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return Ok(written) };
        let bucket = job.context.bucket.to_string();
        let partitions: &[(&str, &str)] = match job.table {
            super::tables::CUSTOMERS => &[("batch", batch)],
            _ => &[("bucket", &bucket), ("batch", batch)],
        };
        let rows = to_batch(&job.rows, &job.shape, &job.context)?;
        drop(job.rows);
        let mut writer = stager.writer(job.table, partitions)?;
        writer.write(&rows)?;
        written.push((job.table, writer.finish()?));
    }
}
