//! Rewriting a checkpoint of a log: a Parquet file with an action a row.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, MapArray, RecordBatch, StringArray, StructArray,
    new_null_array,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::compute::{cast, kernels::zip::zip};
use datafusion::arrow::datatypes::DataType;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::file::reader::ChunkReader;

use super::{NewFile, Replacements};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The checkpoint with the new files in the place of old ones; `None` when it names none of these.
pub(super) fn rewritten<R: ChunkReader + 'static>(
    bytes: R,
    by: &Replacements,
) -> Result<Option<Vec<u8>>, Cause> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes)?;
    let schema = Arc::clone(builder.schema());
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties))?;
    let mut has_changed = false;
    for batch in builder.build()? {
        let batch = batch?;
        let mut columns = batch.columns().to_vec();
        for kind in ["add", "remove"] {
            let Ok(at) = schema.index_of(kind) else { continue };
            if let Some(changed) = actions(columns[at].as_struct(), by)? {
                columns[at] = Arc::new(changed);
                has_changed = true;
            }
        }
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), columns)?)?;
    }
    let bytes = writer.into_inner()?;
    Ok(has_changed.then_some(bytes))
}

/// The actions of one kind; `None` when they stay as they are.
fn actions(rows: &StructArray, by: &Replacements) -> Result<Option<StructArray>, Cause> {
    let Some(paths) = rows.column_by_name("path") else { return Ok(None) };
    let paths = cast(paths, &DataType::Utf8)?;
    let paths = paths.as_string::<i32>();
    let news: Vec<Option<&NewFile>> = (0..rows.len())
        .map(|row| (rows.is_valid(row) && paths.is_valid(row)).then(|| by.of(paths.value(row))).flatten())
        .collect();
    if news.iter().all(Option::is_none) {
        return Ok(None);
    }
    let is_new: BooleanArray = news.iter().map(|new| Some(new.is_some())).collect();
    let columns = rows.fields().iter().zip(rows.columns()).map(|(field, column)| {
        let Some(told) = told(field.name(), &news, column.data_type())? else {
            return Ok(Arc::clone(column));
        };
        Ok(zip(&is_new, &told, column)?)
    });
    let columns = columns.collect::<Result<Vec<ArrayRef>, Cause>>()?;
    Ok(Some(StructArray::try_new(rows.fields().clone(), columns, rows.nulls().cloned())?))
}

/// What the new files say in a column of the actions; `None` where it is the same as of the old ones.
fn told(name: &str, news: &[Option<&NewFile>], kind: &DataType) -> Result<Option<ArrayRef>, Cause> {
    let text = |key: &str| -> ArrayRef {
        let values = news.iter().map(|new| new.and_then(|new| new.add.get(key)?.as_str()));
        Arc::new(values.collect::<StringArray>())
    };
    let number = |key: &str| -> ArrayRef {
        let values = news.iter().map(|new| new.and_then(|new| new.add.get(key)?.as_i64()));
        Arc::new(values.collect::<Int64Array>())
    };
    Ok(match name {
        "path" | "stats" => Some(cast(&text(name), kind)?),
        "size" | "modificationTime" => Some(cast(&number(name), kind)?),
        "tags" => Some(tags(news, kind)?),
        // The statistics as text say the same.
        "stats_parsed" => Some(new_null_array(kind, news.len())),
        _ => None,
    })
}

fn tags(news: &[Option<&NewFile>], kind: &DataType) -> Result<ArrayRef, Cause> {
    let DataType::Map(entry, is_sorted) = kind else { return Ok(new_null_array(kind, news.len())) };
    let DataType::Struct(fields) = entry.data_type() else { return Ok(new_null_array(kind, news.len())) };
    let (mut keys, mut values, mut lengths, mut is_there) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for new in news {
        let tags = new.and_then(|new| new.add.get("tags")?.as_object());
        is_there.push(tags.is_some());
        lengths.push(tags.map_or(0, serde_json::Map::len));
        for (key, value) in tags.into_iter().flatten() {
            keys.push(Some(key.as_str()));
            values.push(value.as_str());
        }
    }
    let column = |texts: Vec<Option<&str>>, at: usize| {
        let texts: ArrayRef = Arc::new(StringArray::from(texts));
        fields.get(at).map_or(Ok(Arc::clone(&texts)), |field| cast(&texts, field.data_type()))
    };
    let entries = StructArray::try_new(fields.clone(), vec![column(keys, 0)?, column(values, 1)?], None)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    let nulls = Some(NullBuffer::from(is_there));
    Ok(Arc::new(MapArray::try_new(Arc::clone(entry), offsets, entries, nulls, *is_sorted)?))
}
