//! What goes from one table, and what stays.

use std::collections::{BTreeMap, BTreeSet};

use deltalake_core::checkpoints::create_checkpoint;
use futures::TryStreamExt as _;
use object_store::ObjectMeta;
use object_store::path::Path;

use super::log::{self, Entry, Kind};
use super::{Vacuumed, delete, names};
use crate::error::{EngineError, Result};
use crate::lake::table;
use crate::location::Location;

/// How many commits a version may be behind the checkpoint that it is read from.
const CHAIN: u64 = 40;

/// What a vacuum does to one table.
pub(super) struct TablePlan {
    newest: u64,
    /// The data files that go.
    data: Vec<Gone>,
    held: Vec<Gone>,
    /// The versions that get a checkpoint before the log is cut, with the files that each has.
    checkpoints: BTreeMap<u64, BTreeSet<String>>,
    /// The files of the log that go.
    log: Vec<Entry>,
    /// The newest checkpoint that stays, where an older one is written after it.
    last: Option<u64>,
}

struct Gone {
    path: Path,
    size: u64,
}

impl TablePlan {
    /// Looks at a table. `firm` are the versions that are needed, `soft` these and those that are
    /// needed for the grace; `released` are files of the newest version that are taken as gone.
    pub async fn new(
        table: &Location,
        newest: u64,
        firm: &BTreeSet<u64>,
        soft: &BTreeSet<u64>,
        released: &BTreeSet<String>,
    ) -> Result<Self> {
        let store = table.store()?;
        let entries = log::entries(table).await?;
        let mut files = BTreeMap::new();
        for version in soft {
            files.insert(*version, files_at(table, *version).await?);
        }
        let mut named = BTreeSet::new();
        for entry in entries.iter().filter(|entry| entry.version <= newest) {
            named.extend(names::named(store.as_ref(), entry).await?);
        }
        let needed = |versions: &BTreeSet<u64>| -> BTreeSet<&String> {
            versions
                .iter()
                .filter_map(|version| files.get(version).map(|files| (version, files)))
                .flat_map(|(version, files)| {
                    let is_there = move |file: &&String| *version != newest || !released.contains(*file);
                    files.iter().filter(is_there)
                })
                .collect()
        };
        let (firmly, softly) = (needed(firm), needed(soft));
        let root = table.prefix()?;
        let (mut data, mut held) = (Vec::new(), Vec::new());
        for meta in inside(table).await? {
            let Some(path) = below(&root, &meta.location) else { continue };
            if !named.contains(&path) || firmly.contains(&path) {
                continue;
            }
            let gone = Gone { path: meta.location, size: meta.size };
            if softly.contains(&path) { held.push(gone) } else { data.push(gone) }
        }
        let (kept, made) = kept_log(&entries, soft);
        let mut checkpoints = BTreeMap::new();
        for version in &made {
            checkpoints.insert(*version, files.remove(version).unwrap_or_default());
        }
        let log: Vec<Entry> = entries
            .iter()
            .filter(|entry| entry.version <= newest && !kept.contains(&(entry.kind, entry.version)))
            .cloned()
            .collect();
        let last = kept.iter().rev().find(|(kind, _)| *kind == Kind::Checkpoint).map(|(_, version)| *version);
        let last = last.filter(|last| made.iter().next_back().is_some_and(|made| made < last));
        Ok(Self { newest, data, held, checkpoints, log, last })
    }

    pub fn size(&self) -> Vacuumed {
        Vacuumed {
            files: self.data.len() as u64,
            bytes: self.data.iter().map(|gone| gone.size).sum(),
            log_files: self.log.len() as u64,
            log_bytes: self.log.iter().map(|entry| entry.size).sum(),
            held_files: self.held.len() as u64,
            held_bytes: self.held.iter().map(|gone| gone.size).sum(),
        }
    }

