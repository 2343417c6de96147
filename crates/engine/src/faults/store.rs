//! An object store whose operations are counted and can go wrong.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::{self, BoxStream};
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, ObjectStoreExt as _, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
    UploadPart,
};

use super::clock::Clock;
use super::registry;
use super::watch::{INJECTED, Verdict, Watch};

/// A store with a watch before it.
#[derive(Clone)]
pub(super) struct Faulty {
    inner: Arc<dyn ObjectStore>,
    found: Found,
}

/// Where the watch comes from.
#[derive(Clone)]
enum Found {
    Bucket(Watch, Clock),
    /// The one of the folder that a file is in.
    Disk(Arc<LocalFileSystem>),
}

/// The local file system, watched where a test watches folders.
pub(crate) fn on_local_files() -> Arc<dyn ObjectStore> {
    let inner = Arc::new(LocalFileSystem::new());
    Arc::new(Faulty { inner, found: Found::Disk(Arc::new(LocalFileSystem::new())) })
}

impl Faulty {
    pub fn bucket(inner: Arc<dyn ObjectStore>, watch: Watch, clock: Clock) -> Self {
        Self { inner, found: Found::Bucket(watch, clock) }
    }

    /// What is to happen to an operation; work of others that comes before it is done already.
    async fn pass(&self, name: &'static str, place: &Path, is_write: bool) -> Verdict {
        let watch = match &self.found {
            Found::Bucket(watch, _) => Some(watch.clone()),
            Found::Disk(disk) => {
                disk.path_to_filesystem(place).ok().and_then(|path| registry::watch_of(&path))
            }
        };
        let Some(watch) = watch else { return Verdict::Go };
        if let Some(delay) = watch.delay() {
            tokio::time::sleep(delay).await;
        }
        match watch.pass(name, place.as_ref(), is_write) {
            Verdict::Visit(visit) => {
                visit.done().await;
                Verdict::Go
            }
            verdict => verdict,
        }
    }

    fn wrote(&self, path: &Path) {
        if let Found::Bucket(_, clock) = &self.found {
            clock.wrote(path);
        }
    }

    fn tell(&self, meta: &mut ObjectMeta) {
        if let Found::Bucket(_, clock) = &self.found {
            clock.tell(meta);
        }
    }
}

fn injected() -> Error {
    Error::Generic { store: "test", source: INJECTED.into() }
}

/// Does an operation as the verdict says.
macro_rules! go {
    ($verdict:expr, $work:expr) => {
        match $verdict {
            Verdict::Go | Verdict::Cut | Verdict::Visit(_) => $work.await,
            Verdict::Fail => Err(injected()),
            Verdict::DoneThenFail => $work.await.and_then(|_| Err(injected())),
            Verdict::Twice => {
                $work.await.ok();
                $work.await
            }
        }
    };
}

#[async_trait]
impl ObjectStore for Faulty {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        let work = || async {
            let done = self.inner.put_opts(location, payload.clone(), opts.clone()).await?;
            self.wrote(location);
            Ok(done)
        };
        go!(self.pass("put", location, true).await, work())
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let work = || self.inner.put_multipart_opts(location, opts.clone());
        let upload = go!(self.pass("begin upload", location, true).await, work())?;
        Ok(Box::new(FaultyUpload { store: self.clone(), location: location.clone(), upload }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let name = if options.head { "head" } else { "get" };
        let verdict = self.pass(name, location, false).await;
        let is_cut = matches!(verdict, Verdict::Cut);
        let mut found = go!(verdict, self.inner.get_opts(location, options.clone()))?;
        self.tell(&mut found.meta);
        if !is_cut {
            return Ok(found);
        }
        let (meta, range, attributes) = (found.meta.clone(), found.range.clone(), found.attributes.clone());
        let mut bytes = found.bytes().await?;
        bytes.truncate(bytes.len() / 2);
        let payload = GetResultPayload::Stream(stream::once(async { Ok(bytes) }).boxed());
        Ok(GetResult { payload, meta, range, attributes })
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let store = self.clone();
        locations
            .then(move |location| {
                let store = store.clone();
                async move {
                    let location = location?;
                    let verdict = store.pass("delete", &location, true).await;
                    go!(verdict, store.inner.delete(&location))?;
                    Ok(location)
                }
            })
            .boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let (store, prefix) = (self.clone(), prefix.cloned());
        let listed = async move {
            let verdict = store.pass("list", &prefix.clone().unwrap_or_default(), false).await;
            go!(verdict, async { Ok::<_, Error>(()) })?;
            let found = store.inner.list(prefix.as_ref());
            Ok::<_, Error>(found.map_ok(move |mut meta| {
                store.tell(&mut meta);
                meta
            }))
        };
        stream::once(listed).try_flatten().boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let verdict = self.pass("list", &prefix.cloned().unwrap_or_default(), false).await;
        let mut found = go!(verdict, self.inner.list_with_delimiter(prefix))?;
        found.objects.iter_mut().for_each(|meta| self.tell(meta));
        Ok(found)
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        let work = || async {
            self.inner.copy_opts(from, to, options.clone()).await?;
            self.wrote(to);
            Ok(())
        };
        go!(self.pass("copy", to, true).await, work())
    }
}

/// An upload in parts. Nothing can be seen of it before it is complete.
#[derive(Debug)]
struct FaultyUpload {
    store: Faulty,
    location: Path,
    upload: Box<dyn MultipartUpload>,
}

#[async_trait]
impl MultipartUpload for FaultyUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let part = self.upload.put_part(data);
        let (store, location) = (self.store.clone(), self.location.clone());
        Box::pin(async move {
            // A part that is sent twice is the same part.
            match store.pass("part", &location, true).await {
                Verdict::Fail => Err(injected()),
                Verdict::DoneThenFail => part.await.and_then(|()| Err(injected())),
                _ => part.await,
            }
        })
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let done = match self.store.pass("complete", &self.location, true).await {
            Verdict::Fail => return Err(injected()),
            Verdict::DoneThenFail => self.upload.complete().await.and_then(|_| Err(injected())),
            // S3 answers a repeated completion as it answered the first.
            _ => self.upload.complete().await,
        };
        self.store.wrote(&self.location);
        done
    }

    async fn abort(&mut self) -> Result<()> {
        match self.store.pass("abort", &self.location, true).await {
            Verdict::Fail => Err(injected()),
            Verdict::DoneThenFail => self.upload.abort().await.and_then(|()| Err(injected())),
            _ => self.upload.abort().await,
        }
    }
}

impl fmt::Debug for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Faulty({:?})", self.inner)
    }
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, watched", self.inner)
    }
}
