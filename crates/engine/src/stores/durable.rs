//! The local disk with commits that survive a power cut.

use std::io::Write;
use std::ops::Range;
use std::path::Path as FsPath;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use crate::disk::{self, DiskFile};

/// [`LocalFileSystem`], except that a file that is put is on the disk, whole, before it gets its
/// name. Table logs and journals are written that way: without it a power cut can leave an empty
/// log entry behind, which no reader can open, or a log entry without the journal that names it.
#[derive(Debug)]
pub(super) struct DurableDisk {
    disk: Arc<dyn ObjectStore>,
    paths: LocalFileSystem,
}

impl DurableDisk {
    pub(super) fn new() -> Self {
        #[cfg(not(feature = "faults"))]
        let disk = Arc::new(LocalFileSystem::new());
        #[cfg(feature = "faults")]
        let disk = crate::faults::on_local_files();
        Self { disk, paths: LocalFileSystem::new() }
    }
}

impl std::fmt::Display for DurableDisk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.disk.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for DurableDisk {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        let names: fn(&FsPath, &FsPath) -> std::io::Result<()> = match opts.mode {
            PutMode::Create => disk::hard_link,
            PutMode::Overwrite => disk::rename,
            PutMode::Update(_) => return self.disk.put_opts(location, payload, opts).await,
        };
        let path = self.paths.path_to_filesystem(location)?;
        let written = tokio::task::spawn_blocking(move || write(&path, &payload, names)).await;
        match written {
            Ok(Ok(())) => Ok(PutResult { e_tag: None, version: None }),
            Ok(Err(source)) if source.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(Error::AlreadyExists { path: location.to_string(), source: source.into() })
            }
            Ok(Err(source)) => Err(Error::Generic { store: "disk", source: source.into() }),
            Err(source) => Err(Error::JoinError { source }),
        }
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.disk.put_multipart_opts(location, opts).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.disk.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.disk.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.disk.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.disk.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.disk.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.disk.copy_opts(from, to, options).await
    }
}

/// Writes the file under a passing name, waits for the disk, then gives it its own name. An error means that
/// the name is as before.
fn write(
    path: &FsPath,
    payload: &PutPayload,
    give_name: fn(&FsPath, &FsPath) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let Some(folder) = path.parent() else {
        return Err(std::io::Error::other("the file has no folder"));
    };
    disk::create_dir_all(folder)?;
    // The `#` and the number keep the passing name out of listings, as object stores do it.
    let passing = path.with_added_extension(format!("new#{}", passing_number()));
    let mut file = DiskFile::create(&passing)?;
    let named = payload
        .iter()
        .try_for_each(|part| file.write_all(part))
        .and_then(|()| file.sync_all())
        .and_then(|()| give_name(&passing, path));
    // A passing name that stays does no harm, and the file has its own by now or has failed to get it.
    disk::remove_file(&passing).ok();
    named?;
    disk::sync_folder(folder);
    Ok(())
}

/// A number that no other write under way has, of whatever process: digits, as listings want it.
fn passing_number() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{}{:06}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed) % 1_000_000)
}
