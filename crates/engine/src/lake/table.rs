//! Delta tables, each loaded once per version.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use deltalake_core::{DeltaTable, DeltaTableBuilder};
use object_store::ObjectStoreExt as _;

use super::file::{DataFile, Standing, below};
use super::snapshot::Snapshot;
use crate::error::{EngineError, Result};
use crate::location::Location;

/// What is the same for all files of a table.
#[derive(Debug, Clone)]
pub(super) struct TableInfo {
    pub name: String,
    pub location: Location,
    /// All columns.
    pub schema: SchemaRef,
    pub partition_columns: Vec<String>,
    /// The columns inside the files: all but the partition columns.
    pub file_schema: SchemaRef,
}

impl TableInfo {
    pub fn new(name: &str, location: Location, schema: SchemaRef, partition_columns: Vec<String>) -> Self {
        let inside: Vec<Arc<Field>> = schema
            .fields()
            .iter()
            .filter(|field| !partition_columns.contains(field.name()))
            .cloned()
            .collect();
        let file_schema = Arc::new(Schema::new(inside));
        Self { name: name.to_owned(), location, schema, partition_columns, file_schema }
    }
}

/// Versions of a table that are kept: what runs that are looked at have read, and what counts now.
const VERSIONS: usize = 4;
/// Generations that are kept.
const GENERATIONS: usize = 64;

#[derive(Clone)]
struct Loaded {
    version: u64,
    delta: Arc<DeltaTable>,
    info: Arc<TableInfo>,
    /// Made of the log when first asked for.
    files: Arc<OnceLock<Arc<[DataFile]>>>,
}

#[derive(Default)]
struct Kept {
    /// By table, the version used last at the end.
    by_table: HashMap<String, Vec<Loaded>>,
    /// How often all were let go of.
    cleared: u64,
}

/// The tables of a lake that were used lately.
pub(super) struct Tables {
    lake: Location,
    /// What stands for files that logs may still name.
    standing: RwLock<Standing>,
    loaded: Mutex<Kept>,
    snapshots: Mutex<BTreeMap<u64, Snapshot>>,
}

impl Tables {
    pub fn new(lake: Location, standing: Standing) -> Self {
        Self { lake, standing: RwLock::new(standing), loaded: Mutex::default(), snapshots: Mutex::default() }
    }

    pub async fn delta(&self, table: &str, version: u64) -> Result<Arc<DeltaTable>> {
        Ok(self.load(table, version).await?.delta)
    }

    pub async fn info(&self, table: &str, version: u64) -> Result<Arc<TableInfo>> {
        Ok(self.load(table, version).await?.info)
    }

    pub async fn files(&self, table: &str, version: u64) -> Result<Arc<[DataFile]>> {
        let loaded = self.load(table, version).await?;
        if let Some(files) = loaded.files.get() {
            return Ok(Arc::clone(files));
        }
        let at = || loaded.info.location.to_string();
        let url = loaded.info.location.url()?;
        let state = loaded.delta.snapshot().map_err(|error| EngineError::delta(at(), &error))?;
        let log = state.snapshot().try_log_data().map_err(|error| EngineError::delta(at(), &error))?;
        let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
        let standing = standing.get(table);
        let stands = |file: DataFile| match standing.and_then(|standing| standing.get(&file.path)) {
            Some(new) => DataFile { url: below(&url, &new.path), partitions: file.partitions, ..new.clone() },
            None => file,
        };
        let files = log.iter().map(|view| stands(DataFile::from_view(&url, &view))).collect();
        Ok(Arc::clone(loaded.files.get_or_init(|| files)))
    }

    /// A generation of the manifest that was read before.
    pub fn snapshot(&self, generation: u64) -> Option<Snapshot> {
        self.snapshots.lock().unwrap_or_else(PoisonError::into_inner).get(&generation).cloned()
    }

