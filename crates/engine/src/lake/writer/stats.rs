//! What a file's own statistics say, in the form that Delta prescribes.

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::{cast, max, max_string, min, min_string};
use datafusion::arrow::datatypes::{DataType, Int64Type, SchemaRef};
use datafusion::parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use datafusion::parquet::file::metadata::ParquetMetaData;
use serde_json::{Map, Value, json};

/// As in other writers, only so many columns get bounds: each costs room in the log.
pub(super) const COLUMNS: usize = 32;
/// Longer text gets no bounds: a cut-off one would be no bound.
const TEXT: usize = 64;

/// Rows, and the least and greatest values of whole numbers, dates, times of no timezone and short text.
/// `schema` has the columns of the file, in its order, by which bounds are found.
pub(super) fn json(meta: &ParquetMetaData, schema: &SchemaRef) -> String {
    let (mut least, mut greatest) = (Map::new(), Map::new());
    for field in schema.fields().iter().take(COLUMNS) {
        if let Some((low, high)) = bounds(meta, schema, field.name()) {
            least.insert(field.name().clone(), low);
            greatest.insert(field.name().clone(), high);
        }
    }
    let rows = meta.file_metadata().num_rows();
    json!({ "numRecords": rows, "minValues": least, "maxValues": greatest }).to_string()
}

fn bounds(meta: &ParquetMetaData, schema: &SchemaRef, column: &str) -> Option<(Value, Value)> {
    let parquet = meta.file_metadata().schema_descr();
    let converter = StatisticsConverter::try_new(column, schema, parquet).ok()?;
    let groups = meta.row_groups();
    let low = converter.row_group_mins(groups.iter()).ok()?;
    let high = converter.row_group_maxes(groups.iter()).ok()?;
    // A group without statistics could hold anything.
    if low.is_empty() || low.null_count() != 0 || high.null_count() != 0 {
        return None;
    }
    let whole = |array: &ArrayRef| cast(array, &DataType::Int64).ok();
    match low.data_type() {
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => {
            let low = min(whole(&low)?.as_primitive::<Int64Type>())?;
            let high = max(whole(&high)?.as_primitive::<Int64Type>())?;
            Some((low.into(), high.into()))
        }
        DataType::Date32 | DataType::Timestamp(_, None) => {
            let text = |array: &ArrayRef| cast(array, &DataType::Utf8).ok();
            let low = min_string(text(&low)?.as_string::<i32>())?.to_owned();
            let high = max_string(text(&high)?.as_string::<i32>())?.to_owned();
            Some((low.into(), high.into()))
        }
        DataType::Utf8 => {
            let low = min_string(low.as_string::<i32>())?.to_owned();
            let high = max_string(high.as_string::<i32>())?.to_owned();
            (low.len() < TEXT && high.len() < TEXT).then(|| (low.into(), high.into()))
        }
        _ => None,
    }
}
