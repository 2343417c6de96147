//! Fingerprints of rows of the lake; the same as those of rows on their way in.

use clientele_engine::arrow::array::{Array, AsArray, Float64Array, Int64Array, RecordBatch, StringArray};
use clientele_engine::arrow::compute::cast;
use clientele_engine::arrow::datatypes::{DataType, Decimal128Type, Float64Type};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128_with_seed};

use super::super::error::ImportError;
use super::super::lake_rows::{text_at, texts};
use super::super::rows::content::{ABSENT, is_number, mix, text_word};
use super::super::values::number::ONE;

/// The hash of a record's or a customer's id.
pub fn record_hash(source: &str, id: &str) -> u128 {
    xxh3_128_with_seed(id.as_bytes(), xxh3_64(source.as_bytes()))
}

/// The hashes of the ids in a column; each row names its source.
pub fn record_hashes(batch: &RecordBatch, id: &str) -> Result<Vec<u128>, ImportError> {
    let (sources, ids) = (texts(batch, "source")?, texts(batch, id)?);
    let hash = |row| record_hash(text_at(&sources, row), text_at(&ids, row));
    Ok((0..batch.num_rows()).map(hash).collect())
}

enum Words {
    Text(StringArray),
    Numbers(Int64Array),
    Decimals(clientele_engine::arrow::array::Decimal128Array),
}

/// Fingerprints of rows over some columns. `seeds` has one for each row.
pub fn contents(batch: &RecordBatch, columns: &[&str], seeds: Vec<u64>) -> Result<Vec<u64>, ImportError> {
    let mut out = seeds;
    for name in columns {
        let words = match batch.column_by_name(name) {
            None => None,
            Some(array) => Some(match array.data_type() {
                DataType::Decimal128(_, _) => Words::Decimals(array.as_primitive::<Decimal128Type>().clone()),
                DataType::Float64 => Words::Numbers(ten_thousandths(array.as_primitive::<Float64Type>())),
                DataType::Date32 => Words::Numbers(longs_of(&cast(array, &DataType::Int32)?)?),
                DataType::Int32 | DataType::Int64 | DataType::Timestamp(_, _) => {
                    Words::Numbers(longs_of(array)?)
                }
                _ => Words::Text(cast(array, &DataType::Utf8)?.as_string::<i32>().clone()),
            }),
        };
        let absent = if is_number(name) { ABSENT } else { 0 };
        for (row, content) in out.iter_mut().enumerate() {
            let word = match &words {
                None => absent,
                Some(Words::Text(texts)) => text_word(text_at(texts, row)),
                Some(Words::Numbers(numbers)) if numbers.is_valid(row) => numbers.value(row) as u64,
                Some(Words::Decimals(numbers)) if numbers.is_valid(row) => numbers.value(row) as i64 as u64,
                Some(_) => ABSENT,
            };
            *content = mix(*content, word);
        }
    }
    Ok(out)
}

/// Floating point numbers as the whole numbers that they were made from.
fn ten_thousandths(numbers: &Float64Array) -> Int64Array {
    numbers.iter().map(|number| number.map(|number| (number * ONE as f64).round() as i64)).collect()
}

fn longs_of(array: &dyn Array) -> Result<Int64Array, ImportError> {
    let array = cast(array, &DataType::Int64)?;
    Ok(array.as_primitive::<clientele_engine::arrow::datatypes::Int64Type>().clone())
}

/// The fingerprint of an order's lines from theirs: `(line_no, fingerprint)` in any order.
pub fn fold_lines(lines: &mut [(i32, u64)]) -> u64 {
    lines.sort_unstable();
    lines.iter().fold(0, |content, (_, line)| mix(content, *line))
}
