//! A change of several tables that becomes visible in one step.

mod history;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use deltalake_core::kernel::Action;
use object_store::ObjectStoreExt as _;

use super::commit::Maker;
use super::file::{DataFile, Standing};
use super::journal::Journal;
use super::lock::WriteLock;
use super::manifest::Manifest;
use super::snapshot::Snapshot;
use super::stager::{Stager, named};
use super::table::{TableInfo, Tables};
use super::writer::TableWriter;
use super::{commit, log, objects, place, recover, rewrite};
use crate::error::{EngineError, Result};
use crate::io;
use crate::location::Location;

/// Tables that a transaction makes, files it adds and removes. Nothing of it is visible before
/// [`Transaction::commit`]; dropped without one, its files are deleted.
pub struct Transaction {
    lake: Location,
    tables: Arc<Tables>,
    manifest: Manifest,
    id: String,
    stager: Stager,
    changes: BTreeMap<String, Change>,
    /// Whether the manifest has been asked to name the changes.
    attempted: bool,
    finished: bool,
    /// Whether a rewriting of history was brought to its end before this transaction began.
    has_completed: bool,
    lock: WriteLock,
}

/// What became of a transaction whose commit failed.
enum Outcome {
    /// It counts all the same.
    Counts(Snapshot),
    /// It does not count and never will.
    Lost,
    Unknown(EngineError),
}

#[derive(Default)]
struct Change {
    is_new: bool,
    is_wider: bool,
    add: Vec<DataFile>,
    remove: Vec<DataFile>,
}

