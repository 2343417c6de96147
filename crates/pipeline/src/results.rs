//! What the tables of results share: they are partitioned by run and bucket, and get wider as
//! metrics and schemes are added.

use std::sync::Arc;

use clientele_engine::arrow::datatypes::{DataType, Field, Schema};
use clientele_engine::{EngineError, Lake, Transaction};

/// The table of every customer's tiers, run by run.
pub const LABELS: &str = "labels";

/// The partition columns.
pub const PARTITIONS: [&str; 2] = ["run", "bucket"];

/// Adds the partition columns to the columns of a query.
pub fn partitioned(schema: Schema) -> Schema {
    let mut fields: Vec<Field> = schema.fields().iter().map(|f| f.as_ref().clone()).collect();
    fields.push(Field::new("run", DataType::Utf8, true));
    fields.push(Field::new("bucket", DataType::Int32, true));
    Schema::new(fields)
}

/// Makes the table, or adds the columns that it lacks.
pub async fn prepare(
    transaction: &mut Transaction,
    lake: &Lake,
    table: &str,
    schema: Schema,
) -> Result<(), EngineError> {
    if lake.schema(table).await?.is_none() {
        return transaction.create_table(table, Arc::new(schema), &PARTITIONS);
    }
    let columns: Vec<Field> = schema.fields().iter().map(|f| f.as_ref().clone()).collect();
    transaction.widen_table(table, &columns)
}
