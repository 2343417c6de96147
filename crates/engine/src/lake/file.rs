//! A data file of a table.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr as _;

use chrono::NaiveDateTime;
use deltalake_core::kernel::{Add, LogicalFileView, Remove};
use serde::{Deserialize, Serialize};
use url::Url;

/// A Parquet file of a table. Files are never changed; a table changes by adding and removing
/// whole files, and a removed file can be added again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFile {
    /// Relative to the folder of the table.
    pub path: String,
    /// Where the file is.
    pub url: Url,
    /// In bytes.
    pub size: u64,
    /// Rows in the file, when the writer said so.
    pub rows: Option<u64>,
    /// Partition values as text by column; a column that is absent is null.
    pub partitions: BTreeMap<String, String>,
    /// When the file was written, in milliseconds since 1970.
    pub modified_ms: i64,
    /// The writer's statistics, as JSON in the form that Delta prescribes.
    pub stats: Option<String>,
    /// The XXH3 hash of all its bytes, 64 bits as hexadecimal digits; absent in files of earlier releases.
    #[serde(default)]
    pub hash: Option<String>,
}

/// Files that other files have taken the place of although a log may still name them: by table and path, with
/// the new file.
pub(super) type Standing = HashMap<String, HashMap<String, DataFile>>;

/// The tag of a file that holds its hash in the table's log.
const HASH: &str = "xxh3";

impl DataFile {
    /// The least value of a column in this file, when the writer recorded it.
    pub fn min(&self, column: &str) -> Option<serde_json::Value> {
        self.stat("minValues", column)
    }

    /// The greatest value of a column in this file, when the writer recorded it.
    pub fn max(&self, column: &str) -> Option<serde_json::Value> {
        self.stat("maxValues", column)
    }

    /// Whether the writer recorded that all values of a column, which has times, are before one.
    pub fn is_before(&self, column: &str, time: NaiveDateTime) -> bool {
        let greatest = self.max(column).and_then(|max| NaiveDateTime::from_str(max.as_str()?).ok());
        greatest.is_some_and(|greatest| greatest < time)
    }

    fn stat(&self, kind: &str, column: &str) -> Option<serde_json::Value> {
        let stats: serde_json::Value = serde_json::from_str(self.stats.as_deref()?).ok()?;
        stats.get(kind)?.get(column).cloned()
    }

    #[expect(deprecated, reason = "nothing else tells the tags of a file")]
    pub(super) fn from_view(table: &Url, view: &LogicalFileView) -> Self {
        let path = view.path().into_owned();
        let add = view.add_action();
        let named = add.partition_values.into_iter();
        let partitions = named.filter_map(|(column, value)| Some((column, value?))).collect();
        let hash = add.tags.and_then(|mut tags| tags.remove(HASH).flatten());
        Self {
            url: below(table, &path),
            path,
            size: u64::try_from(add.size).unwrap_or_default(),
            rows: view.num_records().and_then(|rows| u64::try_from(rows).ok()),
            partitions,
            modified_ms: add.modification_time,
            stats: add.stats,
            hash,
        }
    }

    /// The file as an entry of the log tells of it.
    pub(super) fn from_add(table: &Url, add: Add) -> Self {
        let rows = add.stats.as_deref().and_then(|stats| {
            serde_json::from_str::<serde_json::Value>(stats).ok()?.get("numRecords")?.as_u64()
        });
        let partitions =
            add.partition_values.into_iter().filter_map(|(column, value)| Some((column, value?))).collect();
        let hash = add.tags.and_then(|mut tags| tags.remove(HASH).flatten());
        Self {
            url: below(table, &add.path),
            path: add.path,
            size: u64::try_from(add.size).unwrap_or_default(),
            rows,
            partitions,
            modified_ms: add.modification_time,
            stats: add.stats,
            hash,
        }
    }

    pub(super) fn to_add(&self, partition_columns: &[String]) -> Add {
        Add {
            path: self.path.clone(),
            partition_values: self.all_partitions(partition_columns),
            size: i64::try_from(self.size).unwrap_or(i64::MAX),
            modification_time: self.modified_ms,
            data_change: true,
            stats: self.stats.clone(),
            tags: self.hash.clone().map(|hash| [(HASH.to_owned(), Some(hash))].into()),
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
            clustering_provider: None,
        }
    }

    pub(super) fn to_remove(&self, partition_columns: &[String], at_ms: i64) -> Remove {
        Remove {
            path: self.path.clone(),
            data_change: true,
            deletion_timestamp: Some(at_ms),
            extended_file_metadata: Some(true),
            partition_values: Some(self.all_partitions(partition_columns)),
            size: i64::try_from(self.size).ok(),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
        }
    }

    /// Delta wants every partition column named, null ones too.
    fn all_partitions(&self, columns: &[String]) -> std::collections::HashMap<String, Option<String>> {
        columns.iter().map(|name| (name.clone(), self.partitions.get(name).cloned())).collect()
    }
}

/// The files whose partition column has the value.
pub fn with_partition<'a>(
    files: &'a [DataFile],
    column: &'a str,
    value: &'a str,
) -> impl Iterator<Item = &'a DataFile> {
    files.iter().filter(move |file| file.partitions.get(column).is_some_and(|v| v == value))
}

/// The URL of a path below a folder; what needs escaping in a URL is escaped.
pub(super) fn below(folder: &Url, path: &str) -> Url {
    let mut url = folder.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path.split('/'));
    }
    url
}
