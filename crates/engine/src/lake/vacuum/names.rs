//! The data files that a table's log names.

use std::collections::BTreeSet;

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::parquet::file::reader::ChunkReader;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use serde::Deserialize;

use super::log::{Entry, Kind};
use crate::error::{EngineError, Result};

/// The actions of a commit that name a file.
#[derive(Deserialize)]
struct Action {
    add: Option<Named>,
    remove: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    path: String,
}

/// The paths below the table's folder that an entry of the log names, whether it adds or removes them.
pub(super) async fn named(store: &dyn ObjectStore, entry: &Entry) -> Result<BTreeSet<String>> {
    let failed = |error: &object_store::Error| EngineError::store(entry.path.to_string(), error);
    let bytes = match store.get(&entry.path).await {
        Ok(found) => found.bytes().await.map_err(|error| failed(&error))?,
        Err(error) => return Err(failed(&error)),
    };
    let damaged = |cause: String| EngineError::corrupt(entry.path.to_string(), cause);
    let mut names = BTreeSet::new();
    match entry.kind {
        Kind::Commit => {
            for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                let action: Action = serde_json::from_slice(line).map_err(|e| damaged(e.to_string()))?;
                names
                    .extend([action.add, action.remove].into_iter().flatten().filter_map(|n| plain(&n.path)));
            }
        }
        Kind::Checkpoint => {
            for column in ["add", "remove"] {
                names.extend(of_column(bytes.clone(), column).map_err(damaged)?);
            }
        }
    }
    Ok(names)
}

/// The paths that a checkpoint says belong to its version.
pub(super) async fn added(store: &dyn ObjectStore, entry: &Entry) -> Result<BTreeSet<String>> {
    let failed = |error: &object_store::Error| EngineError::store(entry.path.to_string(), error);
    let found = store.get(&entry.path).await.map_err(|error| failed(&error))?;
    let bytes = found.bytes().await.map_err(|error| failed(&error))?;
    of_column(bytes, "add").map_err(|cause| EngineError::corrupt(entry.path.to_string(), cause))
}

fn of_column(
    bytes: impl ChunkReader + 'static,
    column: &str,
) -> std::result::Result<BTreeSet<String>, String> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|error| error.to_string())?;
    let path = format!("{column}.path");
    if builder.parquet_schema().columns().iter().all(|leaf| leaf.path().string() != path) {
        return Ok(BTreeSet::new());
    }
    let mask = ProjectionMask::columns(builder.parquet_schema(), [path.as_str()]);
    let reader = builder.with_projection(mask).build().map_err(|error| error.to_string())?;
    let mut names = BTreeSet::new();
    for batch in reader {
        let batch = batch.map_err(|error| error.to_string())?;
        let actions = batch.column(0).as_struct_opt().ok_or("its actions are no structures")?;
        let paths = actions.column_by_name("path").ok_or("its actions have no path")?;
        let paths = cast(paths, &DataType::Utf8).map_err(|error| error.to_string())?;
        let paths = paths.as_string::<i32>();
        let is_there = |row: &usize| actions.is_valid(*row) && paths.is_valid(*row);
        names.extend((0..paths.len()).filter(is_there).filter_map(|row| plain(paths.value(row))));
    }
    Ok(names)
}

/// Paths stand in the log as in a URL. What is no path below a folder names nothing of ours.
fn plain(path: &str) -> Option<String> {
    Path::from_url_path(path).ok().map(String::from)
}
