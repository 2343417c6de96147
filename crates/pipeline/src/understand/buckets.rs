//! Questions that go through records: bucket by bucket, as all records of a customer are in one.

use std::future::Future;
use std::sync::Arc;

use clientele_engine::arrow::array::RecordBatch;
use clientele_engine::{EngineError, Session};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::view::RunView;

impl RunView {
    /// Does some work in each bucket, in a session that knows this bucket's rows alone, several buckets side by side.
    /// What came of it is in the order of the buckets, however many there were at a time.
    ///
    /// # Errors
    /// The first bucket that fails ends all.
    pub(super) async fn each_bucket<T, F>(
        &self,
        work: impl Fn(i64, Session) -> F,
    ) -> Result<Vec<T>, EngineError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, EngineError>> + Send + 'static,
    {
        let turns = Arc::new(Semaphore::new(self.session.parts()));
        let mut tasks = JoinSet::new();
        for (place, bucket) in self.buckets().await?.into_iter().enumerate() {
            let turn = Arc::clone(&turns).acquire_owned().await.map_err(|error| given_up(&error))?;
            let done = work(bucket, self.in_bucket(bucket)?);
            tasks.spawn(async move {
                let done = done.await;
                drop(turn);
                done.map(|done| (place, done))
            });
        }
        sorted(tasks).await
    }
}

/// Goes through the rows of a query, its parts side by side; what each part came to is in the order of the parts, which
/// says nothing of the order of the rows. Sums that depend on the order of adding up want one sum a bucket.
pub(super) async fn scan<T: Send + 'static>(
    session: &Session,
    sql: &str,
    start: impl Fn() -> T,
    take: impl Fn(&mut T, &RecordBatch) -> Result<(), EngineError> + Clone + Send + Sync + 'static,
) -> Result<Vec<T>, EngineError> {
    let mut tasks = JoinSet::new();
    for (place, mut stream) in session.sql(sql).await?.streams().await?.into_iter().enumerate() {
        let (mut made, take) = (start(), take.clone());
        tasks.spawn(async move {
            while let Some(batch) = stream.next().await? {
                take(&mut made, &batch)?;
            }
            Ok((place, made))
        });
    }
    sorted(tasks).await
}

async fn sorted<T: Send + 'static>(
    mut tasks: JoinSet<Result<(usize, T), EngineError>>,
) -> Result<Vec<T>, EngineError> {
    let mut found = Vec::with_capacity(tasks.len());
    while let Some(done) = tasks.join_next().await {
        found.push(done.map_err(|error| given_up(&error))??);
    }
    found.sort_by_key(|(place, _)| *place);
    Ok(found.into_iter().map(|(_, done)| done).collect())
}

fn given_up(error: &dyn std::error::Error) -> EngineError {
    EngineError::Query { cause: error.to_string(), sql: String::new() }
}
