//! The files of a table's log.

use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;
use object_store::ObjectMeta;
use object_store::path::Path;

use crate::error::{EngineError, Result};
use crate::location::Location;

pub(in crate::lake) const FOLDER: &str = "_delta_log";

/// What a file of the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::lake) enum Kind {
    /// One version's changes.
    Commit,
    /// All that a version holds.
    Checkpoint,
}

/// A file of the log.
#[derive(Debug, Clone)]
pub(in crate::lake) struct Entry {
    pub kind: Kind,
    pub version: u64,
    pub path: Path,
    pub size: u64,
    pub modified: DateTime<Utc>,
}

/// The commits and checkpoints of a table, by version. Other files in the folder are left alone.
pub(in crate::lake) async fn entries(table: &Location) -> Result<Vec<Entry>> {
    let folder = table.prefix()?.join(FOLDER);
    let listed: std::result::Result<Vec<ObjectMeta>, _> =
        table.store()?.list(Some(&folder)).try_collect().await;
    let listed = match listed {
        Err(object_store::Error::NotFound { .. }) => Vec::new(),
        listed => listed.map_err(|error| EngineError::store(folder.to_string(), &error))?,
    };
    let mut entries: Vec<Entry> = listed.iter().filter_map(entry).collect();
    entries.sort_by_key(|entry| entry.version);
    Ok(entries)
}

fn entry(meta: &ObjectMeta) -> Option<Entry> {
    let name = meta.location.filename()?;
    let (digits, rest) = name.split_at_checked(20)?;
    let kind = match rest {
        ".json" => Kind::Commit,
        ".checkpoint.parquet" => Kind::Checkpoint,
        _ => return None,
    };
    let version = digits.parse().ok()?;
    let path = meta.location.clone();
    Some(Entry { kind, version, path, size: meta.size, modified: meta.last_modified })
}
