//! What lies in a lake's place, and whose it is.

use std::collections::BTreeSet;

use futures::StreamExt as _;
use object_store::ObjectStore as _;
use object_store::path::Path;

use super::journal::{self, Journal, is_transaction};
use super::manifest::{self, Manifest};
use super::snapshot::Snapshot;
use super::{lock_names, log, objects, rewrite};
use crate::error::{EngineError, Result};
use crate::location::Location;

/// How many of the things in a place are named in a message.
const NAMED: usize = 3;

/// Fails unless a lake can be made here: the place has to be empty.
pub(super) async fn refuse_occupied(lake: &Location) -> Result<()> {
    let found = first_objects(lake, &lake.prefix()?, |_| true).await?;
    if found.is_empty() {
        return Ok(());
    }
    if Manifest::is_there(lake).await? {
        return Err(EngineError::AlreadyExists {
            what: ("a lake", "数据湖").into(), at: lake.to_string()
        });
    }
    Err(EngineError::Occupied { at: lake.to_string(), found: found.join(", ") })
}

/// Fails when something that is not the lake's lies where a new table is to be.
pub(super) async fn refuse_foreign(lake: &Location, table: &str) -> Result<()> {
    let at = lake.join(table);
    let prefix = at.prefix()?;
    let is_foreign = |path: &Path| {
        // What a writer of ours that was taken for dead has left names its maker; it is replaced.
        let is_entry = is_in_log(path) && path.filename().and_then(log::version) == Some(0);
        !is_entry && !path.filename().is_some_and(|name| is_data_file(name) && !is_in_log(path))
    };
    let mut found = first_objects(lake, &prefix, is_foreign).await?;
    if let Some(entry) = objects::get(lake, &log::place(&at, 0)?).await?
        && !log::is_ours(&entry)
    {
        found.push(objects::shown(lake, &log::place(&at, 0)?));
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(EngineError::Occupied { at: at.to_string(), found: found.join(", ") })
}

/// The first few objects below a prefix that are such, as people know them.
async fn first_objects(
    lake: &Location,
    prefix: &Path,
    is_such: impl Fn(&Path) -> bool,
) -> Result<Vec<String>> {
    let store = lake.store()?;
    let mut listing = store.list(Some(prefix));
    let mut found = Vec::new();
    while let Some(next) = listing.next().await {
        match next {
            Ok(meta) if is_such(&meta.location) => found.push(objects::shown(lake, &meta.location)),
            Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(EngineError::store(lake.to_string(), &error)),
        }
        if found.len() == NAMED {
            break;
        }
    }
    Ok(found)
}

/// Everything in the lake's place that no lake has put there, as people know it. Nothing of it is ever read,
/// changed or removed.
pub(super) async fn foreign(lake: &Location, now: &Snapshot) -> Result<Vec<String>> {
    let root = lake.prefix()?;
    let mut tables: BTreeSet<String> = now.tables().map(|(name, _)| name.to_owned()).collect();
    tables.insert(manifest::NAME.to_owned());
    for found in Journal::all(lake).await? {
        tables.extend(found.journal.tables);
    }
    let mut foreign = Vec::new();
    for path in objects::list(lake, &root).await? {
        let Some(parts) = path.prefix_match(&root) else { continue };
        let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
        if !is_of_lake(&parts, &tables) {
            foreign.push(objects::shown(lake, &path));
        }
    }
    foreign.sort();
    Ok(foreign)
}

/// Whether a path below a lake's place has a form that lakes give to theirs.
fn is_of_lake(parts: &[String], tables: &BTreeSet<String>) -> bool {
    let Some(name) = parts.last() else { return false };
    match (parts.first().map(String::as_str), parts.len()) {
        (Some(first), 1) => first == lock_names::LOCK || first.starts_with(lock_names::PROBE),
        (Some(journal::FOLDER | rewrite::FOLDER), 2) => {
            name.strip_suffix(".json").is_some_and(is_transaction)
        }
        (Some(table), _) if tables.contains(table) => match parts.get(1).map(String::as_str) {
            Some(log::FOLDER) => is_log_file(name),
            _ => is_data_file(name),
        },
        _ => false,
    }
}

fn is_in_log(path: &Path) -> bool {
    path.parts().any(|part| part.as_ref() == log::FOLDER)
}

fn is_log_file(name: &str) -> bool {
    name.starts_with("_last_checkpoint") || log::version(name).is_some()
}

/// `part-00001-<transaction>.parquet`, `part-<transaction>.parquet`, and the same with a word before the
/// extension.
fn is_data_file(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("part-") else { return false };
    let Some((stem, extension)) = rest.split_once('.') else { return false };
    let id = stem.rsplit('-').next().unwrap_or_default();
    extension.ends_with("parquet") && is_transaction(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lakes_write_is_told_from_what_others_do() {
        let tables = BTreeSet::from(["orders".to_owned(), "manifest".to_owned()]);
        let id = "0123456789abcdef0123456789abcdef";
        let is_ours = |path: &str| {
            let parts: Vec<String> = path.split('/').map(str::to_owned).collect();
            is_of_lake(&parts, &tables)
        };
        for path in [
            "_lock",
            &format!("_staged/{id}.json"),
            &format!("manifest/part-{id}.parquet"),
            "orders/_delta_log/00000000000000000020.checkpoint.parquet",
            "orders/_delta_log/_last_checkpoint",
            &format!("orders/bucket=1/batch=b/part-00003-{id}.parquet"),
            &format!("orders/bucket=1/batch=b/part-00003-{id}.sealed.parquet"),
        ] {
            assert!(is_ours(path), "{path}");
        }
        for path in [
            "notes.txt",
            "sales/_delta_log/00000000000000000000.json",
            "orders/bucket=1/part-00003-from-elsewhere.snappy.parquet",
            "orders/_delta_log/notes.txt",
            "_staged/readme.md",
        ] {
            assert!(!is_ours(path), "{path}");
        }
    }
}
