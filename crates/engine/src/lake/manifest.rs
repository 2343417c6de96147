//! The manifest: the small Delta table that says which version of each table counts.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{
    DataType, Field, Int64Type, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType,
};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::parquet::file::metadata::KeyValue;
use deltalake_core::DeltaTable;
use deltalake_core::kernel::{Action, Add};
use object_store::ObjectStoreExt as _;
use object_store::path::Path;

use super::commit::{self, Maker};
use super::snapshot::Snapshot;
use super::{log, objects, table};
use crate::error::{EngineError, Result};
use crate::integrity::sums::{KEY, SEALED, Summing};
use crate::location::Location;

/// The format of lakes that this release writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// Where the format stands in the table's own properties, so that an older release can refuse
/// a lake without reading its data.
const FORMAT_KEY: &str = "lake.formatVersion";
pub(super) const NAME: &str = "manifest";

/// The next generation, written but not committed.
pub(super) struct Staged {
    next: Snapshot,
    actions: Vec<Action>,
    at_ms: i64,
}

/// The manifest at one generation.
pub(super) struct Manifest {
    lake: Location,
    delta: DeltaTable,
    snapshot: Snapshot,
}

impl Manifest {
    /// Makes the manifest of an empty lake.
    pub async fn create(lake: &Location, now: DateTime<Utc>) -> Result<Snapshot> {
        let at = lake.join(NAME);
        let properties = [(FORMAT_KEY.to_owned(), FORMAT.to_string())];
        let id = uuid::Uuid::new_v4().simple().to_string();
        let maker = Maker { transaction: &id, at_ms: now.timestamp_millis() };
        match commit::create(&at, NAME, &schema(), &[], &properties, Vec::new(), maker).await {
            Ok(()) => Ok(Self::open(lake, None).await?.snapshot),
            Err(EngineError::AlreadyExists { .. } | EngineError::Conflict { .. }) => {
                Err(EngineError::AlreadyExists { what: ("a lake", "数据湖").into(), at: lake.to_string() })
            }
            Err(error) => Err(error),
        }
    }

    /// Whether a lake was made at the place, of whatever format.
    pub async fn is_there(lake: &Location) -> Result<bool> {
        let first = objects::get(lake, &log::place(&lake.join(NAME), 0)?).await?;
        let text = first.unwrap_or_default();
        Ok(String::from_utf8_lossy(&text).contains(FORMAT_KEY))
    }

    /// The transaction that made a generation; none when there is no such generation.
    pub async fn maker(lake: &Location, generation: u64) -> Result<Option<String>> {
        let entry = objects::get(lake, &log::place(&lake.join(NAME), generation)?).await?;
        // Whoever made one that does not say so, it was not one of ours.
        Ok(entry.map(|entry| log::maker(&entry).unwrap_or_default()))
    }

    /// Makes the next generation, the same as this one: what somebody else builds on this one cannot be
    /// committed any more. A conflict when somebody has made the next generation already.
    pub async fn fence(&self, transaction: &str, now: DateTime<Utc>) -> Result<()> {
        let at = self.lake.join(NAME);
        log::commit(&at, self.snapshot.generation + 1, &[], transaction, now.timestamp_millis()).await
    }

    /// Reads the manifest at a generation, or the newest.
    pub async fn open(lake: &Location, generation: Option<u64>) -> Result<Self> {
        let at = lake.join(NAME);
        let what = || match generation {
            Some(generation) => {
                (format!("generation {generation} of the lake"), format!("数据湖的第 {generation} 代")).into()
            }
            None => ("a lake", "数据湖").into(),
        };
        let missing = || EngineError::NotFound { what: what(), at: lake.to_string() };
        if at.as_folder().is_some_and(|folder| !folder.is_dir()) {
            return Err(missing());
        }
        if let Some(generation) = generation
            && !table::has_version(&at, generation).await?
        {
            return Err(missing());
        }
        let delta = match table::open(&at, generation).await {
            Err(EngineError::NotFound { .. }) => return Err(missing()),
            opened => opened?,
        };
        let state = delta.snapshot().map_err(|error| EngineError::delta(at.to_string(), &error))?;
        check_format(lake, state.metadata().configuration())?;
        let files: Vec<String> = state
            .snapshot()
            .try_log_data()
            .map_err(|error| EngineError::delta(at.to_string(), &error))?
            .iter()
            .map(|view| view.path().into_owned())
            .collect();
        let mut snapshot = Snapshot {
            generation: state.version(),
            tables: BTreeMap::new(),
            message: String::new(),
            committed_at: None,
            transaction: String::new(),
        };
        for file in files {
            read(&delta, &at, &file, &mut snapshot).await?;
        }
        Ok(Self { lake: lake.clone(), delta, snapshot })
    }

    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    pub fn into_snapshot(self) -> Snapshot {
        self.snapshot
    }

    /// Writes what the next generation says, which does not count yet.
    pub async fn stage(
        &self,
        tables: BTreeMap<String, u64>,
        transaction: &str,
        message: &str,
        now: DateTime<Utc>,
    ) -> Result<Staged> {
        let at = self.lake.join(NAME);
        let next = Snapshot {
            generation: self.snapshot.generation + 1,
            tables,
            message: message.to_owned(),
            committed_at: DateTime::from_timestamp_micros(now.timestamp_micros()),
            transaction: transaction.to_owned(),
        };
        let bytes = encode(&next).map_err(|error| EngineError::corrupt(at.to_string(), error))?;
        let path = format!("part-{transaction}{SEALED}");
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        // Created, not put: a created file is on the disk before the commit that names it.
        objects::create(&self.lake, &at.prefix()?.join(path.as_str()), bytes).await?;
        let mut actions = self.replaced(now)?;
        actions.push(Action::Add(Add {
            path,
            size,
            modification_time: now.timestamp_millis(),
            data_change: true,
            stats: Some(format!("{{\"numRecords\":{}}}", next.tables.len())),
            ..Add::default()
        }));
        Ok(Staged { next, actions, at_ms: now.timestamp_millis() })
    }

