//! Removing what a transaction that did not end left behind.

use object_store::path::Path;

use super::journal::{self, Found, Journal};
use super::log;
use super::manifest::{self, Manifest};
use super::objects;
use super::snapshot::Snapshot;
use crate::disk;
use crate::error::Result;
use crate::location::Location;

/// Removes what transactions left behind that did not count. Only what a journal names is looked at, and of
/// that only data files with the transaction's id in their names and log entries that say they are the
/// transaction's: whatever else lies in the lake's place is somebody else's. The caller holds the write
/// lock.
///
/// Journals go last, so a cleaning that is killed is done again. With `again` they stay: then their writer,
/// who was taken for dead, may yet write something, and the next cleaning looks once more.
pub(super) async fn clean(lake: &Location, now: &Snapshot, again: bool) -> Result<()> {
    remove_passing(lake, journal::FOLDER);
    remove_passing(lake, manifest::NAME);
    for found in Journal::all(lake).await? {
        match did_count(lake, now, &found).await? {
            Some(true) => found.forget(lake).await?,
            Some(false) => {
                clean_one(lake, now, &found.transaction, &found.journal).await?;
                if !again {
                    found.forget(lake).await?;
                }
            }
            // What cannot be told is left alone.
            None => {}
        }
    }
    Ok(())
}

/// Whether somebody who may still be at work has left a journal.
pub(super) async fn has_unfinished(lake: &Location, now: &Snapshot) -> Result<bool> {
    for found in Journal::all(lake).await? {
        if did_count(lake, now, &found).await? == Some(false) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn did_count(lake: &Location, now: &Snapshot, found: &Found) -> Result<Option<bool>> {
    let Some(base) = found.journal.base else { return Ok(Some(found.transaction == now.transaction)) };
    let maker = Manifest::maker(lake, base + 1).await?;
    Ok(match maker {
        Some(maker) => Some(maker == found.transaction),
        None if now.generation <= base => Some(false),
        // The log was cut since.
        None => None,
    })
}

/// Removes what one transaction wrote, which did not count.
pub(super) async fn clean_one(
    lake: &Location,
    now: &Snapshot,
    transaction: &str,
    journal: &Journal,
) -> Result<()> {
    for table in &journal.tables {
        // Entries first: without them nothing names the files.
        clean_log(lake, table, now.version(table), transaction, journal.base.is_none()).await?;
        clean_files(lake, table, transaction).await?;
        remove_passing(lake, table);
        remove_empty_folders(lake, table);
    }
    clean_files(lake, manifest::NAME, transaction).await
}

/// Removes the data files that a transaction wrote in a table.
async fn clean_files(lake: &Location, table: &str, transaction: &str) -> Result<()> {
    for path in objects::list(lake, &lake.join(table).prefix()?).await? {
        let is_log = path.parts().any(|part| part.as_ref() == log::FOLDER);
        if !is_log && path.filename().is_some_and(|name| name.contains(transaction)) {
            objects::delete(lake, &path).await?;
        }
    }
    Ok(())
}

/// Removes the log entries of a transaction above the version of a table that counts, the newest first.
async fn clean_log(
    lake: &Location,
    table: &str,
    counts: Option<u64>,
    transaction: &str,
    is_old: bool,
) -> Result<()> {
    for (version, path) in entries_above(lake, table, counts).await?.into_iter().rev() {
        let Some(bytes) = objects::get(lake, &path).await? else { continue };
        let is_its = match log::maker(&bytes) {
            Some(maker) => maker == transaction,
            // A release that did not say so in the first entry of a table.
            None => is_old && version == 0 && log::adds_only(&bytes, transaction),
        };
        if is_its {
            objects::delete(lake, &path).await?;
        }
    }
    Ok(())
}

/// Removes entries above the version that counts which a writer of ours made that was taken for dead and
/// woke up too late to have its manifest accepted. Returns whether there were any. The caller holds the
/// write lock, and has cleaned and fenced.
pub(super) async fn remove_stray(lake: &Location, table: &str, counts: Option<u64>) -> Result<bool> {
    let mut removed = false;
    for (_, path) in entries_above(lake, table, counts).await?.into_iter().rev() {
        let Some(bytes) = objects::get(lake, &path).await? else { continue };
        if !log::is_ours(&bytes) {
            return Ok(false);
        }
        objects::delete(lake, &path).await?;
        removed = true;
    }
    Ok(removed)
}

/// The log entries above a version, or all, in order.
async fn entries_above(lake: &Location, table: &str, counts: Option<u64>) -> Result<Vec<(u64, Path)>> {
    let next = counts.map_or(0, |version| version + 1);
    let first = log::place(&lake.join(table), next)?;
    if objects::get(lake, &first).await?.is_none() {
        return Ok(Vec::new());
    }
    let folder = lake.join(table).prefix()?.join(log::FOLDER);
    let mut entries: Vec<(u64, Path)> = objects::list(lake, &folder)
        .await?
        .into_iter()
        .filter_map(|path| Some((log::version(path.filename()?)?, path)))
        .filter(|(version, _)| next <= *version)
        .collect();
    entries.sort();
    Ok(entries)
}

/// Removes what a write that was cut off left in a folder and in the log there, under the passing names of
/// this program: `NAME.new#DIGITS`. Listings do not show them. The caller holds the write lock, so that
/// nobody is writing under such a name.
fn remove_passing(lake: &Location, name: &str) {
    let Some(root) = lake.as_folder() else { return };
    let is_passing = |name: &str| {
        let digits = name.rsplit_once(".new#").map(|(_, digits)| digits);
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let folder = root.join(name);
    for folder in [folder.join(log::FOLDER), folder] {
        let Ok(inside) = std::fs::read_dir(folder) else { continue };
        for entry in inside.flatten() {
            if entry.file_name().to_str().is_some_and(is_passing) {
                // One that stays does no harm, and is seen again by the next writer.
                disk::remove_file(&entry.path()).ok();
            }
        }
    }
}

/// Takes away the folders of a table that have nothing in them. A folder that has is not removed.
fn remove_empty_folders(lake: &Location, table: &str) {
    let Some(root) = lake.as_folder() else { return };
    fn remove(folder: &std::path::Path) {
        let Ok(inside) = std::fs::read_dir(folder) else { return };
        for entry in inside.flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                remove(&entry.path());
            }
        }
        std::fs::remove_dir(folder).ok();
    }
    remove(&root.join(table));
}
