//! Rows with a column of texts put in.

use std::sync::Arc;

use clientele_engine::arrow::array::{ArrayRef, RecordBatch, StringArray};
use clientele_engine::arrow::datatypes::{DataType, Field, Schema};

use super::super::error::ImportError;

/// The rows with a column of one text; a column of that name is replaced.
pub fn with_text(rows: &RecordBatch, name: &str, value: &str) -> Result<RecordBatch, ImportError> {
    with_texts(rows, name, vec![value; rows.num_rows()])
}

/// The rows with a column of texts; a column of that name is replaced.
pub fn with_texts(rows: &RecordBatch, name: &str, values: Vec<&str>) -> Result<RecordBatch, ImportError> {
    let schema = rows.schema();
    let mut fields: Vec<Arc<Field>> = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for (field, column) in schema.fields().iter().zip(rows.columns()) {
        if field.name() != name {
            fields.push(Arc::clone(field));
            columns.push(Arc::clone(column));
        }
    }
    fields.push(Arc::new(Field::new(name, DataType::Utf8, true)));
    columns.push(Arc::new(StringArray::from(values)));
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}
