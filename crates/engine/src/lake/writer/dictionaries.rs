//! Which columns of a file are worth a dictionary.

use datafusion::arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use datafusion::arrow::compute::take;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::row::{RowConverter, SortField};
use rustc_hash::FxHashSet;

/// How many rows are looked at.
const SAMPLE: usize = 512;

/// A column whose sample has at least this share of different values has as good as one value a row.
const ALL_DIFFERENT: f64 = 0.97;

/// The names of the columns in which hardly any value comes twice, by a sample of the first rows: finding
/// that out value by value takes longer than writing them plainly, and makes the file no smaller.
pub(super) fn without(first: &RecordBatch) -> Vec<String> {
    if first.num_rows() < SAMPLE {
        return Vec::new();
    }
    let rows: UInt32Array = (0..SAMPLE).map(|i| (i * first.num_rows() / SAMPLE) as u32).collect();
    let schema = first.schema();
    let columns = schema.fields().iter().zip(first.columns());
    columns
        .filter(|(field, column)| {
            !field.data_type().is_nested()
                && share_of_different(column, &rows).is_ok_and(|s| s >= ALL_DIFFERENT)
        })
        .map(|(field, _)| field.name().clone())
        .collect()
}

/// How many different values there are among those of the sample that are known, 0 to 1.
fn share_of_different(column: &ArrayRef, sample: &UInt32Array) -> Result<f64, ArrowError> {
    let values = take(column, sample, None)?;
    let known = values.len() - values.null_count();
    if known < SAMPLE / 2 {
        return Ok(0.0);
    }
    let converter = RowConverter::new(vec![SortField::new(values.data_type().clone())])?;
    let rows = converter.convert_columns(std::slice::from_ref(&values))?;
    let different: FxHashSet<&[u8]> =
        (0..values.len()).filter(|&row| values.is_valid(row)).map(|row| rows.row(row).data()).collect();
    Ok(different.len() as f64 / known as f64)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{Float64Array, Int32Array, StringArray};

    use super::*;

    fn batch(rows: i32) -> RecordBatch {
        let ids: StringArray = (0..rows).map(|i| Some(format!("id {i}"))).collect();
        let few: StringArray = (0..rows).map(|i| Some(["a", "b"][i as usize % 2])).collect();
        let some: Int32Array = (0..rows).map(|i| i % 400).collect();
        let rare: Float64Array = (0..rows).map(|i| (i % 3 == 0).then_some(f64::from(i))).collect();
        let amounts: Float64Array = (0..rows).map(|i| (i % 3 > 0).then_some(f64::from(i) / 7.0)).collect();
        let columns: [(&str, ArrayRef); 5] = [
            ("ids", Arc::new(ids)),
            ("few", Arc::new(few)),
            ("some", Arc::new(some)),
            ("rare", Arc::new(rare)),
            ("amounts", Arc::new(amounts)),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true)))
            .expect("a batch")
    }

    #[test]
    fn columns_of_ids_and_amounts_go_without_a_dictionary() {
        assert_eq!(without(&batch(8_192)), ["ids", "amounts"]);
        // Too few rows tell nothing.
        assert!(without(&batch(500)).is_empty());
    }
}