    /// Makes the next generation, in a single conditional write. Fails with a conflict when somebody else
    /// made it first. After another error it may count all the same; [`Self::maker`] tells.
    pub async fn commit(&self, staged: Staged) -> Result<Snapshot> {
        let Staged { next, actions, at_ms } = staged;
        log::commit(&self.lake.join(NAME), next.generation, &actions, &next.transaction, at_ms).await?;
        Ok(next)
    }

    fn replaced(&self, now: DateTime<Utc>) -> Result<Vec<Action>> {
        let at = || self.lake.join(NAME).to_string();
        let state = self.delta.snapshot().map_err(|error| EngineError::delta(at(), &error))?;
        let log = state.snapshot().try_log_data().map_err(|error| EngineError::delta(at(), &error))?;
        Ok(log
            .iter()
            .map(|view| {
                let mut remove = view.remove_action(true);
                remove.deletion_timestamp = Some(now.timestamp_millis());
                Action::Remove(remove)
            })
            .collect())
    }
}

fn check_format(lake: &Location, properties: &HashMap<String, String>) -> Result<()> {
    let at = lake.to_string();
    let text = properties
        .get(FORMAT_KEY)
        .ok_or_else(|| EngineError::corrupt(at.clone(), format!("the manifest has no {FORMAT_KEY}")))?;
    let found: u32 = text
        .parse()
        .map_err(|_| EngineError::corrupt(at.clone(), format!("the manifest's {FORMAT_KEY} is {text:?}")))?;
    if FORMAT < found {
        return Err(EngineError::NewerVersion { at, found, supported: FORMAT });
    }
    Ok(())
}

fn schema() -> SchemaRef {
    let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        Field::new("table", DataType::Utf8, false),
        Field::new("version", DataType::Int64, false),
        Field::new("message", DataType::Utf8, false),
        Field::new("committed_at", utc, true),
        Field::new("transaction", DataType::Utf8, false),
    ]))
}

fn encode(snapshot: &Snapshot) -> std::result::Result<Vec<u8>, Box<dyn std::error::Error>> {
    let rows = snapshot.tables.len();
    let versions: Result<Vec<i64>, _> =
        snapshot.tables.values().map(|version| i64::try_from(*version)).collect();
    let at = snapshot.committed_at.map(|at| at.timestamp_micros());
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(snapshot.tables.keys())),
        Arc::new(Int64Array::from(versions?)),
        Arc::new(StringArray::from(vec![snapshot.message.as_str(); rows])),
        Arc::new(TimestampMicrosecondArray::from(vec![at; rows]).with_timezone("UTC")),
        Arc::new(StringArray::from(vec![snapshot.transaction.as_str(); rows])),
    ];
    let batch = RecordBatch::try_new(schema(), columns)?;
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(Summing::new(&mut bytes), schema(), None)?;
    writer.write(&batch)?;
    writer.flush()?;
    writer.sync()?;
    let sums = writer.inner_mut().end_body();
    writer.append_key_value_metadata(KeyValue::new(KEY.to_owned(), sums));
    writer.finish()?;
    writer.inner_mut().seal()?;
    drop(writer);
    Ok(bytes)
}

async fn read(delta: &DeltaTable, at: &Location, path: &str, snapshot: &mut Snapshot) -> Result<()> {
    let store = delta.log_store().object_store(None);
    let place = || format!("{at}/{path}");
    let failed = |error: &object_store::Error| EngineError::store(place(), error);
    let bytes = match store.get(&Path::from(path)).await {
        Ok(found) => found.bytes().await.map_err(|error| failed(&error))?,
        Err(error) => return Err(failed(&error)),
    };
    let damaged = |error: String| EngineError::corrupt(place(), error);
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes)
        .and_then(|builder| builder.build())
        .map_err(|error| damaged(error.to_string()))?;
    let batches: std::result::Result<Vec<RecordBatch>, _> = reader.collect();
    let batches = batches.map_err(|error| damaged(error.to_string()))?;
    let Some(first) = batches.first() else { return Ok(()) };
    let rows = concat_batches(&first.schema(), &batches).map_err(|error| damaged(error.to_string()))?;
    let column =
        |name: &str| rows.column_by_name(name).ok_or_else(|| damaged(format!("it has no column {name}")));
    let wrong = || damaged("its columns have other types than expected".into());
    let names = column("table")?.as_string_opt::<i32>().ok_or_else(wrong)?;
    let versions = column("version")?.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
    let messages = column("message")?.as_string_opt::<i32>().ok_or_else(wrong)?;
    let times = column("committed_at")?.as_primitive_opt::<TimestampMicrosecondType>().ok_or_else(wrong)?;
    let writers = column("transaction")?.as_string_opt::<i32>().ok_or_else(wrong)?;
    for row in 0..rows.num_rows() {
        let version = u64::try_from(versions.value(row)).map_err(|_| wrong())?;
        snapshot.tables.insert(names.value(row).to_owned(), version);
        snapshot.message = messages.value(row).to_owned();
        snapshot.transaction = writers.value(row).to_owned();
        snapshot.committed_at =
            times.is_valid(row).then(|| DateTime::from_timestamp_micros(times.value(row))).flatten();
    }
    Ok(())
}
