//! A change of several tables that becomes visible in one step.

pub(super) mod commit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use deltalake_core::kernel::Action;

use super::file::DataFile;
use super::lock::WriteLock;
use super::manifest::Manifest;
use super::recover::{self, Journal};
use super::snapshot::Snapshot;
use super::stager::{Stager, named};
use super::table::{TableInfo, Tables};
use super::writer::TableWriter;
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
    finished: bool,
    lock: WriteLock,
}

#[derive(Default)]
struct Change {
    is_new: bool,
    is_wider: bool,
    add: Vec<DataFile>,
    remove: Vec<DataFile>,
}

impl Transaction {
    pub(super) async fn begin(lake: Location, tables: Arc<Tables>) -> Result<Self> {
        let lock = WriteLock::take(&lake).await?;
        // Only under the lock is the newest generation sure to stay the newest.
        let manifest = Manifest::open(&lake, None).await?;
        recover::clean(&lake, manifest.snapshot()).await?;
        let id = uuid::Uuid::new_v4().simple().to_string();
        let base = manifest.snapshot().clone();
        let stager = Stager::new(lake.clone(), base, Arc::clone(&tables), id.clone());
        let changes = BTreeMap::new();
        Ok(Self { lake, tables, manifest, id, stager, changes, finished: false, lock })
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
            let (what, at) = (format!("the table {name}"), self.lake.to_string());
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

    /// Makes all changes visible, in one step. On an error nothing of them is.
    #[expect(clippy::disallowed_methods, reason = "for trials and tests; the product says the time")]
    pub async fn commit(self, message: &str) -> Result<Snapshot> {
        self.commit_at(message, Utc::now()).await
    }

    /// [`Self::commit`] with the time that is recorded.
    pub async fn commit_at(mut self, message: &str, now: DateTime<Utc>) -> Result<Snapshot> {
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
            let version = self.commit_table(table, change, now).await?;
            versions.insert(table.clone(), version);
        }
        self.lock.confirm().await?;
        let next = self.manifest.commit(versions, &self.id, message, now).await?;
        // From here on the commit counts; what follows is only tidying.
        self.finished = true;
        Journal::remove(&self.lake, &self.id).await.ok();
        for table in self.changes.keys() {
            if let Some(version) = next.version(table) {
                commit::checkpoint(&self.lake.join(table), version).await;
            }
        }
        commit::checkpoint(&self.lake.join(super::manifest::NAME), next.generation).await;
        Ok(next)
    }

    async fn commit_table(&self, name: &str, change: &Change, now: DateTime<Utc>) -> Result<u64> {
        let info = self.stager.info(name)?;
        let columns = &info.partition_columns;
        let at_ms = now.timestamp_millis();
        let removed = change.remove.iter().map(|file| Action::Remove(file.to_remove(columns, at_ms)));
        let added = change.add.iter().map(|file| Action::Add(file.to_add(columns)));
        let actions: Vec<Action> = removed.chain(added).collect();
        match self.snapshot().version(name) {
            None => {
                let schema = &info.schema;
                commit::create(&info.location, name, schema, columns, &[], actions).await?;
                Ok(0)
            }
            Some(version) if actions.is_empty() && !change.is_wider => Ok(version),
            Some(version) => {
                let delta = self.tables.delta(name, version).await?;
                let mut actions = actions;
                if change.is_wider {
                    let wider = commit::metadata(&info.location, &delta, &info.schema)?;
                    actions.splice(0..0, wider);
                }
                commit::append(&info.location, &delta, actions, &self.id).await
            }
        }
    }

    /// Writes the folders' lists of names to the disk, before anything names the files.
    fn sync_folders(&self, files: &BTreeSet<(String, String)>) -> Result<()> {
        let Some(root) = self.lake.as_folder() else { return Ok(()) };
        let folders: BTreeSet<_> = files
            .iter()
            .filter_map(|(table, path)| Some(root.join(table).join(path).parent()?.to_path_buf()))
            .collect();
        folders.iter().for_each(|folder| crate::stores::sync_folder(folder));
        Ok(())
    }

    /// Gives up the transaction and deletes its files.
    pub async fn discard(mut self) -> Result<()> {
        self.finished = true;
        self.undo().await
    }

    async fn undo(&self) -> Result<()> {
        self.lock.confirm().await?;
        self.stager.remove(self.stager.staged_but(&BTreeSet::new())).await?;
        recover::clean(&self.lake, self.snapshot()).await
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        let (lake, base) = (self.lake.clone(), self.snapshot().clone());
        let stager = self.stager.clone();
        let WriteLock::File(_) = &self.lock else {
            // The lease may be lost; the next writer cleans up after it runs out.
            return;
        };
        let undone = async move {
            stager.remove(stager.staged_but(&BTreeSet::new())).await?;
            // Another generation means that the commit did count, although it seemed to fail.
            let newest = Manifest::open(&lake, None).await?.into_snapshot();
            if newest == base { recover::clean(&lake, &base).await } else { Ok(()) }
        };
        // What cannot be removed now is removed by the next writer.
        io::wait(undone).ok();
    }
}
