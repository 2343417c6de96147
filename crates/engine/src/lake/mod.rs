//! The lake: Delta tables that change together.
//!
//! ```text
//! lake/
//!   manifest/          a small Delta table: which version of each table counts
//!   orders/            a Delta table; its data files lie below column=value folders
//!   _staged/           what unfinished transactions have begun to write
//!   _lock              held by the one writer
//! ```
//!
//! A Delta commit covers one table. A transaction commits each table it touched and then the
//! manifest, which is what readers open: until that last commit all else is invisible, and the
//! next writer removes it, as far as a journal in `_staged` names it; what else lies in the place is
//! somebody else's and stays. So a reader sees all of a transaction or nothing of it, whenever the
//! writer is killed.

mod backup;
mod commit;
mod file;
mod inspect;
mod journal;
mod lease;
mod lock;
mod lock_names;
pub(crate) mod log;
mod manifest;
mod objects;
mod place;
mod recover;
mod rewrite;
pub mod search;
mod snapshot;
mod stager;
mod table;
mod transaction;
mod vacuum;
mod writer;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use datafusion::arrow::datatypes::SchemaRef;

pub use backup::{CopiedFile, copy_known};
pub use file::{DataFile, with_partition};
pub use inspect::{Depth, Inspection};
pub use manifest::FORMAT;
pub use snapshot::Snapshot;
pub use stager::Stager;
pub use transaction::Transaction;
pub use vacuum::{Heard, Vacuum, VacuumRequest, Vacuumed};
pub use writer::TableWriter;

use crate::error::Result;
use crate::location::Location;
use file::Standing;
use manifest::Manifest;
use table::Tables;

/// Generations in between that are looked at one by one; past more of them, what is kept of tables is read
/// anew.
const LOOKED_AT: u64 = 8;

/// A lake as of one generation of its manifest. Cheap to clone; a clone keeps its generation.
#[derive(Clone)]
pub struct Lake {
    location: Location,
    snapshot: Snapshot,
    tables: Arc<Tables>,
    wait: Duration,
}

impl Lake {
    /// Makes an empty lake. The folder is made if need be. The place must be empty: a lake that is there is
    /// an error, and so is anything else.
    #[expect(clippy::disallowed_methods, reason = "only recorded: when the lake was made")]
    pub async fn create(location: Location) -> Result<Self> {
        place::refuse_occupied(&location).await?;
        let snapshot = Manifest::create(&location, Utc::now()).await?;
        Ok(Self::new(location, snapshot, Standing::new()))
    }

    /// Opens the lake as of its newest generation.
    pub async fn open(location: Location) -> Result<Self> {
        let snapshot = Manifest::open(&location, None).await?.into_snapshot();
        let standing = rewrite::standing(&location).await?;
        Ok(Self::new(location, snapshot, standing))
    }

    fn new(location: Location, snapshot: Snapshot, standing: Standing) -> Self {
        let tables = Arc::new(Tables::new(location.clone(), standing));
        Self { location, snapshot, tables, wait: Duration::ZERO }
    }

