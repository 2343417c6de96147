//! Commits of single Delta tables.

use datafusion::arrow::datatypes::{DataType, SchemaRef};
use deltalake_core::kernel::engine::arrow_conversion::TryIntoKernel as _;
use deltalake_core::kernel::{Action, MetadataExt as _, Protocol, StructType, new_metadata};
use deltalake_core::{DeltaTable, TableProperty};

use crate::error::{EngineError, Result};
use crate::lake::{log, table};
use crate::location::Location;

/// A checkpoint every so many versions keeps the opening of a table fast.
const CHECKPOINT_EVERY: u64 = 20;

/// Makes a table, with its first files, as version 0.
pub(in crate::lake) async fn create(
    at: &Location,
    name: &str,
    schema: &SchemaRef,
    partition_columns: &[String],
    extra: &[(String, String)],
    actions: Vec<Action>,
    maker: Maker<'_>,
) -> Result<()> {
    let columns = columns(name, schema)?;
    // Old versions stay readable, so that a run can be repeated.
    let keep_log = (TableProperty::EnableExpiredLogCleanup.as_ref().to_owned(), "false".to_owned());
    let properties = [keep_log].into_iter().chain(extra.iter().cloned());
    let wrong = |cause: String| EngineError::Schema { table: at.to_string(), cause };
    let metadata = new_metadata(&columns, partition_columns, properties)
        .and_then(|metadata| metadata.with_name(name.to_owned()))
        .map_err(|error| wrong(error.to_string()))?;
    let mut all = vec![Action::Protocol(protocol(at, schema)?), Action::Metadata(metadata)];
    all.extend(actions);
    match log::commit(at, 0, &all, maker.transaction, maker.at_ms).await {
        Err(EngineError::Conflict { .. }) => {
            let what = (format!("the table {name}"), format!("表 {name}")).into();
            Err(EngineError::AlreadyExists { what, at: at.to_string() })
        }
        done => done,
    }
}

/// Who commits, and when.
#[derive(Clone, Copy)]
pub(in crate::lake) struct Maker<'a> {
    /// The transaction's id.
    pub transaction: &'a str,
    /// In milliseconds since 1970.
    pub at_ms: i64,
}

fn columns(table: &str, schema: &SchemaRef) -> Result<StructType> {
    schema.as_ref().try_into_kernel().map_err(|error: datafusion::arrow::error::ArrowError| {
        EngineError::Schema { table: table.to_owned(), cause: error.to_string() }
    })
}

fn has_local_times(schema: &SchemaRef) -> bool {
    schema.fields().iter().any(|field| matches!(field.data_type(), DataType::Timestamp(_, None)))
}

/// Times of no timezone have to be allowed.
fn protocol(at: &Location, schema: &SchemaRef) -> Result<Protocol> {
    let versions = if has_local_times(schema) {
        serde_json::json!({
            "minReaderVersion": 3,
            "minWriterVersion": 7,
            "readerFeatures": ["timestampNtz"],
            "writerFeatures": ["timestampNtz"],
        })
    } else {
        serde_json::json!({ "minReaderVersion": 1, "minWriterVersion": 2 })
    };
    serde_json::from_value(versions)
        .map_err(|error| EngineError::Schema { table: at.to_string(), cause: error.to_string() })
}

/// The actions that give a table other columns.
pub(in crate::lake) fn metadata(
    at: &Location,
    delta: &DeltaTable,
    schema: &SchemaRef,
) -> Result<Vec<Action>> {
    let failed = |error| EngineError::delta(at.to_string(), &error);
    let columns = columns(&at.to_string(), schema)?;
    let wrong = |cause: String| EngineError::Schema { table: at.to_string(), cause };
    let state = delta.snapshot().map_err(failed)?;
    let metadata =
        state.metadata().clone().with_schema(&columns).map_err(|error| wrong(error.to_string()))?;
    let mut actions = vec![Action::Metadata(metadata)];
    // A table that was made without such a column does not allow them yet.
    let protocol = protocol(at, schema)?;
    if has_local_times(schema) && protocol != *state.protocol() {
        actions.insert(0, Action::Protocol(protocol));
    }
    Ok(actions)
}

/// Writes a checkpoint now and then. A table without one only opens more slowly.
pub(in crate::lake) async fn checkpoint(at: &Location, version: u64) {
    if version == 0 || !version.is_multiple_of(CHECKPOINT_EVERY) {
        return;
    }
    if let Ok(delta) = table::open(at, Some(version)).await {
        deltalake_core::checkpoints::create_checkpoint(&delta, None).await.ok();
    }
}
