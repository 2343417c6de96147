//! The lake's tables of segments: names, columns, files. Rows are only added; of the members, the last
//! evaluation's are kept.

use std::sync::Arc;

use clientele_engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use clientele_engine::{DataFile, EngineError, Lake};

/// Definitions, one row a version.
pub const SEGMENTS: &str = "segments";
/// What uploaded lists held: one row for each row of the file and customer found for it.
pub const LISTS: &str = "segment_lists";
/// Evaluations, one row when one begins and one when it ends.
pub const EVALUATIONS: &str = "segment_evaluations";
/// Who is in a segment, as of its last evaluation.
pub const MEMBERS: &str = "segment_members";
/// Who entered and left with each evaluation.
pub const MOVES: &str = "segment_moves";

const TEXT: DataType = DataType::Utf8;
const COUNT: DataType = DataType::Int64;
const TIME: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);
const KEY: DataType = DataType::Int32;

/// The columns of a table, partition columns last.
pub fn columns(table: &str) -> &'static [(&'static str, DataType)] {
    match table {
        SEGMENTS => {
            const {
                &[
                    ("segment", TEXT),
                    ("version", COUNT),
                    ("kind", TEXT),
                    ("name_en", TEXT),
                    ("name_zh", TEXT),
                    ("rule", TEXT),
                    ("tree", TEXT),
                    ("note", TEXT),
                    ("made_at", TIME),
                    ("listed", COUNT),
                ]
            }
        }
        LISTS => {
            const {
                &[
                    ("row", COUNT),
                    ("given", TEXT),
                    ("problem", TEXT),
                    ("customer_key", KEY),
                    ("source", TEXT),
                    ("customer_id", TEXT),
                    ("segment", TEXT),
                    ("version", TEXT),
                ]
            }
        }
        EVALUATIONS => {
            const {
                &[
                    ("evaluation", COUNT),
                    ("segment", TEXT),
                    ("version", COUNT),
                    ("run", TEXT),
                    ("as_of", TEXT),
                    ("state", TEXT),
                    ("message_en", TEXT),
                    ("message_zh", TEXT),
                    ("started_at", TIME),
                    ("finished_at", TIME),
                    ("members", COUNT),
                    ("entered", COUNT),
                    ("left", COUNT),
                ]
            }
        }
        MEMBERS => {
            const {
                &[
                    ("customer_key", KEY),
                    ("source", TEXT),
                    ("customer_id", TEXT),
                    ("since", TEXT),
                    ("segment", TEXT),
                    ("evaluation", TEXT),
                ]
            }
        }
        _ => {
            const {
                &[
                    ("customer_key", KEY),
                    ("source", TEXT),
                    ("customer_id", TEXT),
                    ("change", TEXT),
                    ("segment", TEXT),
                    ("evaluation", TEXT),
                ]
            }
        }
    }
}

/// The partition columns of a table.
pub fn partitions(table: &str) -> &'static [&'static str] {
    match table {
        LISTS => &["segment", "version"],
        MEMBERS | MOVES => &["segment", "evaluation"],
        _ => &[],
    }
}

/// All columns of a table.
pub fn schema(table: &str) -> SchemaRef {
    let fields = columns(table).iter().map(|(name, kind)| Field::new(*name, kind.clone(), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The columns of a table's files: all but those that it is partitioned by.
pub fn file_schema(table: &str) -> SchemaRef {
    let inside = columns(table).iter().filter(|(name, _)| !partitions(table).contains(name));
    Arc::new(Schema::new(
        inside.map(|(name, kind)| Field::new(*name, kind.clone(), true)).collect::<Vec<_>>(),
    ))
}

/// The files of a partitioned table that hold a segment, of one evaluation or version only if it is named.
pub async fn files_of(
    lake: &Lake,
    table: &str,
    segment: &str,
    part: Option<u64>,
) -> Result<Vec<DataFile>, EngineError> {
    let part = part.map(|part| part.to_string());
    let mut files = lake.files(table).await?;
    files.retain(|file| {
        let value = |column: &str| file.partitions.get(column);
        let is_part = part.is_none() || partitions(table).get(1).and_then(|c| value(c)) == part.as_ref();
        value("segment").is_some_and(|s| s == segment) && is_part
    });
    Ok(files)
}
