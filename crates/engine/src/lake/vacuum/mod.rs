//! Vacuum: removing what no view of the lake can reach any more.
//!
//! Tables keep the files of earlier versions, so that a run can be asked about what it read. What
//! is needed is the newest version of each table, versions that the caller names, and whatever
//! was newest within the last while, for readers that opened the lake then. Data files that a
//! table's own log names and no such version holds are removed; a file that no log names is
//! somebody else's and stays. Then the log is cut: each version that is needed can be read from a
//! checkpoint and a few entries, and the other entries go. Files go before the entries that name
//! them, so a vacuum that is killed is finished by the next one.

pub(super) mod log;
mod names;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::ObjectStore;
use object_store::path::Path;

use super::lease::store_time;
use super::lock::WriteLock;
use super::manifest::Manifest;
use super::{Lake, recover};
use crate::error::{EngineError, Result};
use plan::TablePlan;
pub(super) use plan::files_at;

/// What is kept beside the newest version of each table.
#[derive(Debug, Clone)]
pub struct VacuumRequest {
    /// Versions of tables that stay readable, such as those that a run read.
    pub needed: Vec<BTreeMap<String, u64>>,
    /// What counted less than this long ago, by the clock of the place where the lake is, stays for
    /// readers that opened it then.
    pub grace: TimeDelta,
    /// Files, by table and path, that count now and are taken as if they did not: what a dry run
    /// supposes to have been taken out before.
    pub released: BTreeSet<(String, String)>,
}

/// What a vacuum removed, or would remove.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Vacuumed {
    /// Data files, and their size together.
    pub files: u64,
    pub bytes: u64,
    /// Entries and checkpoints of logs, and their size together.
    pub log_files: u64,
    pub log_bytes: u64,
    /// Data files that nothing needs but for the grace, and their size together.
    pub held_files: u64,
    pub held_bytes: u64,
}

impl Vacuumed {
    fn add(&mut self, other: Vacuumed) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.log_files += other.log_files;
        self.log_bytes += other.log_bytes;
        self.held_files += other.held_files;
        self.held_bytes += other.held_bytes;
    }
}

/// Hears how many of how many tables are done.
pub type Heard<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);

/// A vacuum that holds the write lock. Nothing is removed before [`Vacuum::run`].
pub struct Vacuum {
    lake: Lake,
    lock: WriteLock,
    now: DateTime<Utc>,
}