    /// The lake, whose transactions wait so long for another writer to end; without this they fail at once.
    #[must_use]
    pub fn waiting(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// Where the lake is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// What counts in this view of the lake.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Moves this view to the newest generation.
    pub async fn refresh(&mut self) -> Result<()> {
        let newest = Manifest::open(&self.location, None).await?.into_snapshot();
        if self.may_be_rewritten(&newest).await? {
            self.tables.rewritten(rewrite::standing(&self.location).await?);
        }
        self.snapshot = newest;
        Ok(())
    }

    /// Whether history may have been rewritten since this generation, by whatever process. A rewriting makes
    /// a generation in which every table has the version that it had.
    async fn may_be_rewritten(&self, newest: &Snapshot) -> Result<bool> {
        let (from, to) = (self.snapshot.generation(), newest.generation());
        if to < from || to - from > LOOKED_AT {
            return Ok(true);
        }
        let mut before = self.snapshot.clone();
        for generation in from + 1..=to {
            let next = match generation == to {
                true => newest.clone(),
                false => self.at(generation).await?.snapshot,
            };
            if next.tables == before.tables {
                return Ok(true);
            }
            before = next;
        }
        Ok(false)
    }

    /// The lake as of its newest generation, with what this view has read of it. Costs one look at the
    /// store when nothing has been committed since.
    pub async fn newest(&self) -> Result<Self> {
        let log = self.location.join(manifest::NAME);
        if !table::has_version(&log, self.snapshot.generation() + 1).await? {
            return Ok(self.clone());
        }
        let mut newest = self.clone();
        newest.refresh().await?;
        Ok(newest)
    }

    /// The lake as it was at an earlier generation.
    pub async fn at(&self, generation: u64) -> Result<Self> {
        if let Some(snapshot) = self.tables.snapshot(generation) {
            return Ok(Self { snapshot, ..self.clone() });
        }
        let snapshot = Manifest::open(&self.location, Some(generation)).await?.into_snapshot();
        self.tables.keep(&snapshot);
        Ok(Self { snapshot, ..self.clone() })
    }

    /// The lake with these tables only, each at a version. It needs no generation of the manifest,
    /// which keeps those of late only; a vacuum that is told of the versions keeps them.
    #[must_use]
    pub fn with_versions(&self, versions: &BTreeMap<String, u64>) -> Self {
        let mut lake = self.clone();
        lake.snapshot.tables = versions.clone();
        lake
    }

    /// The files of a table, in no particular order; none when there is no such table.
    pub async fn files(&self, table: &str) -> Result<Vec<DataFile>> {
        Ok(self.all_files(table).await?.to_vec())
    }

    /// The files of a table in whose partition a column has a value.
    pub async fn files_where(&self, table: &str, column: &str, value: &str) -> Result<Vec<DataFile>> {
        let files = self.all_files(table).await?;
        Ok(with_partition(&files, column, value).cloned().collect())
    }

    /// Whether a table has any files; one that is not there has none.
    pub async fn has_files(&self, table: &str) -> Result<bool> {
        Ok(!self.all_files(table).await?.is_empty())
    }

    async fn all_files(&self, table: &str) -> Result<Arc<[DataFile]>> {
        match self.snapshot.version(table) {
            Some(version) => self.tables.files(table, version).await,
            None => Ok(Arc::new([])),
        }
    }

    /// The columns of a table, partition columns included.
    pub async fn schema(&self, table: &str) -> Result<Option<SchemaRef>> {
        match self.snapshot.version(table) {
            Some(version) => Ok(Some(self.tables.info(table, version).await?.schema.clone())),
            None => Ok(None),
        }
    }

    /// The names of a table's partition columns.
    pub async fn partition_columns(&self, table: &str) -> Result<Vec<String>> {
        match self.snapshot.version(table) {
            Some(version) => Ok(self.tables.info(table, version).await?.partition_columns.clone()),
            None => Ok(Vec::new()),
        }
    }

    /// Whether a transaction is open somewhere.
    pub async fn is_being_written(&self) -> Result<bool> {
        lock::is_held(&self.location).await
    }

    /// What lies in the lake's place that no lake has put there, by its path. It is left alone.
    pub async fn foreign_files(&self) -> Result<Vec<String>> {
        place::foreign(&self.location, &self.snapshot).await
    }

    /// Takes the write lock for a vacuum of the newest generation.
    pub async fn vacuum(&self) -> Result<Vacuum> {
        Vacuum::begin(self).await
    }

    /// What a vacuum would remove if no reader had to be minded. Writes nothing.
    pub async fn vacuumable(&self, request: &VacuumRequest) -> Result<Vacuumed> {
        vacuum::look(self, request, &|_, _| ()).await
    }

    /// Starts a transaction on the newest generation. Takes the write lock, then removes what
    /// an earlier transaction left behind when it was killed.
    pub async fn begin(&self) -> Result<Transaction> {
        Transaction::begin(self.location.clone(), Arc::clone(&self.tables), self.wait).await
    }
}
