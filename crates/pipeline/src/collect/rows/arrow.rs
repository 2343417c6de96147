//! Rows → record batches, sorted as the lake keeps them.

use std::sync::Arc;

use clientele_engine::arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array, RecordBatch,
    StringArray, StringBuilder, TimestampMicrosecondArray,
};
use clientele_engine::arrow::buffer::NullBuffer;
use clientele_engine::arrow::datatypes::Int32Type;
use clientele_engine::arrow::error::ArrowError;

use super::super::values::number::ONE;
use super::{NO_WORD, NONE, NumKind, Rows, Shape, Texts};

/// What the rows of one bucket share.
#[derive(Debug, Clone)]
pub struct WriteContext {
    /// The bucket's number.
    pub bucket: i32,
    /// The first customer key of the bucket.
    pub first_key: i32,
    /// The customer ids of the bucket, by key from the first.
    pub customer_ids: ArrayRef,
    /// The family of the source.
    pub source: Arc<str>,
    /// The words of each column of codes.
    pub words: Vec<ArrayRef>,
}

/// Sorts rows by customer, time and id, and lays them out as the lake wants them.
pub fn to_batch(rows: &Rows, shape: &Shape, context: &WriteContext) -> Result<RecordBatch, ArrowError> {
    let order = sorted(rows);
    let mut columns: Vec<(&str, ArrayRef)> = Vec::with_capacity(24);
    columns.push(("bucket", Arc::new(Int32Array::from_value(context.bucket, rows.len()))));
    let keys: Vec<i32> = order.iter().map(|&i| rows.key[i as usize]).collect();
    if shape.customer_id {
        let within = keys.iter().map(|key| key - context.first_key).collect::<Vec<_>>();
        columns.push(("customer_id", dictionary(within, None, &context.customer_ids)?));
    }
    columns.push(("customer_key", Arc::new(Int32Array::from(keys))));
    let source: ArrayRef = Arc::new(StringArray::from(vec![&*context.source]));
    columns.push(("source", dictionary(vec![0; rows.len()], None, &source)?));
    if !shape.id.is_empty() {
        columns.push((shape.id, gather_texts(&rows.id, &order)));
    }
    columns.push((shape.at, gather_numbers(&rows.at, &order, NumKind::Time)?));
    for ((name, kind), values) in shape.nums.iter().zip(&rows.nums) {
        columns.push((name, gather_numbers(values, &order, *kind)?));
    }
    for ((name, values), words) in shape.codes.iter().zip(&rows.codes).zip(&context.words) {
        columns.push((name, gather_codes(values, &order, words)?));
    }
    for (name, values) in shape.texts.iter().zip(&rows.texts) {
        columns.push((name, gather_texts(values, &order)));
    }
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true)))
}

/// The order of rows by customer, time, id; rows alike in these stay as they came.
fn sorted(rows: &Rows) -> Vec<u32> {
    let (Some(first), Some(last)) = (rows.key.iter().min(), rows.key.iter().max()) else { return Vec::new() };
    // A bucket's keys are close together, so they are counted rather than compared.
    let mut ends = vec![0u32; (last - first) as usize + 2];
    for key in &rows.key {
        ends[(key - first) as usize + 1] += 1;
    }
    for at in 1..ends.len() {
        ends[at] += ends[at - 1];
    }
    let mut order = vec![0; rows.len()];
    for (row, key) in (0..).zip(&rows.key) {
        let next = &mut ends[(key - first) as usize];
        order[*next as usize] = row;
        *next += 1;
    }
    let mut start = 0;
    // By now each entry is where its customer's rows end.
    for end in ends {
        let customer = &mut order[start..end as usize];
        let place = |row: &u32| (rows.at[*row as usize], rows.id.get(*row as usize));
        if !customer.is_sorted_by_key(place) {
            customer.sort_by(|a, b| place(a).cmp(&place(b)));
        }
        start = end as usize;
    }
    order
}

fn dictionary(keys: Vec<i32>, nulls: Option<NullBuffer>, values: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let keys = Int32Array::new(keys.into(), nulls);
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(values))?))
}

fn gather_codes(codes: &[u32], order: &[u32], words: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let keys: Vec<i32> = order
        .iter()
        .map(|&i| if codes[i as usize] == NO_WORD { 0 } else { codes[i as usize] as i32 })
        .collect();
    let valid: NullBuffer = order.iter().map(|&i| codes[i as usize] != NO_WORD).collect();
    let nulls = (valid.null_count() > 0).then_some(valid);
    dictionary(keys, nulls, words)
}

fn gather_texts(texts: &Texts, order: &[u32]) -> ArrayRef {
    let mut gathered = StringBuilder::with_capacity(order.len(), texts.bytes());
    for &row in order {
        match texts.get(row as usize) {
            "" => gathered.append_null(),
            text => gathered.append_value(text),
        }
    }
    Arc::new(gathered.finish())
}

fn gather_numbers(values: &[i64], order: &[u32], kind: NumKind) -> Result<ArrayRef, ArrowError> {
    let gathered = order.iter().map(|&i| values[i as usize]);
    let nulls = || {
        let valid: NullBuffer = order.iter().map(|&i| values[i as usize] != NONE).collect();
        (valid.null_count() > 0).then_some(valid)
    };
    Ok(match kind {
        NumKind::Decimal => {
            let numbers: Vec<i128> = gathered.map(|v| if v == NONE { 0 } else { v.into() }).collect();
            Arc::new(Decimal128Array::new(numbers.into(), nulls()).with_precision_and_scale(18, 4)?)
        }
        NumKind::Time => {
            let times: Vec<i64> = gathered.collect();
            Arc::new(TimestampMicrosecondArray::new(times.into(), nulls()))
        }
        NumKind::Day => {
            let days: Vec<i32> = gathered.map(|v| v as i32).collect();
            Arc::new(Date32Array::new(days.into(), nulls()))
        }
        NumKind::Double => {
            let numbers: Vec<f64> = gathered.map(|v| v as f64 / ONE as f64).collect();
            Arc::new(Float64Array::new(numbers.into(), nulls()))
        }
        NumKind::Int => {
            let counts: Vec<i32> = gathered.map(|v| v as i32).collect();
            Arc::new(Int32Array::new(counts.into(), nulls()))
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_are_in_the_order_of_customer_time_and_id(
            given in prop::collection::vec((70..90i32, 0..5i64, 0..3u8), 0..200)
        ) {
            let mut rows = Rows::new(&Shape::default());
            for (key, at, id) in &given {
                rows.key.push(*key);
                rows.at.push(*at);
                rows.id.push(&id.to_string());
            }
            let mut expected: Vec<u32> = (0..given.len() as u32).collect();
            expected.sort_by_key(|row| given[*row as usize]);
            prop_assert_eq!(sorted(&rows), expected);
        }
    }
}