    /// Does it. Data files go first: as long as the log names them, they can be found.
    pub async fn run(&self, table: &Location, soft: &BTreeSet<u64>) -> Result<()> {
        let store = table.store()?;
        if !self.data.is_empty() {
            delete(store.as_ref(), self.data.iter().map(|gone| gone.path.clone()).collect()).await?;
            remove_empty_folders(table, &self.data)?;
        }
        if self.log.is_empty() {
            return Ok(());
        }
        for (version, files) in &self.checkpoints {
            checkpoint(table, *version, Some(files)).await?;
        }
        if let Some(last) = self.last {
            // The hint at the newest checkpoint was moved back by older ones.
            checkpoint(table, last, None).await?;
        }
        delete(store.as_ref(), self.log.iter().map(|entry| entry.path.clone()).collect()).await?;
        // Whoever opens the table next would find out; better now, where it is known what happened.
        let oldest = soft.first().copied().unwrap_or(self.newest);
        table::open(table, Some(oldest)).await?;
        Ok(())
    }
}

/// The files of the log that stay such that each needed version can be read, and the versions
/// that get a checkpoint for that. A version is read from a checkpoint at most [`CHAIN`] before it
/// and the commits in between; its own commit stays too, as a sign that it was made.
fn kept_log(entries: &[Entry], needed: &BTreeSet<u64>) -> (BTreeSet<(Kind, u64)>, BTreeSet<u64>) {
    let of = |kind: Kind| -> BTreeSet<u64> {
        entries.iter().filter(|entry| entry.kind == kind).map(|entry| entry.version).collect()
    };
    let (commits, checkpoints) = (of(Kind::Commit), of(Kind::Checkpoint));
    let (mut kept, mut made) = (BTreeSet::new(), BTreeSet::new());
    for version in needed {
        let there = checkpoints.range(..=*version).next_back().copied();
        let base = there.max(made.range(..=*version).next_back().copied());
        let first = base.map_or(0, |base| base + 1);
        let is_near =
            (first..=*version).count() as u64 <= CHAIN && (first..=*version).all(|v| commits.contains(&v));
        if is_near {
            kept.extend(base.map(|base| (Kind::Checkpoint, base)));
            kept.extend((first..=*version).map(|v| (Kind::Commit, v)));
        } else {
            made.insert(*version);
            kept.insert((Kind::Checkpoint, *version));
        }
        kept.insert((Kind::Commit, *version));
    }
    (kept, made)
}

/// The paths of a version's data files.
pub(in crate::lake) async fn files_at(table: &Location, version: u64) -> Result<BTreeSet<String>> {
    let delta = table::open(table, Some(version)).await?;
    let at = || table.to_string();
    let state = delta.snapshot().map_err(|error| EngineError::delta(at(), &error))?;
    let log = state.snapshot().try_log_data().map_err(|error| EngineError::delta(at(), &error))?;
    Ok(log.iter().map(|view| view.path().into_owned()).collect())
}

/// Writes a checkpoint, and makes sure that it is there and says what it should.
async fn checkpoint(table: &Location, version: u64, files: Option<&BTreeSet<String>>) -> Result<()> {
    let at = || table.to_string();
    let delta = table::open(table, Some(version)).await?;
    create_checkpoint(&delta, None).await.map_err(|error| EngineError::delta(at(), &error))?;
    let entries = log::entries(table).await?;
    let written = entries.iter().find(|e| e.kind == Kind::Checkpoint && e.version == version);
    let Some(written) = written else {
        return Err(EngineError::corrupt(
            at(),
            format!("the checkpoint of version {version} was not written"),
        ));
    };
    if let Some(folder) = table.as_folder() {
        let log = folder.join(log::FOLDER);
        let file = log.join(written.path.filename().unwrap_or_default());
        std::fs::File::open(&file)
            .and_then(|file| file.sync_all())
            .map_err(|error| EngineError::io(file.display().to_string(), &error))?;
        crate::disk::sync_folder(&log);
    }
    let Some(files) = files else { return Ok(()) };
    if names::added(table.store()?.as_ref(), written).await? != *files {
        let cause = "the checkpoint does not hold what its version does";
        return Err(EngineError::corrupt(written.path.to_string(), cause));
    }
    Ok(())
}

