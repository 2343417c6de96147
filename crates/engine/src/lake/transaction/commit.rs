//! Commits of single Delta tables.

use std::collections::HashMap;

use datafusion::arrow::datatypes::{DataType, SchemaRef};
use deltalake_core::kernel::engine::arrow_conversion::TryIntoKernel as _;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake_core::kernel::{Action, MetadataExt as _, StructField, StructType};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, TableProperty};

use crate::error::{EngineError, Result};
use crate::lake::table;
use crate::location::Location;

/// A checkpoint every so many versions keeps the opening of a table fast.
const CHECKPOINT_EVERY: u64 = 20;

/// Never retried: another commit means another writer. Never cleaned up: old versions stay
/// readable, so that a run can be repeated.
fn properties() -> CommitProperties {
    CommitProperties::default()
        .with_max_retries(0)
        .with_create_checkpoint(false)
        .with_cleanup_expired_logs(Some(false))
}

/// Makes a table, with its first files, as version 0.
pub(in crate::lake) async fn create(
    at: &Location,
    name: &str,
    schema: &SchemaRef,
    partition_columns: &[String],
    extra: &[(String, String)],
    actions: Vec<Action>,
) -> Result<()> {
    let columns: StructType =
        schema.as_ref().try_into_kernel().map_err(|error: datafusion::arrow::error::ArrowError| {
            EngineError::Schema { table: name.to_owned(), cause: error.to_string() }
        })?;
    let keep_log = TableProperty::EnableExpiredLogCleanup.as_ref().to_owned();
    let configuration = [(keep_log, "false".to_owned())]
        .into_iter()
        .chain(extra.iter().cloned())
        .map(|(key, value)| (key, Some(value)));
    let fields: Vec<StructField> = columns.fields().cloned().collect();
    CreateBuilder::new()
        .with_log_store(table::handle(at)?.log_store())
        .with_table_name(name)
        .with_columns(fields)
        .with_partition_columns(partition_columns.to_vec())
        .with_configuration(configuration)
        .with_raise_if_key_not_exists(false)
        .with_save_mode(SaveMode::ErrorIfExists)
        .with_commit_properties(properties())
        .with_actions(actions)
        .await
        .map(|_| ())
        .map_err(|error| match &error {
            deltalake_core::DeltaTableError::GenericError { source }
                if source.to_string().contains("already exists") =>
            {
                EngineError::AlreadyExists { what: format!("the table {name}"), at: at.to_string() }
            }
            error => EngineError::delta(at.to_string(), error),
        })
}

/// The actions that give a table other columns.
pub(in crate::lake) fn metadata(
    at: &Location,
    delta: &DeltaTable,
    schema: &SchemaRef,
) -> Result<Vec<Action>> {
    let failed = |error| EngineError::delta(at.to_string(), &error);
    let columns: StructType =
        schema.as_ref().try_into_kernel().map_err(|error: datafusion::arrow::error::ArrowError| {
            EngineError::Schema { table: at.to_string(), cause: error.to_string() }
        })?;
    let wrong = |cause: String| EngineError::Schema { table: at.to_string(), cause };
    let state = delta.snapshot().map_err(failed)?;
    let metadata =
        state.metadata().clone().with_schema(&columns).map_err(|error| wrong(error.to_string()))?;
    let mut actions = vec![Action::Metadata(metadata)];
    // A table that was made without such a column does not allow them yet.
    let has_local_times =
        schema.fields().iter().any(|field| matches!(field.data_type(), DataType::Timestamp(_, None)));
    let features = serde_json::json!({
        "minReaderVersion": 3,
        "minWriterVersion": 7,
        "readerFeatures": ["timestampNtz"],
        "writerFeatures": ["timestampNtz"],
    });
    let protocol = serde_json::from_value(features).map_err(|error| wrong(error.to_string()))?;
    if has_local_times && protocol != *state.protocol() {
        actions.insert(0, Action::Protocol(protocol));
    }
    Ok(actions)
}

/// Commits the next version of a table; fails with a conflict if that version is taken.
pub(in crate::lake) async fn append(
    at: &Location,
    delta: &DeltaTable,
    actions: Vec<Action>,
    transaction: &str,
) -> Result<u64> {
    let failed = |error| EngineError::delta(at.to_string(), &error);
    let state = delta.snapshot().map_err(failed)?;
    let operation = DeltaOperation::Write { mode: SaveMode::Append, partition_by: None, predicate: None };
    let note = HashMap::from([("transaction".to_owned(), transaction.into())]);
    let done = CommitBuilder::from(properties())
        .with_actions(actions)
        .with_app_metadata(note)
        .build(Some(state), delta.log_store(), operation)
        .await
        .map_err(failed)?;
    if done.version() != state.version() + 1 {
        return Err(EngineError::Conflict { at: at.to_string() });
    }
    Ok(done.version())
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
