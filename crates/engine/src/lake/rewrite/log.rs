//! Rewriting the log of a table.

use std::sync::Arc;

use futures::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _, PutMode, PutPayload, UpdateVersion};

use super::checkpoint;
use super::entry::{self, Pass};
use super::{Replaced, Replacements};
use crate::error::{EngineError, Result};
use crate::lake::log as entries;
use crate::location::Location;

/// The folder of a table's log.
pub(super) const FOLDER: &str = "_delta_log";

/// How many entries are read at a time.
const AT_ONCE: usize = 16;

/// The entries of a table's log, oldest first, and its checkpoints.
pub(super) struct Listing {
    pub entries: Vec<Path>,
    pub checkpoints: Vec<Path>,
}

impl Listing {
    pub async fn of(store: &dyn ObjectStore, log: &Path) -> Result<Self> {
        let listed = store.list(Some(log)).try_collect::<Vec<ObjectMeta>>().await;
        let listed = match listed {
            Err(object_store::Error::NotFound { .. }) => Vec::new(),
            listed => listed.map_err(|error| EngineError::store(log.to_string(), &error))?,
        };
        let (mut entries, mut checkpoints) = (Vec::new(), Vec::new());
        for path in listed.into_iter().map(|meta| meta.location) {
            let Some(name) = path.filename().filter(|_| version(&path).is_some()) else { continue };
            if name.len() == "00000000000000000000.json".len() && name.ends_with(".json") {
                entries.push(path);
            } else if name.contains(".checkpoint.") && name.ends_with(".parquet") {
                checkpoints.push(path);
            }
        }
        entries.sort();
        checkpoints.sort();
        Ok(Self { entries, checkpoints })
    }
}

/// The version that an entry or a checkpoint stands for.
pub(super) fn version(path: &Path) -> Option<u64> {
    path.filename()?.get(..20)?.parse().ok()
}

/// Makes the log of a table name new files in the place of old ones. What was done before is passed over,
/// so that a rewriting which was cut off is done again from its beginning.
pub(super) async fn rewrite(table: &Location, replaced: &[Replaced]) -> Result<()> {
    let by = Replacements::new(replaced)?;
    let log = Log { store: table.store()?, is_folder: table.as_folder().is_some() };
    let listing = Listing::of(log.store.as_ref(), &table.prefix()?.join(FOLDER)).await?;
    let reading = futures::stream::iter(listing.entries).map(|path| read(Arc::clone(&log.store), path));
    let all: Vec<Entry> = reading.buffered(AT_ONCE).try_collect().await?;
    let mut entries: Vec<Entry> = all.into_iter().filter(|entry| by.touches(&entry.text)).collect();
    for pass in Pass::ALL {
        for entry in &mut entries {
            let damaged = |error| EngineError::corrupt(entry.path.to_string(), error);
            if let Some(text) = entry::rewritten(&entry.text, pass, &by).map_err(damaged)? {
                let text = entries::sealed(&text);
                entry.seen = log.put(&entry.path, text.clone().into(), entry.seen.clone()).await?;
                entry.text = text;
            }
        }
        if pass == Pass::AddNew {
            for path in &listing.checkpoints {
                log.rewrite_checkpoint(path, &by).await?;
            }
        }
    }
    Ok(())
}

struct Entry {
    path: Path,
    text: String,
    seen: UpdateVersion,
}

async fn read(store: Arc<dyn ObjectStore>, path: Path) -> Result<Entry> {
    let failed = |error: &object_store::Error| EngineError::store(path.to_string(), error);
    let found = store.get(&path).await.map_err(|error| failed(&error))?;
    let seen = UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
    let bytes = found.bytes().await.map_err(|error| failed(&error))?;
    let text =
        String::from_utf8(bytes.to_vec()).map_err(|error| EngineError::corrupt(path.to_string(), error))?;
    Ok(Entry { path, text, seen })
}

struct Log {
    store: Arc<dyn ObjectStore>,
    is_folder: bool,
}

impl Log {
    /// Puts new bytes in the place of those that were seen. In an object store that is conditional: a
    /// writer that was taken for dead must not undo what another has rewritten since. In a folder the lock
    /// ends with the process.
    async fn put(&self, path: &Path, bytes: PutPayload, seen: UpdateVersion) -> Result<UpdateVersion> {
        let mode = if self.is_folder { PutMode::Overwrite } else { PutMode::Update(seen) };
        let done = self.store.put_opts(path, bytes, mode.into()).await;
        done.map(UpdateVersion::from).map_err(|error| EngineError::store(path.to_string(), &error))
    }

    async fn rewrite_checkpoint(&self, path: &Path, by: &Replacements) -> Result<()> {
        let failed = |error: &object_store::Error| EngineError::store(path.to_string(), error);
        let found = self.store.get(path).await.map_err(|error| failed(&error))?;
        let seen = UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
        let bytes = found.bytes().await.map_err(|error| failed(&error))?;
        let changed = checkpoint::rewritten(bytes, by)
            .map_err(|error| EngineError::corrupt(path.to_string(), error))?;
        if let Some(changed) = changed {
            self.put(path, changed.into(), seen).await?;
        }
        Ok(())
    }
}
