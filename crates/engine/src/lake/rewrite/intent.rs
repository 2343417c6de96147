//! The intent: what makes a rewriting of history count, and lets anybody bring it to its end.

use std::collections::BTreeMap;

use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutPayload};
use serde::{Deserialize, Serialize};

use super::super::file::Standing;
use super::super::journal::Journal;
use super::{Replaced, log};
use crate::error::{EngineError, Result};
use crate::location::Location;

/// The folder of intents in a lake.
pub(in crate::lake) const FOLDER: &str = "_rewrite";

/// Which files replace which, by table. It holds names of files, never rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::lake) struct Intent {
    pub transaction: String,
    pub tables: BTreeMap<String, Vec<Replaced>>,
}

impl Intent {
    fn path(lake: &Location, transaction: &str) -> Result<Path> {
        Ok(lake.prefix()?.join(FOLDER).join(format!("{transaction}.json")))
    }

    /// Writes the intent down. When this has succeeded, the rewriting counts.
    pub async fn write(&self, lake: &Location) -> Result<()> {
        let path = Self::path(lake, &self.transaction)?;
        let text =
            serde_json::to_string(self).map_err(|error| EngineError::corrupt(path.to_string(), error))?;
        lake.store()?
            .put_opts(&path, PutPayload::from(text), PutMode::Create.into())
            .await
            .map(|_| ())
            .map_err(|error| EngineError::store(path.to_string(), &error))
    }

    /// Whether it is sure that the intent of a transaction was not written down.
    pub async fn is_absent(lake: &Location, transaction: &str) -> bool {
        let (Ok(path), Ok(store)) = (Self::path(lake, transaction), lake.store()) else { return false };
        matches!(store.head(&path).await, Err(object_store::Error::NotFound { .. }))
    }

    /// Does what the intent says, or the rest of it. The caller holds the write lock.
    ///
    /// # Errors
    /// Among others a conflict, when new files are gone: the writer was taken for dead before it wrote the
    /// intent down, and another has cleaned up after it. Nothing is changed then, and the intent goes.
    pub async fn complete(&self, lake: &Location) -> Result<()> {
        if !self.is_whole(lake).await? {
            delete(lake.store()?.as_ref(), &Self::path(lake, &self.transaction)?).await?;
            return Err(EngineError::Conflict { at: lake.to_string() });
        }
        // The intent now names the new files; a journal that did too would have them removed.
        Journal::remove(lake, &self.transaction).await?;
        for (table, replaced) in &self.tables {
            log::rewrite(&lake.join(table), replaced).await?;
        }
        let store = lake.store()?;
        for (table, replaced) in &self.tables {
            let folder = lake.join(table).prefix()?;
            for Replaced { old, .. } in replaced {
                let path = old.split('/').fold(folder.clone(), Path::join);
                delete(store.as_ref(), &path).await?;
            }
        }
        delete(store.as_ref(), &Self::path(lake, &self.transaction)?).await
    }

    /// Whether all new files are there.
    pub async fn is_whole(&self, lake: &Location) -> Result<bool> {
        let store = lake.store()?;
        for (table, replaced) in &self.tables {
            let folder = lake.join(table).prefix()?;
            for Replaced { new, .. } in replaced {
                let path = new.path.split('/').fold(folder.clone(), Path::join);
                match store.head(&path).await {
                    Ok(_) => {}
                    Err(object_store::Error::NotFound { .. }) => return Ok(false),
                    Err(error) => return Err(EngineError::store(path.to_string(), &error)),
                }
            }
        }
        Ok(true)
    }
}

/// The intents of rewritings that were cut off or are under way.
async fn written(lake: &Location) -> Result<Vec<Intent>> {
    let store = lake.store()?;
    let folder = lake.prefix()?.join(FOLDER);
    let listed = store.list(Some(&folder)).map_ok(|meta| meta.location).try_collect::<Vec<Path>>().await;
    let listed = match listed {
        Err(object_store::Error::NotFound { .. }) => Vec::new(),
        listed => listed.map_err(|error| EngineError::store(folder.to_string(), &error))?,
    };
    let mut intents = Vec::with_capacity(listed.len());
    for path in listed {
        let failed = |error: &object_store::Error| EngineError::store(path.to_string(), error);
        let found = match store.get(&path).await {
            // It was brought to its end meanwhile.
            Err(object_store::Error::NotFound { .. }) => continue,
            found => found.map_err(|error| failed(&error))?,
        };
        let bytes = found.bytes().await.map_err(|error| failed(&error))?;
        // It is created as a whole, so one that cannot be read was damaged since.
        let intent: Intent =
            serde_json::from_slice(&bytes).map_err(|error| EngineError::corrupt(path.to_string(), error))?;
        intents.push(intent);
    }
    Ok(intents)
}

/// What stands for what in a lake right now; nothing, but while a rewriting is under way or after one was cut
/// off. From when an intent is there, whoever opens the lake sees its rewriting as a whole.
pub(in crate::lake) async fn standing(lake: &Location) -> Result<Standing> {
    let mut standing = Standing::new();
    for intent in written(lake).await? {
        // One that came too late changes nothing.
        if !intent.is_whole(lake).await? {
            continue;
        }
        for (table, replaced) in intent.tables {
            let files = replaced.into_iter().map(|Replaced { old, new }| (old, new));
            standing.entry(table).or_default().extend(files);
        }
    }
    Ok(standing)
}

/// Brings rewritings to their end that were cut off; whether there were any. The caller holds the write
/// lock.
pub(in crate::lake) async fn complete(lake: &Location) -> Result<bool> {
    let mut any = false;
    for intent in written(lake).await? {
        match intent.complete(lake).await {
            Ok(()) => any = true,
            // It came too late to count.
            Err(EngineError::Conflict { .. }) if !intent.is_whole(lake).await? => {}
            Err(error) => return Err(error),
        }
    }
    Ok(any)
}

async fn delete(store: &dyn ObjectStore, path: &Path) -> Result<()> {
    match store.delete(path).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(EngineError::store(path.to_string(), &error)),
    }
}
