//! Fitting record batches to the columns of a table.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::util::display::FormatOptions;

use crate::error::{EngineError, Result};

/// The schema to write a batch with: the table's, without nullable columns that the batch lacks, which
/// read as null from a file without them. Text stays laid out as it comes in: the file is the same, and a
/// dictionary need not be unpacked for it.
pub(crate) fn storable(batch: &RecordBatch, table: &SchemaRef) -> SchemaRef {
    let given = batch.schema();
    let fields: Vec<Field> = table
        .fields()
        .iter()
        .filter_map(|field| match given.field_with_name(field.name()) {
            Ok(other) if is_text(field.data_type()) && is_text(other.data_type()) => {
                Some(field.as_ref().clone().with_data_type(other.data_type().clone()))
            }
            Err(_) if field.is_nullable() => None,
            _ => Some(field.as_ref().clone()),
        })
        .collect();
    Arc::new(Schema::new(fields))
}

/// The schema with its texts laid out as views: read so from a file, a text that comes up often is not
/// copied for each row.
pub fn with_views(schema: &Schema) -> SchemaRef {
    let viewed = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 => Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View)),
        _ => Arc::clone(field),
    };
    Arc::new(Schema::new(schema.fields().iter().map(viewed).collect::<Vec<_>>()))
}

/// The fields of the table that a file has.
pub(crate) fn within(table: &SchemaRef, file: &SchemaRef) -> SchemaRef {
    let fields = table.fields().iter().filter(|field| file.field_with_name(field.name()).is_ok());
    Arc::new(Schema::new(fields.cloned().collect::<Vec<_>>()))
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, value) => is_text(value),
        _ => false,
    }
}

/// A value that does not fit is an error, never a null.
const STRICT: CastOptions<'static> = CastOptions { safe: false, format_options: FormatOptions::new() };

/// The batch with exactly the columns of the schema, matched by name and cast where needed.
/// Columns named in `ignored` may be there and are left out.
pub(crate) fn fit(
    table: &str,
    batch: &RecordBatch,
    schema: &SchemaRef,
    ignored: &[String],
) -> Result<RecordBatch> {
    let wrong = |cause: String| EngineError::Schema { table: table.to_owned(), cause };
    for field in batch.schema().fields() {
        if schema.field_with_name(field.name()).is_err() && !ignored.contains(field.name()) {
            return Err(wrong(format!("the table has no column {}", field.name())));
        }
    }
    let column = |field: &Arc<Field>| -> Result<ArrayRef> {
        match batch.column_by_name(field.name()) {
            Some(array) if array.data_type() == field.data_type() => Ok(Arc::clone(array)),
            Some(array) => cast_with_options(array, field.data_type(), &STRICT)
                .map_err(|error| wrong(format!("column {}: {error}", field.name()))),
            None if field.is_nullable() => Ok(new_null_array(field.data_type(), batch.num_rows())),
            None => Err(wrong(format!("the column {} is missing", field.name()))),
        }
    };
    let columns = schema.fields().iter().map(column).collect::<Result<Vec<_>>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
        .map_err(|error| wrong(error.to_string()))
}