impl Transaction {
    #[expect(clippy::disallowed_methods, reason = "only recorded, in an entry that changes nothing")]
    pub(super) async fn begin(lake: Location, tables: Arc<Tables>, wait: Duration) -> Result<Self> {
        let lock = WriteLock::take(&lake, wait).await?;
        // Before anything is cleaned up: what an intent names is no remainder.
        let has_completed = rewrite::complete(&lake).await?;
        if has_completed {
            tables.rewritten(Standing::new());
        }
        let id = uuid::Uuid::new_v4().simple().to_string();
        // Only under the lock is the newest generation sure to stay the newest.
        let mut manifest = Manifest::open(&lake, None).await?;
        let is_left =
            lake.as_folder().is_none() && recover::has_unfinished(&lake, manifest.snapshot()).await?;
        // A lock of the operating system ends with its process; whoever lost a lease may yet wake up.
        // After a rewriting, the generation tells whoever reads that files have other names now.
        if is_left || has_completed {
            match manifest.fence(&id, Utc::now()).await {
                // With a conflict, the one that was to be kept out has committed just before.
                Ok(()) | Err(EngineError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
            manifest = Manifest::open(&lake, None).await?;
        }
        recover::clean(&lake, manifest.snapshot(), lock.was_taken_over()).await?;
        let base = manifest.snapshot().clone();
        let stager = Stager::new(lake.clone(), base, Arc::clone(&tables), id.clone());
        let changes = BTreeMap::new();
        let (attempted, finished) = (false, false);
        Ok(Self { lake, tables, manifest, id, stager, changes, attempted, finished, has_completed, lock })
    }

    /// What the transaction builds on.
    pub fn snapshot(&self) -> &Snapshot {
        self.manifest.snapshot()
    }

    /// Whether the table exists or is made by this transaction.
    pub fn has_table(&self, name: &str) -> bool {
        self.snapshot().version(name).is_some() || self.changes.get(name).is_some_and(|change| change.is_new)
    }

    /// Makes a table. Partition columns are columns of the schema; each data file has one
    /// value of each, and they are not stored inside the files.
    pub fn create_table(&mut self, name: &str, schema: SchemaRef, partition_columns: &[&str]) -> Result<()> {
        let wrong = |cause: String| EngineError::Schema { table: name.to_owned(), cause };
        if self.has_table(name) {
            let what = (format!("the table {name}"), format!("表 {name}")).into();
            let at = self.lake.to_string();
            return Err(EngineError::AlreadyExists { what, at });
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || name.starts_with('_') || !name.chars().all(plain) {
            return Err(wrong("a name consists of a-z, 0-9 and _".into()));
        }
        if name == super::manifest::NAME {
            return Err(wrong("this name is taken by the lake itself".into()));
        }
        for column in partition_columns {
            if schema.field_with_name(column).is_err() {
                return Err(wrong(format!("the partition column {column} is not in the schema")));
            }
        }
        let (lake, table) = (self.lake.clone(), name.to_owned());
        io::wait(async move { place::refuse_foreign(&lake, &table).await })?;
        let columns = partition_columns.iter().map(|column| (*column).to_owned()).collect();
        self.stager.add_table(TableInfo::new(name, self.lake.join(name), schema, columns));
        self.changes.entry(name.to_owned()).or_default().is_new = true;
        Ok(())
    }

    /// Adds columns to a table that exists; rows from before have nulls in them. Columns that it
    /// has already are passed over.
    pub fn widen_table(&mut self, name: &str, columns: &[Field]) -> Result<()> {
        let info = self.stager.info(name)?;
        let is_missing = |field: &&Field| info.schema.field_with_name(field.name()).is_err();
        let missing: Vec<&Field> = columns.iter().filter(is_missing).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let fields: Vec<Arc<Field>> = info
            .schema
            .fields()
            .iter()
            .cloned()
            .chain(missing.into_iter().map(|field| Arc::new(field.clone().with_nullable(true))))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let (location, partitions) = (info.location.clone(), info.partition_columns.clone());
        self.stager.add_table(TableInfo::new(name, location, schema, partitions));
        self.changes.entry(name.to_owned()).or_default().is_wider = true;
        Ok(())
    }

    /// Opens writers on other threads.
    pub fn stager(&self) -> Stager {
        self.stager.clone()
    }

    /// A writer of one new file of a table; see [`Stager::writer`].
    pub fn writer(&self, table: &str, partition_values: &[(&str, &str)]) -> Result<TableWriter> {
        self.stager.writer(table, partition_values)
    }

    /// Adds files that were written by this transaction, or that were removed from the table
    /// earlier.
    pub fn add(&mut self, table: &str, files: Vec<DataFile>) -> Result<()> {
        self.stager.info(table)?;
        self.changes.entry(table.to_owned()).or_default().add.extend(files);
        Ok(())
    }

    /// Takes files out of a table. They stay on the disk for views of earlier generations.
    pub fn remove(&mut self, table: &str, files: Vec<DataFile>) -> Result<()> {
        self.stager.info(table)?;
        self.changes.entry(table.to_owned()).or_default().remove.extend(files);
        Ok(())
    }

    /// Puts a file that was made anew in the place of a damaged one: the same bytes, by the hash that the
    /// table's log has of the damaged one. The file that was made anew is not committed.
    ///
    /// # Errors
    /// [`EngineError::Conflict`] when they are not the same; nothing is changed then.
    pub async fn put_back(&self, table: &str, damaged: &DataFile, made: &DataFile) -> Result<()> {
        let at = self.lake.join(table);
        if damaged.hash.is_none() || (&damaged.hash, damaged.size) != (&made.hash, made.size) {
            return Err(EngineError::Conflict { at: format!("{at}/{}", damaged.path) });
        }
        self.lock.confirm().await?;
        let place = |file: &DataFile| {
            let root = at.prefix()?;
            Ok::<_, EngineError>(file.path.split('/').fold(root, |path, part| path.join(part)))
        };
        let (from, to) = (place(made)?, place(damaged)?);
        let copied = self.lake.store()?.copy(&from, &to).await;
        copied.map_err(|error| EngineError::store(objects::shown(&self.lake, &to), &error))
    }

    /// Makes all changes visible, in one step. On an error nothing of them is, but for
    /// [`EngineError::Unsure`]. Once begun, the commit goes on to its end even if its future is dropped.
    #[expect(clippy::disallowed_methods, reason = "for trials and tests; the product says the time")]
    pub async fn commit(self, message: &str) -> Result<Snapshot> {
        self.commit_at(message, Utc::now()).await
    }

    /// [`Self::commit`] with the time that is recorded.
    pub async fn commit_at(self, message: &str, now: DateTime<Utc>) -> Result<Snapshot> {
        let message = message.to_owned();
        io::apart(self.commit_to_the_end(message, now)).await
    }

    async fn commit_to_the_end(mut self, message: String, now: DateTime<Utc>) -> Result<Snapshot> {
        let next = match self.commit_all(&message, now).await {
            Ok(next) => next,
            Err(error) => {
                self.finished = true;
                match self.outcome(now).await {
                    Outcome::Counts(next) => next,
                    Outcome::Lost => {
                        // What cannot be removed now is removed by the next writer.
                        self.undo().await.ok();
                        return Err(error);
                    }
                    Outcome::Unknown(why) => {
                        let (at, cause) = (self.lake.to_string(), format!("{error}; {why}"));
                        return Err(EngineError::Unsure { at, cause });
                    }
                }
            }
        };
        // From here on the commit counts; what follows is only tidying.
        self.finished = true;
        self.stager.shut();
        Journal::remove(&self.lake, &self.id).await.ok();
        for table in self.changes.keys() {
            if let Some(version) = next.version(table) {
                commit::checkpoint(&self.lake.join(table), version).await;
            }
        }
        commit::checkpoint(&self.lake.join(super::manifest::NAME), next.generation).await;
        Ok(next)
    }

    async fn commit_all(&mut self, message: &str, now: DateTime<Utc>) -> Result<Snapshot> {
        let kept: BTreeSet<_> =
            self.changes.iter().flat_map(|(table, change)| named(table, &change.add)).collect();
        self.stager.remove(self.stager.staged_but(&kept)).await?;
        self.sync_folders(&kept)?;
        for table in self.changes.keys() {
            self.stager.note(table)?;
        }
        self.lock.confirm().await?;
        let mut versions = self.snapshot().tables.clone();
        for (table, change) in &self.changes {
            let mut done = self.commit_table(table, change, now).await;
            let is_taken =
                matches!(done, Err(EngineError::Conflict { .. } | EngineError::AlreadyExists { .. }));
            // Somebody who lost the lease may have come too late with an entry of theirs.
            if is_taken && self.remove_stray(table).await? {
                done = self.commit_table(table, change, now).await;
            }
            versions.insert(table.clone(), done?);
        }
        let staged = self.manifest.stage(versions, &self.id, message, now).await?;
        self.lock.confirm().await?;
        self.attempted = true;
        self.manifest.commit(staged).await
    }

    async fn remove_stray(&self, table: &str) -> Result<bool> {
        self.lock.confirm().await?;
        recover::remove_stray(&self.lake, table, self.snapshot().version(table)).await
    }

    async fn commit_table(&self, name: &str, change: &Change, now: DateTime<Utc>) -> Result<u64> {
        let info = self.stager.info(name)?;
        let columns = &info.partition_columns;
        let at_ms = now.timestamp_millis();
        let maker = Maker { transaction: &self.id, at_ms };
        let removed = change.remove.iter().map(|file| Action::Remove(file.to_remove(columns, at_ms)));
        let added = change.add.iter().map(|file| Action::Add(file.to_add(columns)));
        let mut actions: Vec<Action> = removed.chain(added).collect();
        match self.snapshot().version(name) {
            None => {
                let schema = &info.schema;
                commit::create(&info.location, name, schema, columns, &[], actions, maker).await?;
                Ok(0)
            }
            Some(version) if actions.is_empty() && !change.is_wider => Ok(version),
            Some(version) => {
                if change.is_wider {
                    let delta = self.tables.delta(name, version).await?;
                    let wider = commit::metadata(&info.location, &delta, &info.schema)?;
                    actions.splice(0..0, wider);
                }
                log::commit(&info.location, version + 1, &actions, &self.id, at_ms).await?;
                Ok(version + 1)
            }
        }
    }

    /// Finds out whether a commit that failed counts. Where the manifest does not say so, the generation
    /// that it was to be is taken by an empty one: a write that is still on its way then comes to nothing.
    async fn outcome(&self, now: DateTime<Utc>) -> Outcome {
        if !self.attempted {
            return Outcome::Lost;
        }
        let next = self.snapshot().generation + 1;
        let fence = uuid::Uuid::new_v4().simple().to_string();
        let mut why = None;
        for _ in 0..3 {
            match Manifest::maker(&self.lake, next).await {
                Ok(Some(maker)) if maker == self.id => {
                    return match Manifest::open(&self.lake, Some(next)).await {
                        Ok(manifest) => Outcome::Counts(manifest.into_snapshot()),
                        Err(error) => Outcome::Unknown(error),
                    };
                }
                Ok(Some(_)) => return Outcome::Lost,
                Ok(None) => match self.manifest.fence(&fence, now).await {
                    Ok(()) => return Outcome::Lost,
                    Err(EngineError::Conflict { .. }) => {}
                    Err(error) => why = Some(error),
                },
                Err(error) => why = Some(error),
            }
        }
        Outcome::Unknown(why.unwrap_or_else(|| EngineError::Conflict { at: self.lake.to_string() }))
    }

    /// Writes the folders' lists of names to the disk, before anything names the files.
    fn sync_folders(&self, files: &BTreeSet<(String, String)>) -> Result<()> {
        let Some(root) = self.lake.as_folder() else { return Ok(()) };
        let folders: BTreeSet<_> = files
            .iter()
            .filter_map(|(table, path)| Some(root.join(table).join(path).parent()?.to_path_buf()))
            .collect();
        folders.iter().for_each(|folder| crate::disk::sync_folder(folder));
        Ok(())
    }

    /// Gives up the transaction and deletes its files.
    pub async fn discard(mut self) -> Result<()> {
        self.finished = true;
        self.undo().await
    }

    async fn undo(&self) -> Result<()> {
        self.remains().remove().await
    }

    fn remains(&self) -> Remains {
        Remains {
            lake: self.lake.clone(),
            base: self.snapshot().clone(),
            id: self.id.clone(),
            stager: self.stager.clone(),
        }
    }
}

/// What a transaction wrote that does not count. Nobody else's commit can name it, so removing it needs no
/// lock.
struct Remains {
    lake: Location,
    base: Snapshot,
    id: String,
    stager: Stager,
}

impl Remains {
    async fn remove(self) -> Result<()> {
        let stager = self.stager.clone();
        // Waits for writers at work, which may take a while.
        let shut = tokio::task::spawn_blocking(move || stager.shut()).await;
        shut.map_err(|error| EngineError::Io { at: self.lake.to_string(), cause: error.to_string() })?;
        let journal = self.stager.journal();
        if journal.tables.is_empty() {
            return Ok(());
        }
        self.stager.remove(self.stager.staged_but(&BTreeSet::new())).await?;
        recover::clean_one(&self.lake, &self.base, &self.id, &journal).await?;
        Journal::remove(&self.lake, &self.id).await
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // Of one that broke off while the manifest was asked, the next writer finds out what became of it.
        if self.finished || self.attempted {
            return;
        }
        // What cannot be removed now is removed by the next writer.
        io::wait(self.remains().remove()).ok();
    }
}
