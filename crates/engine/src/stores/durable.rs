//! The local disk with commits that survive a power cut.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path as FsPath;

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// [`LocalFileSystem`], except that a file put with [`PutMode::Create`] is on the disk, whole,
/// before it gets its name. Table logs are written that way: without it a power cut can leave
/// an empty log entry behind, which no reader can open.
#[derive(Debug)]
pub(super) struct DurableDisk {
    disk: LocalFileSystem,
}

impl DurableDisk {
    pub(super) fn new(disk: LocalFileSystem) -> Self {
        Self { disk }
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
        if opts.mode != PutMode::Create {
            return self.disk.put_opts(location, payload, opts).await;
        }
        let path = self.disk.path_to_filesystem(location)?;
        let written = tokio::task::spawn_blocking(move || create(&path, &payload)).await;
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

/// Writes the file under a passing name, waits for the disk, then gives it its own name, which
/// fails if that name is taken.
fn create(path: &FsPath, payload: &PutPayload) -> std::io::Result<()> {
    let Some(folder) = path.parent() else {
        return Err(std::io::Error::other("the file has no folder"));
    };
    fs::create_dir_all(folder)?;
    // The `#` and the number keep the passing name out of listings, as object stores do it.
    let passing = path.with_added_extension(format!("new#{}", std::process::id()));
    let mut file = File::create(&passing)?;
    let linked = payload
        .iter()
        .try_for_each(|part| file.write_all(part))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::hard_link(&passing, path));
    let removed = fs::remove_file(&passing);
    linked?;
    removed?;
    sync_folder(folder);
    Ok(())
}

/// Writes a folder's list of names to the disk. Some file systems cannot; they keep the names
/// safe in their own way.
pub(crate) fn sync_folder(folder: &FsPath) {
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().ok();
    }
}