impl Vacuum {
    pub(super) async fn begin(lake: &Lake) -> Result<Self> {
        let lock = WriteLock::take(&lake.location, lake.wait).await?;
        // No writer's own clock decides what is old.
        let now = store_time(&lake.location).await?;
        let mut lake = lake.clone();
        lake.refresh().await?;
        // As for a transaction: whoever lost a lease may yet wake up.
        if lake.location.as_folder().is_none()
            && recover::has_unfinished(&lake.location, &lake.snapshot).await?
        {
            let manifest = Manifest::open(&lake.location, None).await?;
            match manifest.fence(&uuid::Uuid::new_v4().simple().to_string(), now).await {
                Ok(()) | Err(EngineError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
            lake.refresh().await?;
        }
        recover::clean(&lake.location, &lake.snapshot, lock.was_taken_over()).await?;
        Ok(Self { lake, lock, now })
    }

    /// The newest generation, which stays it while this is open.
    pub fn lake(&self) -> &Lake {
        &self.lake
    }

    /// The oldest generation that a reader may have open, who opened it less than `grace` ago.
    pub async fn oldest_open(&self, grace: TimeDelta) -> Result<Lake> {
        let open = open_generations(&self.lake, self.now, grace).await?;
        match open.first() {
            Some(oldest) => self.lake.at(*oldest).await,
            None => Ok(self.lake.clone()),
        }
    }

    /// Removes what is not needed.
    ///
    /// # Errors
    /// What has been removed until then was not needed; run again to go on.
    pub async fn run(&self, request: &VacuumRequest, heard: Heard<'_>) -> Result<Vacuumed> {
        work(&self.lake, request, self.now, Some(&self.lock), heard).await
    }
}

/// What a vacuum would remove, grace or not. Takes no lock and writes nothing.
pub(super) async fn look(lake: &Lake, request: &VacuumRequest, heard: Heard<'_>) -> Result<Vacuumed> {
    let now = DateTime::<Utc>::MAX_UTC;
    work(lake, &VacuumRequest { grace: TimeDelta::zero(), ..request.clone() }, now, None, heard).await
}

/// Without a lock nothing is removed.
async fn work(
    lake: &Lake,
    request: &VacuumRequest,
    now: DateTime<Utc>,
    lock: Option<&WriteLock>,
    heard: Heard<'_>,
) -> Result<Vacuumed> {
    let newest = lake.snapshot.generation();
    let mut firm: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for (table, version) in
        lake.snapshot.tables().chain(request.needed.iter().flatten().map(|(table, v)| (table.as_str(), *v)))
    {
        firm.entry(table.to_owned()).or_default().insert(version);
    }
    firm.entry(super::manifest::NAME.to_owned()).or_default().insert(newest);
    let mut soft = firm.clone();
    for generation in open_generations(lake, now, request.grace).await? {
        soft.entry(super::manifest::NAME.to_owned()).or_default().insert(generation);
        for (table, version) in lake.at(generation).await?.snapshot.tables() {
            soft.entry(table.to_owned()).or_default().insert(version);
        }
    }
    let mut done = Vacuumed::default();
    let total = soft.len() as u64;
    for (place, (table, versions)) in soft.iter().enumerate() {
        heard(place as u64, total);
        let location = lake.location.join(table);
        let newest = match table.as_str() {
            super::manifest::NAME => newest,
            table => lake.snapshot.version(table).unwrap_or_default(),
        };
        let firm = firm.get(table).cloned().unwrap_or_default();
        let released = request.released.iter().filter(|(of, _)| of == table).map(|(_, path)| path.clone());
        let plan = TablePlan::new(&location, newest, &firm, versions, &released.collect()).await?;
        if let Some(lock) = lock {
            // A lease may have been lost while the plan was made, and somebody else may write now.
            lock.confirm().await?;
            plan.run(&location, versions).await?;
        }
        done.add(plan.size());
    }
    heard(total, total);
    Ok(done)
}

/// The generations that were the newest at some moment of the last while, oldest first. The time
/// of each is that of its entry in the manifest's log, by the clock that wrote it.
async fn open_generations(lake: &Lake, now: DateTime<Utc>, grace: TimeDelta) -> Result<Vec<u64>> {
    let newest = lake.snapshot.generation();
    let since = now.checked_sub_signed(grace).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let entries = log::entries(&lake.location.join(super::manifest::NAME)).await?;
    let made: BTreeMap<u64, DateTime<Utc>> = entries
        .iter()
        .filter(|entry| entry.kind == log::Kind::Commit)
        .map(|entry| (entry.version, entry.modified))
        .collect();
    let was_open = |generation: &u64| made.get(&(generation + 1)).is_some_and(|ended| since < *ended);
    let ended = made.keys().copied().filter(|generation| *generation < newest).filter(was_open);
    Ok(ended.chain([newest]).collect())
}

/// Deletes objects, many at a time where the store can; those that are gone already do no harm.
async fn delete(store: &dyn ObjectStore, paths: Vec<Path>) -> Result<()> {
    let first = paths.first().map(Path::to_string).unwrap_or_default();
    let paths = futures::stream::iter(paths.into_iter().map(Ok)).boxed();
    let deleted = store.delete_stream(paths).filter(|done| {
        let is_gone = matches!(done, Err(object_store::Error::NotFound { .. }));
        futures::future::ready(!is_gone)
    });
    let deleted: std::result::Result<Vec<Path>, _> = deleted.try_collect().await;
    deleted.map(|_| ()).map_err(|error| EngineError::store(first, &error))
}