    /// Keeps a generation of the manifest, which never changes.
    pub fn keep(&self, snapshot: &Snapshot) {
        let mut snapshots = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner);
        snapshots.insert(snapshot.generation(), snapshot.clone());
        if snapshots.len() > GENERATIONS {
            snapshots.pop_first();
        }
    }

    async fn load(&self, table: &str, version: u64) -> Result<Loaded> {
        if let Some(known) = self.known(table, version) {
            return Ok(known);
        }
        let cleared = self.lock().cleared;
        let location = self.lake.join(table);
        let at = || location.to_string();
        let delta = match self.before(table, version) {
            // Only the log since then is read.
            Some(mut delta) => {
                delta.load_version(version).await.map_err(|error| EngineError::delta(at(), &error))?;
                delta
            }
            None => match open(&location, Some(version)).await {
                // The manifest names it, so it was there.
                Err(EngineError::NotFound { .. }) => {
                    return Err(EngineError::corrupt(
                        at(),
                        format!("version {version} of the table is not there"),
                    ));
                }
                opened => opened?,
            },
        };
        let state = delta.snapshot().map_err(|error| EngineError::delta(at(), &error))?;
        let schema = state.snapshot().arrow_schema();
        let partition_columns = state.metadata().partition_columns().to_vec();
        let info = TableInfo::new(table, location.clone(), schema, partition_columns);
        let (delta, info) = (Arc::new(delta), Arc::new(info));
        let loaded = Loaded { version, delta, info, files: Arc::default() };
        self.put(table, loaded.clone(), cleared);
        Ok(loaded)
    }

    /// Lets go of all tables: their logs have been rewritten, or are being.
    pub fn rewritten(&self, standing: Standing) {
        *self.standing.write().unwrap_or_else(PoisonError::into_inner) = standing;
        let mut kept = self.lock();
        kept.by_table.clear();
        kept.cleared += 1;
    }

    fn known(&self, table: &str, version: u64) -> Option<Loaded> {
        let mut kept = self.lock();
        let versions = kept.by_table.get_mut(table)?;
        let place = versions.iter().position(|loaded| loaded.version == version)?;
        let found = versions.remove(place);
        versions.push(found.clone());
        Some(found)
    }

    /// The newest version that is at hand and older than another.
    fn before(&self, table: &str, version: u64) -> Option<DeltaTable> {
        let kept = self.lock();
        let older = kept.by_table.get(table)?.iter().filter(|loaded| loaded.version < version);
        older.max_by_key(|loaded| loaded.version).map(|loaded| loaded.delta.as_ref().clone())
    }

    /// Keeps what was loaded, unless all was let go of since the loading began: it may be of a log from
    /// before.
    fn put(&self, table: &str, loaded: Loaded, cleared: u64) {
        let mut kept = self.lock();
        if kept.cleared != cleared {
            return;
        }
        let versions = kept.by_table.entry(table.to_owned()).or_default();
        versions.retain(|known| known.version != loaded.version);
        versions.push(loaded);
        if versions.len() > VERSIONS {
            versions.remove(0);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // The map is only ever changed entry by entry, so a poisoned lock guards sound data.
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A handle on a Delta table that may not exist yet.
pub(super) fn handle(location: &Location) -> Result<DeltaTable> {
    let url = location.url()?;
    let store = crate::stores::checked(&url)?;
    DeltaTableBuilder::from_url(url.clone())
        .and_then(|builder| builder.with_storage_backend(store, url).build())
        .map_err(|error| EngineError::delta(location.to_string(), &error))
}

/// Opens a Delta table at a version, or at its newest.
pub(super) async fn open(location: &Location, version: Option<u64>) -> Result<DeltaTable> {
    let mut table = handle(location)?;
    let loaded = match version {
        Some(version) => table.load_version(version).await,
        None => table.load().await,
    };
    loaded.map_err(|error| EngineError::delta(location.to_string(), &error))?;
    Ok(table)
}

/// Whether a version of a table was committed. Log entries are never cleaned up here.
pub(super) async fn has_version(location: &Location, version: u64) -> Result<bool> {
    let entry = location.prefix()?.join("_delta_log").join(format!("{version:020}.json"));
    match location.store()?.head(&entry).await {
        Ok(_) => Ok(true),
        Err(object_store::Error::NotFound { .. }) => Ok(false),
        Err(error) => Err(EngineError::store(entry.to_string(), &error)),
    }
}
