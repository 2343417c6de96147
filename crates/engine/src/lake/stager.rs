//! Where the writers of one transaction get their files, from any thread.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::file::DataFile;
use super::journal::Journal;
use super::objects;
use super::snapshot::Snapshot;
use super::table::{TableInfo, Tables};
use super::writer::{Gate, TableWriter};
use crate::error::{EngineError, Result};
use crate::integrity::sums::SEALED;
use crate::io;
use crate::location::Location;

/// Opens writers for a transaction. Cheap to clone and to send to other threads; what it wrote
/// counts once the transaction adds and commits it.
#[derive(Clone)]
pub struct Stager {
    shared: Arc<Shared>,
}

struct Shared {
    lake: Location,
    base: Snapshot,
    tables: Arc<Tables>,
    transaction: String,
    next_file: AtomicU64,
    state: Mutex<State>,
    /// Held while a journal is written, so that a later one never comes first.
    writing: Mutex<()>,
    gate: Gate,
}

#[derive(Default)]
struct State {
    infos: HashMap<String, Arc<TableInfo>>,
    /// Table and path of each file that was begun.
    staged: BTreeSet<(String, String)>,
    journal: Journal,
}

impl Stager {
    pub(super) fn new(lake: Location, base: Snapshot, tables: Arc<Tables>, transaction: String) -> Self {
        let journal = Journal { base: Some(base.generation), ..Journal::default() };
        let shared = Shared {
            lake,
            base,
            tables,
            transaction,
            next_file: AtomicU64::new(0),
            state: Mutex::new(State { journal, ..State::default() }),
            writing: Mutex::default(),
            gate: Gate::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// A writer of one new file of a table. All its rows have the given partition values, one
    /// for each partition column (none for null).
    pub fn writer(&self, table: &str, partition_values: &[(&str, &str)]) -> Result<TableWriter> {
        let info = self.info(table)?;
        let partitions = checked(&info, partition_values)?;
        self.note(table)?;
        let number = self.shared.next_file.fetch_add(1, Ordering::Relaxed);
        let folder = folder_of(&info, &partitions);
        let path = format!("{folder}part-{number:05}-{}{SEALED}", self.shared.transaction);
        self.lock().staged.insert((table.to_owned(), path.clone()));
        Ok(TableWriter::new(info, partitions, path, Arc::clone(&self.shared.gate)))
    }

    /// What the transaction knows about a table that exists or that it makes.
    pub(super) fn info(&self, table: &str) -> Result<Arc<TableInfo>> {
        if let Some(info) = self.lock().infos.get(table) {
            return Ok(Arc::clone(info));
        }
        let Some(version) = self.shared.base.version(table) else {
            return Err(EngineError::NotFound {
                what: (format!("the table {table}"), format!("表 {table}")).into(),
                at: self.shared.lake.to_string(),
            });
        };
        let (tables, name) = (Arc::clone(&self.shared.tables), table.to_owned());
        let info = io::wait(async move { tables.info(&name, version).await })?;
        self.lock().infos.insert(table.to_owned(), Arc::clone(&info));
        Ok(info)
    }

    pub(super) fn add_table(&self, info: TableInfo) {
        self.lock().infos.insert(info.name.clone(), Arc::new(info));
    }

    /// The files that were begun, but for those given.
    pub(super) fn staged_but(&self, kept: &BTreeSet<(String, String)>) -> Vec<(String, String)> {
        self.lock().staged.difference(kept).cloned().collect()
    }

    /// Writes down, before the first file of a table, that this transaction touches it: what
    /// is written down is what gets cleaned up after a crash. All tables that are known by then are written
    /// down at once, and it is on the disk when this returns.
    pub(super) fn note(&self, table: &str) -> Result<()> {
        let is_noted = || self.lock().journal.tables.contains(table);
        if is_noted() {
            return Ok(());
        }
        let _one_at_a_time = self.shared.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if is_noted() {
            return Ok(());
        }
        let journal = {
            let state = self.lock();
            let mut journal = state.journal.clone();
            journal.tables.extend(state.infos.keys().cloned());
            journal.tables.insert(table.to_owned());
            journal
        };
        let (lake, transaction) = (self.shared.lake.clone(), self.shared.transaction.clone());
        let written = journal.clone();
        io::wait(async move { written.write(&lake, &transaction).await })?;
        // Only now may a writer of these tables begin.
        self.lock().journal = journal;
        Ok(())
    }

    /// What is written down.
    pub(super) fn journal(&self) -> Journal {
        self.lock().journal.clone()
    }

    /// Waits for writers that are putting a file down, and lets none begin any more.
    pub(super) fn shut(&self) {
        *self.shared.gate.write().unwrap_or_else(PoisonError::into_inner) = true;
    }

    /// Removes files that will not be committed. A file that was begun need not be there.
    pub(super) async fn remove(&self, files: Vec<(String, String)>) -> Result<()> {
        for (table, path) in files {
            let mut place = self.shared.lake.join(&table).prefix()?;
            for part in path.split('/') {
                place = place.join(part);
            }
            objects::delete(&self.shared.lake, &place).await?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change is a single step, so a poisoned lock guards sound data.
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn checked(info: &TableInfo, values: &[(&str, &str)]) -> Result<BTreeMap<String, String>> {
    let wrong = |cause: String| EngineError::Schema { table: info.name.clone(), cause };
    let mut partitions = BTreeMap::new();
    for (column, value) in values {
        if !info.partition_columns.iter().any(|known| known == column) {
            return Err(wrong(format!("{column} is not a partition column")));
        }
        partitions.insert((*column).to_owned(), (*value).to_owned());
    }
    Ok(partitions)
}

/// `column=value/` for each partition column. The values that count stand in the table's log,
/// so a character that is awkward in a path may be replaced here.
fn folder_of(info: &TableInfo, partitions: &BTreeMap<String, String>) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    info.partition_columns
        .iter()
        .map(|column| {
            let value = partitions.get(column).map_or("__null__", String::as_str);
            let value: String = value.chars().take(80).map(|c| if plain(c) { c } else { '_' }).collect();
            format!("{column}={value}/")
        })
        .collect()
}

/// Table and path of files.
pub(super) fn named(table: &str, files: &[DataFile]) -> BTreeSet<(String, String)> {
    files.iter().map(|file| (table.to_owned(), file.path.clone())).collect()
}
