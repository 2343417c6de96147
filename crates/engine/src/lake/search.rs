//! Looking for texts in the bytes of a place, whatever says that they are not there.

use std::collections::BTreeMap;

use datafusion::arrow::array::AsArray as _;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::parquet::file::reader::{FileReader as _, SerializedFileReader};
use futures::TryStreamExt as _;
use memchr::memmem::Finder;
use object_store::{ObjectMeta, ObjectStoreExt as _};

use super::lock_names::LOCK;
use crate::error::{EngineError, Result};
use crate::location::Location;

/// The first and the last bytes of a Parquet file.
const PARQUET: &[u8] = b"PAR1";

/// What is looked for. Small and capital letters of ASCII are the same.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// Looked for in all bytes: of files as they are, of the pages of Parquet files unpacked.
    pub anywhere: Vec<String>,
    /// Looked for as whole values of columns of Parquet files, by the names of these columns: short texts
    /// that stand in many bytes by chance.
    pub values: Vec<(String, Vec<String>)>,
}

/// A text that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The file, below the place that was searched.
    pub file: String,
    /// The column, when it is in the values of a Parquet file.
    pub column: Option<String>,
    /// The text, as it was given.
    pub text: String,
    /// How often, a text in a dictionary once a dictionary.
    pub times: u64,
}

/// What was searched, and what was found, in the order of files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Searched {
    pub files: u64,
    /// As they are stored.
    pub bytes: u64,
    pub found: Vec<Found>,
}

/// Looks for texts in every file below a place.
///
/// # Errors
/// A file that cannot be read. One that another writer removes meanwhile is passed over.
pub async fn search(place: &Location, texts: &Texts) -> Result<Searched> {
    let (store, prefix) = (place.store()?, place.prefix()?);
    let listed = store.list(Some(&prefix)).try_collect::<Vec<ObjectMeta>>().await;
    let mut listed = listed.map_err(|error| EngineError::store(place.to_string(), &error))?;
    listed.sort_by(|a, b| a.location.cmp(&b.location));
    let needles = Needles::new(texts);
    let mut searched = Searched::default();
    for meta in listed {
        let name = meta.location.as_ref().trim_start_matches(prefix.as_ref()).trim_start_matches('/');
        if name == LOCK {
            continue;
        }
        let failed = |error: &object_store::Error| EngineError::store(meta.location.to_string(), error);
        let found = match store.get(&meta.location).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => continue,
            Err(error) => return Err(failed(&error)),
        };
        let bytes = found.bytes().await.map_err(|error| failed(&error))?;
        searched.files += 1;
        searched.bytes += bytes.len() as u64;
        searched.found.extend(needles.look(name, bytes.to_vec()));
    }
    Ok(searched)
}

/// Looks for texts in the bytes of one file.
pub fn search_bytes(name: &str, bytes: Vec<u8>, texts: &Texts) -> Vec<Found> {
    Needles::new(texts).look(name, bytes)
}

struct Needles<'a> {
    texts: &'a Texts,
    finders: Vec<Finder<'static>>,
}

/// How often each text was found, by column and place in the list of texts.
type Counts = BTreeMap<(Option<String>, String), u64>;

impl<'a> Needles<'a> {
    fn new(texts: &'a Texts) -> Self {
        let finder = |text: &String| Finder::new(&text.to_ascii_lowercase()).into_owned();
        Self { texts, finders: texts.anywhere.iter().map(finder).collect() }
    }

    fn look(&self, name: &str, bytes: Vec<u8>) -> Vec<Found> {
        let mut counts = Counts::new();
        self.count(&bytes, None, &mut counts);
        if PARQUET.len() * 2 < bytes.len() && bytes.starts_with(PARQUET) && bytes.ends_with(PARQUET) {
            // A file that only looks like one has been searched as it is.
            self.pages(bytes.clone(), &mut counts).ok();
            self.values(bytes, &mut counts).ok();
        }
        let found = |((column, text), times)| Found { file: name.to_owned(), column, text, times };
        counts.into_iter().map(found).collect()
    }

    fn count(&self, bytes: &[u8], column: Option<&str>, counts: &mut Counts) {
        if self.finders.is_empty() {
            return;
        }
        let lower = bytes.to_ascii_lowercase();
        for (text, finder) in self.texts.anywhere.iter().zip(&self.finders) {
            let times = finder.find_iter(&lower).count() as u64;
            if times > 0 {
                *counts.entry((column.map(str::to_owned), text.clone())).or_default() += times;
            }
        }
    }

