//! The data files of all versions of a table, and their rows.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use deltalake_core::kernel::Action;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};

use super::log::{self, Listing};
use crate::error::{EngineError, Result};
use crate::lake::file::DataFile;
use crate::lake::table;
use crate::location::Location;

/// How many entries of a log are read at a time.
const AT_ONCE: usize = 16;

/// Every data file that a version of the table names and that is still there, in the order of their paths.
pub(in crate::lake) async fn files(at: &Location) -> Result<Vec<DataFile>> {
    let (store, folder, url) = (at.store()?, at.prefix()?, at.url()?);
    let listing = Listing::of(store.as_ref(), &folder.clone().join(log::FOLDER)).await?;
    let mut found: BTreeMap<String, DataFile> = BTreeMap::new();
    // Where the log was cut, what was added before the cut is in the first checkpoint.
    let is_whole = listing.entries.first().and_then(log::version) == Some(0);
    if let Some(first) = listing.checkpoints.first().and_then(log::version).filter(|_| !is_whole) {
        let delta = table::open(at, Some(first)).await?;
        let failed = |error| EngineError::delta(at.to_string(), &error);
        let state = delta.snapshot().map_err(failed)?;
        for view in state.snapshot().try_log_data().map_err(failed)?.iter() {
            let file = DataFile::from_view(&url, &view);
            found.insert(file.path.clone(), file);
        }
    }
    let reading = futures::stream::iter(listing.entries).map(|path| adds(Arc::clone(&store), path));
    let entries: Vec<Vec<_>> = reading.buffered(AT_ONCE).try_collect().await?;
    for add in entries.into_iter().flatten() {
        let file = DataFile::from_add(&url, add);
        found.insert(file.path.clone(), file);
    }
    let there = store.list(Some(&folder)).map_ok(|meta| meta.location).try_collect::<HashSet<Path>>().await;
    let there = there.map_err(|error| EngineError::store(at.to_string(), &error))?;
    let is_there = |file: &DataFile| there.contains(&place(&folder, &file.path));
    Ok(found.into_values().filter(is_there).collect())
}

async fn adds(store: Arc<dyn ObjectStore>, path: Path) -> Result<Vec<deltalake_core::kernel::Add>> {
    let failed = |error: &object_store::Error| EngineError::store(path.to_string(), error);
    let found = store.get(&path).await.map_err(|error| failed(&error))?;
    let bytes = found.bytes().await.map_err(|error| failed(&error))?;
    let damaged = |error: String| EngineError::corrupt(path.to_string(), error);
    let text = std::str::from_utf8(&bytes).map_err(|error| damaged(error.to_string()))?;
    let mut adds = Vec::new();
    for line in text.lines().filter(|line| line.contains("\"add\"")) {
        let action: Action = serde_json::from_str(line).map_err(|error| damaged(error.to_string()))?;
        if let Action::Add(add) = action {
            adds.push(add);
        }
    }
    Ok(adds)
}

/// The rows of a data file with the columns that it holds, of these only those named when any are. Columns
/// by which the table is partitioned are not among them.
pub(in crate::lake) async fn rows(
    at: &Location,
    file: &DataFile,
    columns: Option<&[&str]>,
) -> Result<Vec<RecordBatch>> {
    let path = place(&at.prefix()?, &file.path);
    let failed = |error: &object_store::Error| EngineError::store(path.to_string(), error);
    let found = at.store()?.get(&path).await.map_err(|error| failed(&error))?;
    let bytes = found.bytes().await.map_err(|error| failed(&error))?;
    let damaged = |error: String| EngineError::corrupt(path.to_string(), error);
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|e| damaged(e.to_string()))?;
    let builder = match columns {
        None => builder,
        Some(columns) => {
            let schema = builder.schema();
            let places: Vec<usize> = columns.iter().filter_map(|name| schema.index_of(name).ok()).collect();
            let mask = ProjectionMask::roots(builder.parquet_schema(), places);
            builder.with_projection(mask)
        }
    };
    let reader = builder.build().map_err(|error| damaged(error.to_string()))?;
    reader.collect::<std::result::Result<_, _>>().map_err(|error| damaged(error.to_string()))
}

fn place(folder: &Path, path: &str) -> Path {
    path.split('/').fold(folder.clone(), Path::join)
}