/// All objects of a table but its log.
async fn inside(table: &Location) -> Result<Vec<ObjectMeta>> {
    let root = table.prefix()?;
    let listed: std::result::Result<Vec<ObjectMeta>, _> =
        table.store()?.list(Some(&root)).try_collect().await;
    let mut found = match listed {
        Err(object_store::Error::NotFound { .. }) => Vec::new(),
        listed => listed.map_err(|error| EngineError::store(root.to_string(), &error))?,
    };
    let log = root.join(log::FOLDER);
    found.retain(|meta| !meta.location.prefix_matches(&log));
    Ok(found)
}

fn below(root: &Path, path: &Path) -> Option<String> {
    let parts: Vec<_> = path.prefix_match(root)?.map(|part| part.as_ref().to_owned()).collect();
    Some(parts.join("/"))
}

/// Folders of partitions that have no file left. One that cannot be removed does no harm.
fn remove_empty_folders(table: &Location, gone: &[Gone]) -> Result<()> {
    let Some(folder) = table.as_folder() else { return Ok(()) };
    let root = table.prefix()?;
    let parents =
        gone.iter().filter_map(|gone| Some(folder.join(below(&root, &gone.path)?).parent()?.to_owned()));
    for parent in parents.collect::<BTreeSet<_>>() {
        let mut parent = parent.as_path();
        while parent != folder && parent.starts_with(folder) && std::fs::remove_dir(parent).is_ok() {
            let Some(above) = parent.parent() else { break };
            parent = above;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn entries(commits: impl IntoIterator<Item = u64>, checkpoints: &[u64]) -> Vec<Entry> {
        let entry = |kind, version| Entry {
            kind,
            version,
            path: Path::default(),
            size: 1,
            modified: DateTime::UNIX_EPOCH,
        };
        let commits = commits.into_iter().map(|version| entry(Kind::Commit, version));
        commits.chain(checkpoints.iter().map(|version| entry(Kind::Checkpoint, *version))).collect()
    }

    fn commits(kept: &BTreeSet<(Kind, u64)>) -> Vec<u64> {
        kept.iter().filter(|(kind, _)| *kind == Kind::Commit).map(|(_, version)| *version).collect()
    }

    #[test]
    fn a_version_near_a_checkpoint_is_read_from_it() {
        let (kept, made) = kept_log(&entries(0..=50, &[20, 40]), &BTreeSet::from([45]));
        assert!(made.is_empty());
        assert!(kept.contains(&(Kind::Checkpoint, 40)) && !kept.contains(&(Kind::Checkpoint, 20)));
        assert_eq!(commits(&kept), [41, 42, 43, 44, 45]);
    }

    #[test]
    fn a_version_far_from_any_gets_one() {
        let (kept, made) = kept_log(&entries(0..=90, &[]), &BTreeSet::from([3, 70, 90]));
        assert_eq!(made, BTreeSet::from([70]));
        assert_eq!(commits(&kept), [0, 1, 2, 3].into_iter().chain(70..=90).collect::<Vec<_>>());
    }

    #[test]
    fn commits_that_went_are_no_way_to_a_version() {
        // 5 was kept by its checkpoint, those around it went.
        let (kept, made) =
            kept_log(&entries([5].into_iter().chain(30..=32), &[5, 30]), &BTreeSet::from([5, 32]));
        assert!(made.is_empty());
        assert_eq!(commits(&kept), [5, 31, 32]);
        assert!(kept.contains(&(Kind::Checkpoint, 5)) && kept.contains(&(Kind::Checkpoint, 30)));
    }
}