    fn pages(
        &self,
        bytes: Vec<u8>,
        counts: &mut Counts,
    ) -> std::result::Result<(), datafusion::parquet::errors::ParquetError> {
        let reader = SerializedFileReader::new(bytes_of(bytes))?;
        for group in 0..reader.num_row_groups() {
            let group = reader.get_row_group(group)?;
            for column in 0..group.num_columns() {
                let name = group.metadata().column(column).column_path().string();
                let mut pages = group.get_column_page_reader(column)?;
                while let Some(page) = pages.get_next_page()? {
                    self.count(page.buffer(), Some(&name), counts);
                }
            }
        }
        Ok(())
    }

    fn values(
        &self,
        bytes: Vec<u8>,
        counts: &mut Counts,
    ) -> std::result::Result<(), Box<dyn std::error::Error>> {
        if self.texts.values.is_empty() {
            return Ok(());
        }
        let builder = ParquetRecordBatchReaderBuilder::try_new(bytes_of(bytes))?;
        let names: Vec<(usize, &Vec<String>)> = self
            .texts
            .values
            .iter()
            .filter_map(|(name, values)| Some((builder.schema().index_of(name).ok()?, values)))
            .collect();
        if names.is_empty() {
            return Ok(());
        }
        let mask = ProjectionMask::roots(builder.parquet_schema(), names.iter().map(|(at, _)| *at));
        for batch in builder.with_projection(mask).build()? {
            let batch = batch?;
            for (name, wanted) in &self.texts.values {
                let Some(column) = batch.column_by_name(name) else { continue };
                let column = cast(column, &DataType::Utf8)?;
                for value in column.as_string::<i32>().iter().flatten() {
                    for text in wanted.iter().filter(|text| text.eq_ignore_ascii_case(value)) {
                        *counts.entry((Some(name.clone()), text.clone())).or_default() += 1;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The bytes as the reader of Parquet files takes them.
fn bytes_of(bytes: Vec<u8>) -> impl datafusion::parquet::file::reader::ChunkReader + 'static {
    object_store::PutPayload::from(bytes).into_iter().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
    use datafusion::parquet::arrow::ArrowWriter;
    use datafusion::parquet::basic::{Compression, ZstdLevel};
    use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};

    use super::*;

    fn texts(anywhere: &[&str], values: &[(&str, &str)]) -> Texts {
        Texts {
            anywhere: anywhere.iter().map(|t| (*t).to_owned()).collect(),
            values: values.iter().map(|(c, v)| ((*c).to_owned(), vec![(*v).to_owned()])).collect(),
        }
    }

    #[test]
    fn a_packed_column_is_looked_into() {
        let ids: ArrayRef = Arc::new(StringArray::from_iter_values((0..3_000).map(|i| format!("id {i}"))));
        let mail = |i| if i == 1_234 { "Ada.Byron@example.com".to_owned() } else { format!("nobody {i}") };
        let mails: ArrayRef = Arc::new(StringArray::from_iter_values((0..3_000).map(mail)));
        let rows = RecordBatch::try_from_iter([("customer_id", ids), ("email", mails)]).unwrap();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(9).unwrap()))
            .set_statistics_enabled(EnabledStatistics::None)
            .build();
        let mut writer = ArrowWriter::try_new(Vec::new(), rows.schema(), Some(properties)).unwrap();
        writer.write(&rows).unwrap();
        let bytes = writer.into_inner().unwrap();
        assert!(Finder::new("Ada.Byron").find(&bytes).is_none(), "packed, it is not there to be seen");
        let looked = texts(&["ada.byron@EXAMPLE.com", "Ada Byron"], &[("customer_id", "id 7"), ("no", "x")]);
        let found = search_bytes("f", bytes, &looked);
        let found: Vec<_> = found
            .iter()
            .map(|f| (f.column.as_deref().unwrap_or_default(), f.text.as_str(), f.times))
            .collect();
        // `id 7` is one value, and a part of hundreds.
        assert_eq!(found, [("customer_id", "id 7", 1), ("email", "ada.byron@EXAMPLE.com", 1)]);
    }

    #[test]
    fn what_only_looks_like_a_table_is_searched_as_it_is() {
        let found = search_bytes("f", b"PAR1 Ada Byron PAR1".to_vec(), &texts(&["ada byron"], &[]));
        assert_eq!((found.len(), found[0].times, &found[0].column), (1, 1, &None));
    }
}
