//! An object store in memory that can be told to fail, to be slow, and that its clock has gone on.

use std::fmt;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use clientele_engine::{Location, stores};
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use std::sync::Arc;
use tokio::sync::Notify;

/// What becomes of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is not done, and that is told.
    Refused,
    /// It is done, and the answer is lost.
    Unanswered,
    /// It is done twice, as a client does that got no answer to the first time.
    Twice,
}

/// A write that waits until it is told to go on.
#[derive(Debug, Clone, Default)]
pub struct Pause {
    pub reached: Arc<Notify>,
    pub go: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Rules {
    fates: Vec<(String, Fate)>,
    pauses: Vec<(String, Pause)>,
    is_dead: bool,
}

#[derive(Debug, Default)]
pub struct OddStore {
    memory: InMemory,
    rules: Mutex<Rules>,
    /// By how many seconds the lock was written earlier than it says.
    aged: AtomicI64,
}

impl OddStore {
    /// A store of its own, and a place in it.
    pub fn new() -> (Arc<Self>, Location) {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let place = format!("s3://odd-{}/shop/lake/", NEXT.fetch_add(1, Ordering::Relaxed));
        let location = Location::parse(&place).unwrap();
        let store = Arc::new(Self::default());
        let bucket = location.url().unwrap().join("/").unwrap();
        stores::install(&bucket, store.clone());
        (store, location)
    }

    /// The next write to a path with this in it has that fate.
    pub fn next(&self, path: &str, fate: Fate) {
        self.rules.lock().unwrap().fates.push((path.to_owned(), fate));
    }

    /// The next write to a path with this in it waits.
    pub fn pause(&self, path: &str) -> Pause {
        let pause = Pause::default();
        self.rules.lock().unwrap().pauses.push((path.to_owned(), pause.clone()));
        pause
    }

    /// Whether nothing can be reached any more.
    pub fn set_dead(&self, is_dead: bool) {
        self.rules.lock().unwrap().is_dead = is_dead;
    }

    /// Lets time pass since the lock was written.
    pub fn age_lock(&self, seconds: i64) {
        self.aged.store(seconds, Ordering::SeqCst);
    }

    pub async fn paths(&self) -> Vec<String> {
        use futures::TryStreamExt as _;
        let mut paths: Vec<String> =
            self.memory.list(None).map_ok(|meta| meta.location.to_string()).try_collect().await.unwrap();
        paths.sort();
        paths
    }

    fn alive(&self) -> Result<()> {
        if self.rules.lock().unwrap().is_dead { Err(lost("nobody answers")) } else { Ok(()) }
    }

    fn aged(&self, mut meta: ObjectMeta) -> ObjectMeta {
        if meta.location.filename() == Some("_lock") {
            meta.last_modified -= TimeDelta::seconds(self.aged.load(Ordering::SeqCst));
        }
        meta
    }
}

fn lost(cause: &str) -> Error {
    Error::Generic { store: "odd", source: cause.into() }
}

impl fmt::Display for OddStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("odd store")
    }
}

#[async_trait]
impl ObjectStore for OddStore {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        self.alive()?;
        let is_here = |path: &str| location.as_ref().contains(path);
        let pause = {
            let pauses = &mut self.rules.lock().unwrap().pauses;
            pauses.iter().position(|(path, _)| is_here(path)).map(|at| pauses.remove(at).1)
        };
        if let Some(pause) = pause {
            pause.reached.notify_one();
            pause.go.notified().await;
        }
        let fate = {
            let fates = &mut self.rules.lock().unwrap().fates;
            fates.iter().position(|(path, _)| is_here(path)).map(|at| fates.remove(at).1)
        };
        match fate {
            None => self.memory.put_opts(location, payload, opts).await,
            Some(Fate::Refused) => Err(lost("refused")),
            Some(Fate::Unanswered) => {
                self.memory.put_opts(location, payload, opts).await?;
                Err(lost("the answer was lost"))
            }
            Some(Fate::Twice) => {
                self.memory.put_opts(location, payload.clone(), opts.clone()).await?;
                self.memory.put_opts(location, payload, opts).await
            }
        }
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.alive()?;
        self.memory.put_multipart_opts(location, opts).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.alive()?;
        let mut found = self.memory.get_opts(location, options).await?;
        found.meta = self.aged(found.meta);
        Ok(found)
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.alive()?;
        self.memory.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        if let Err(error) = self.alive() {
            return Box::pin(futures::stream::once(async move { Err(error) }));
        }
        self.memory.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        if let Err(error) = self.alive() {
            return Box::pin(futures::stream::once(async move { Err(error) }));
        }
        self.memory.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.alive()?;
        self.memory.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.alive()?;
        self.memory.copy_opts(from, to, options).await
    }
}
