//! Removing what a killed transaction left behind.

use std::collections::BTreeSet;

use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload};
use serde::{Deserialize, Serialize};

use super::manifest;
use super::snapshot::Snapshot;
use crate::error::{EngineError, Result};
use crate::location::Location;

const FOLDER: &str = "_staged";
const LOG: &str = "_delta_log";

/// The tables that a transaction has begun to write, kept in a file named after it. The names
/// of its data files contain the transaction too.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Journal {
    pub tables: BTreeSet<String>,
}

impl Journal {
    pub async fn write(&self, lake: &Location, transaction: &str) -> Result<()> {
        let path = lake.prefix()?.join(FOLDER).join(format!("{transaction}.json"));
        let text =
            serde_json::to_string(self).map_err(|error| EngineError::corrupt(path.to_string(), error))?;
        put(lake, &path, text).await
    }

    pub async fn remove(lake: &Location, transaction: &str) -> Result<()> {
        let path = lake.prefix()?.join(FOLDER).join(format!("{transaction}.json"));
        delete(lake.store()?.as_ref(), &path).await
    }
}

/// Removes whatever lies past the manifest: files of transactions that did not commit, log
/// entries above the versions that count, tables that no manifest names. The caller holds the
/// write lock. Log entries go before their journal, so a cleaning that is killed is done again.
pub(super) async fn clean(lake: &Location, now: &Snapshot) -> Result<()> {
    let store = lake.store()?;
    let journals = list(store.as_ref(), &lake.prefix()?.join(FOLDER)).await?;
    for path in &journals {
        let Some(transaction) = path.filename().and_then(|name| name.strip_suffix(".json")) else {
            continue;
        };
        if transaction != now.transaction {
            let journal = read(store.as_ref(), path).await?;
            for table in journal.tables.iter().map(String::as_str).chain([manifest::NAME]) {
                clean_files(lake, table, transaction).await?;
            }
        }
    }
    for (table, version) in now.tables() {
        clean_log(lake, table, version).await?;
    }
    clean_tables(lake, now).await?;
    for path in &journals {
        delete(store.as_ref(), path).await?;
    }
    Ok(())
}

/// Removes the data files that a transaction wrote in a table.
async fn clean_files(lake: &Location, table: &str, transaction: &str) -> Result<()> {
    let store = lake.store()?;
    let folder = lake.join(table).prefix()?;
    for path in list(store.as_ref(), &folder).await? {
        if path.filename().is_some_and(|name| name.contains(transaction)) {
            delete(store.as_ref(), &path).await?;
        }
    }
    Ok(())
}

/// Removes the log entries of a table above a version, the newest first.
async fn clean_log(lake: &Location, table: &str, version: u64) -> Result<()> {
    let store = lake.store()?;
    let log = lake.join(table).prefix()?.join(LOG);
    let next = log.clone().join(format!("{:020}.json", version + 1));
    match store.head(&next).await {
        Err(object_store::Error::NotFound { .. }) => return Ok(()),
        Err(error) => return Err(EngineError::store(next.to_string(), &error)),
        Ok(_) => {}
    }
    let mut entries = list(store.as_ref(), &log).await?;
    entries.retain(|path| entry_version(path).is_some_and(|entry| version < entry));
    entries.sort();
    for path in entries.iter().rev() {
        delete(store.as_ref(), path).await?;
    }
    Ok(())
}

/// The version that a log entry or checkpoint stands for: its name begins with it.
fn entry_version(path: &Path) -> Option<u64> {
    let name = path.filename()?;
    name.get(..20)?.parse().ok()
}

/// Removes tables that no manifest names: a transaction made them and did not commit.
async fn clean_tables(lake: &Location, now: &Snapshot) -> Result<()> {
    let store = lake.store()?;
    let root = lake.prefix()?;
    let inside = store
        .list_with_delimiter(Some(&root))
        .await
        .map_err(|error| EngineError::store(lake.to_string(), &error))?;
    for folder in inside.common_prefixes {
        let Some(name) = folder.filename() else { continue };
        if name == manifest::NAME || name == FOLDER || now.tables.contains_key(name) {
            continue;
        }
        if list(store.as_ref(), &folder.clone().join(LOG)).await?.is_empty() {
            continue;
        }
        for path in list(store.as_ref(), &folder).await? {
            delete(store.as_ref(), &path).await?;
        }
        if let Some(root) = lake.as_folder() {
            // Only empty folders are left, and they do no harm if they stay.
            std::fs::remove_dir_all(root.join(name)).ok();
        }
    }
    Ok(())
}

async fn read(store: &dyn ObjectStore, path: &Path) -> Result<Journal> {
    let failed = |error: &object_store::Error| EngineError::store(path.to_string(), error);
    let found = store.get(path).await.map_err(|error| failed(&error))?;
    let bytes = found.bytes().await.map_err(|error| failed(&error))?;
    // A journal that was cut off mid-word names no table that could have been begun after it.
    Ok(serde_json::from_slice(&bytes).unwrap_or_default())
}

async fn list(store: &dyn ObjectStore, folder: &Path) -> Result<Vec<Path>> {
    let listed: std::result::Result<Vec<_>, _> =
        store.list(Some(folder)).map_ok(|meta| meta.location).try_collect().await;
    match listed {
        Err(object_store::Error::NotFound { .. }) => Ok(Vec::new()),
        listed => listed.map_err(|error| EngineError::store(folder.to_string(), &error)),
    }
}

async fn put(lake: &Location, path: &Path, text: String) -> Result<()> {
    lake.store()?
        .put(path, PutPayload::from(text))
        .await
        .map(|_| ())
        .map_err(|error| EngineError::store(path.to_string(), &error))
}

async fn delete(store: &dyn ObjectStore, path: &Path) -> Result<()> {
    match store.delete(path).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(EngineError::store(path.to_string(), &error)),
    }
}
