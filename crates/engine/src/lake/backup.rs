//! Copying a lake as it is at one moment, while others read and write it.
//!
//! Files are never changed, so a copy of the files that a generation names is a copy of the lake,
//! whatever is committed meanwhile. The manifest comes last: a copy that was cut short has none,
//! and nobody takes it for a lake.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, TryStreamExt as _};
use object_store::{ObjectStoreExt as _, PutMode, PutPayload, WriteMultipart};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::vacuum::{self, Heard, log};
use super::{Lake, manifest};
use crate::error::{EngineError, Result};
use crate::location::Location;

/// Up to this size a file is copied in one piece, in bytes.
const PIECE: u64 = 64 << 20;
/// Files that are copied at a time.
const TOGETHER: usize = 4;

/// A file of a copy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CopiedFile {
    /// Below the place.
    pub path: String,
    pub bytes: u64,
    /// A fingerprint of the bytes.
    pub hash: String,
}

/// A file to be copied, and its fingerprint where it must have one.
struct Wanted {
    path: String,
    bytes: u64,
    hash: Option<String>,
}

impl Lake {
    /// Copies this generation of the lake, with the versions of tables that are needed beside it, to
    /// an empty place. Tells which files it copied, and how many of how many bytes are done.
    ///
    /// # Errors
    /// A file of a version that a vacuum removed meanwhile is not found; what was copied stays.
    pub async fn copy_to(
        &self,
        to: &Location,
        needed: &[BTreeMap<String, u64>],
        heard: Heard<'_>,
    ) -> Result<Vec<CopiedFile>> {
        let mut versions: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
        let needed = needed.iter().flatten().map(|(table, version)| (table.as_str(), *version));
        for (table, version) in self.snapshot.tables().chain(needed) {
            versions.entry(table).or_default().insert(version);
        }
        let mut files = Vec::new();
        for (table, versions) in &versions {
            files.extend(self.files_of(table, versions).await?);
        }
        let last = self.files_of(manifest::NAME, &BTreeSet::from([self.snapshot.generation()])).await?;
        let total = files.iter().chain(&last).map(|file| file.bytes).sum();
        let mut copied = copy(&self.location, to, files, (0, total), heard).await?;
        let done = copied.iter().map(|file| file.bytes).sum();
        copied.extend(copy(&self.location, to, last, (done, total), heard).await?);
        copied.sort();
        Ok(copied)
    }

    /// The files of some versions of a table and its log, with their sizes.
    async fn files_of(&self, table: &str, versions: &BTreeSet<u64>) -> Result<Vec<Wanted>> {
        let location = self.location.join(table);
        let newest = versions.last().copied().unwrap_or_default();
        let mut files = BTreeSet::new();
        for version in versions {
            for file in vacuum::files_at(&location, *version).await? {
                files.insert(format!("{table}/{file}"));
            }
        }
        let store = self.location.store()?;
        let mut found = Vec::new();
        for path in files {
            let meta = store.head(&self.location.object(&path)?).await;
            let meta =
                meta.map_err(|error| EngineError::store(format!("{}/{path}", self.location), &error))?;
            found.push(Wanted { path, bytes: meta.size, hash: None });
        }
        for entry in log::entries(&location).await?.into_iter().filter(|entry| entry.version <= newest) {
            let name = entry.path.filename().unwrap_or_default();
            let path = format!("{table}/{}/{name}", log::FOLDER);
            found.push(Wanted { path, bytes: entry.size, hash: None });
        }
        Ok(found)
    }
}

/// Copies files that are known by their fingerprints, those of the manifest last.
///
/// # Errors
/// A file that is not what it was.
pub async fn copy_known(
    from: &Location,
    to: &Location,
    files: &[CopiedFile],
    heard: Heard<'_>,
) -> Result<()> {
    let is_last = |file: &&CopiedFile| file.path.starts_with(&format!("{}/", manifest::NAME));
    let (last, first): (Vec<_>, Vec<_>) = files.iter().partition(is_last);
    let total = files.iter().map(|file| file.bytes).sum();
    let mut done = 0;
    for part in [first, last] {
        let wanted = part.into_iter().cloned().map(|file| {
            let CopiedFile { path, bytes, hash } = file;
            Wanted { path, bytes, hash: Some(hash) }
        });
        let copied = copy(from, to, wanted.collect(), (done, total), heard).await?;
        done += copied.iter().map(|file| file.bytes).sum::<u64>();
    }
    Ok(())
}

/// Copies files, some at a time; tells of them in their order.
async fn copy(
    from: &Location,
    to: &Location,
    files: Vec<Wanted>,
    (before, total): (u64, u64),
    heard: Heard<'_>,
) -> Result<Vec<CopiedFile>> {
    let mut done = before;
    let copies = files.into_iter().map(|file| async move { copy_one(from, to, file).await });
    let mut copies = futures::stream::iter(copies).buffered(TOGETHER);
    let mut copied = Vec::new();
    while let Some(file) = copies.try_next().await? {
        done += file.bytes;
        heard(done, total);
        copied.push(file);
    }
    Ok(copied)
}

async fn copy_one(from: &Location, to: &Location, file: Wanted) -> Result<CopiedFile> {
    let Wanted { path, bytes: size, hash: known } = file;
    let (source, target) = (from.object(&path)?, to.object(&path)?);
    let (reading, writing) = (format!("{from}/{path}"), format!("{to}/{path}"));
    let read_failed = |error: &object_store::Error| EngineError::store(reading.clone(), error);
    let write_failed = |error: &object_store::Error| EngineError::store(writing.clone(), error);
    let found = from.store()?.get(&source).await.map_err(|error| read_failed(&error))?;
    let as_known = |hash: &Xxh3| {
        let found = format!("{:032x}", hash.digest128());
        if known.as_ref().is_some_and(|known| *known != found) {
            return Err(EngineError::corrupt(
                reading.clone(),
                "its bytes are not those that were copied here",
            ));
        }
        Ok(found)
    };
    let mut hash = Xxh3::new();
    let mut bytes = 0;
    if size <= PIECE {
        let content = found.bytes().await.map_err(|error| read_failed(&error))?;
        hash.update(&content);
        bytes = content.len() as u64;
        as_known(&hash)?;
        let payload = PutPayload::from(content);
        let put = to.store()?.put_opts(&target, payload, PutMode::Create.into()).await;
        put.map_err(|error| write_failed(&error))?;
    } else {
        let mut content = found.into_stream();
        let upload = to.store()?.put_multipart(&target).await.map_err(|error| write_failed(&error))?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, 16 << 20);
        while let Some(part) = content.try_next().await.map_err(|error| read_failed(&error))? {
            hash.update(&part);
            bytes += part.len() as u64;
            upload.wait_for_capacity(4).await.map_err(|error| write_failed(&error))?;
            upload.write(&part);
        }
        upload.finish().await.map_err(|error| write_failed(&error))?;
        if let Some(folder) = to.as_folder() {
            let file = folder.join(&path);
            std::fs::File::open(&file)
                .and_then(|file| file.sync_all())
                .map_err(|error| EngineError::io(file.display().to_string(), &error))?;
        }
    }
    Ok(CopiedFile { path, bytes, hash: as_known(&hash)? })
}
