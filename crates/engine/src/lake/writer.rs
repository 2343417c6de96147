//! Writing one data file.

use std::collections::BTreeMap;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::UNIX_EPOCH;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_writer::ArrowWriterOptions;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::metadata::KeyValue;
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::parquet::schema::types::ColumnPath;
use object_store::ObjectStoreExt as _;
use object_store::WriteMultipart;

use super::file::{DataFile, below};
use super::table::TableInfo;
use crate::disk::{self, DiskFile};
use crate::error::{EngineError, Result};
use crate::integrity::sums::{KEY, Summing};
use crate::io;
use crate::rows;

mod dictionaries;
mod stats;

const ROWS_PER_GROUP: usize = 256 * 1024;
/// Shut once the transaction has ended: a writer that is still at work then must not put a file where
/// everything of the transaction has just been removed.
pub(super) type Gate = Arc<RwLock<bool>>;

/// Part size of uploads, in bytes. S3 takes at least 5 MiB and at most 10,000 parts.
const PART: usize = 16 << 20;

/// Writes rows into one new Parquet file of a table. Works on any thread; several writers may
/// run at once.
pub struct TableWriter {
    info: Arc<TableInfo>,
    partitions: BTreeMap<String, String>,
    path: String,
    open: Option<Open>,
    rows: u64,
    gate: Gate,
}

struct Open {
    /// Where the bytes go now: the file's own place in a folder, else a passing one.
    place: PathBuf,
    passing: Option<tempfile::TempPath>,
    writer: ArrowWriter<Summing<BufWriter<DiskFile>>>,
    schema: SchemaRef,
}

impl TableWriter {
    pub(super) fn new(
        info: Arc<TableInfo>,
        partitions: BTreeMap<String, String>,
        path: String,
        gate: Gate,
    ) -> Self {
        Self { info, partitions, path, open: None, rows: 0, gate }
    }

    /// Rows written so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Bytes of rows that wait in memory for their row group to fill up.
    pub fn buffered_bytes(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.writer.memory_size())
    }

    /// Appends rows. Columns are matched by name. A nullable column that the first rows lack is left out of
    /// the file and so reads as null: later rows must lack it too. Partition columns are left out, other
    /// columns that the table lacks are an error.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let table = &self.info.name;
        let batch = match &self.open {
            Some(open) => rows::fit(table, batch, &open.schema, &self.info.partition_columns)?,
            None => {
                let schema = rows::storable(batch, &self.info.file_schema);
                let batch = rows::fit(table, batch, &schema, &self.info.partition_columns)?;
                self.start(schema, &dictionaries::without(&batch))?;
                batch
            }
        };
        let Some(open) = &mut self.open else { return Ok(()) };
        open.writer.write(&batch).map_err(|error| failed(&open.place, &error))?;
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// Writes the file's end, makes sure it is stored, and describes it. The file belongs to
    /// the table once a transaction adds and commits it.
    pub fn finish(mut self) -> Result<DataFile> {
        if self.open.is_none() {
            self.start(Arc::clone(&self.info.file_schema), &[])?;
        }
        let Some(Open { place, passing, mut writer, schema }) = self.open.take() else {
            return Err(EngineError::corrupt(&self.path, "the file was not begun"));
        };
        let at = |error: &std::io::Error| EngineError::io(place.display().to_string(), error);
        writer.flush().map_err(|error| failed(&place, &error))?;
        writer.sync().map_err(|error| at(&error))?;
        let sums = writer.inner_mut().end_body();
        writer.append_key_value_metadata(KeyValue::new(KEY.to_owned(), sums));
        let meta = writer.finish().map_err(|error| failed(&place, &error))?;
        let stats = stats::json(&meta, &rows::within(&self.info.file_schema, &schema));
        let hash = writer.inner_mut().seal().map_err(|error| at(&error))?;
        let file = writer.inner().inner().get_ref();
        let about = file.metadata().map_err(|error| at(&error))?;
        if passing.is_some() {
            self.upload(&place)?;
        } else {
            file.sync_all().map_err(|error| at(&error))?;
        }
        let modified = about.modified().map_err(|error| at(&error))?;
        let since = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(DataFile {
            url: below(&self.info.location.url()?, &self.path),
            path: self.path,
            size: about.len(),
            rows: Some(self.rows),
            partitions: self.partitions,
            modified_ms: i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            stats: Some(stats),
            hash: Some(hash),
        })
    }

    fn start(&mut self, schema: SchemaRef, plain: &[String]) -> Result<()> {
        let gate = Arc::clone(&self.gate);
        let shut = gate.read().unwrap_or_else(PoisonError::into_inner);
        self.is_in_time(*shut)?;
        let (place, passing, file) = match self.info.location.as_folder() {
            Some(folder) => {
                let place = folder.join(&self.path);
                let at = |error: &std::io::Error| EngineError::io(show(&place), error);
                if let Some(parent) = place.parent() {
                    disk::create_dir_all(parent).map_err(|error| at(&error))?;
                }
                let file = DiskFile::create_new(&place).map_err(|error| at(&error))?;
                (place, None, file)
            }
            None => {
                let at = |error: &std::io::Error| EngineError::io("the temporary folder", error);
                let (file, place) = tempfile::NamedTempFile::new().map_err(|error| at(&error))?.into_parts();
                let file = DiskFile::of(file, &place);
                (place.to_path_buf(), Some(place), file)
            }
        };
        let options = ArrowWriterOptions::new()
            .with_properties(properties(&self.info.file_schema, plain))
            // How the rows lay in memory is no business of the readers.
            .with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(
            Summing::new(BufWriter::with_capacity(1 << 16, file)),
            Arc::clone(&schema),
            options,
        )
        .map_err(|error| failed(&place, &error))?;
        self.open = Some(Open { place, passing, writer, schema });
        Ok(())
    }

    /// Fails when the transaction has ended.
    fn is_in_time(&self, is_shut: bool) -> Result<()> {
        if is_shut { Err(EngineError::Conflict { at: self.info.location.to_string() }) } else { Ok(()) }
    }

    fn upload(&self, place: &Path) -> Result<()> {
        let shut = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        self.is_in_time(*shut)?;
        let store = self.info.location.store()?;
        let mut target = self.info.location.prefix()?;
        for part in self.path.split('/') {
            target = target.join(part);
        }
        let place = place.to_path_buf();
        io::wait(async move {
            use tokio::io::AsyncReadExt as _;
            let at = |error: &std::io::Error| EngineError::io(show(&place), error);
            let failed = |error: &object_store::Error| EngineError::store(target.to_string(), error);
            let mut file = tokio::fs::File::open(&place).await.map_err(|error| at(&error))?;
            let upload = store.put_multipart(&target).await.map_err(|error| failed(&error))?;
            let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
            let mut buffer = vec![0; PART];
            loop {
                let read = file.read(&mut buffer).await.map_err(|error| at(&error))?;
                if read == 0 {
                    break;
                }
                upload.wait_for_capacity(4).await.map_err(|error| failed(&error))?;
                upload.write(&buffer[..read]);
            }
            upload.finish().await.map(|_| ()).map_err(|error| failed(&error))
        })
    }
}

/// Only columns whose bounds the table's log tells get statistics: comparing every text of hundreds of
/// columns takes longer than writing it. Columns in `plain` go without a dictionary.
fn properties(schema: &SchemaRef, plain: &[String]) -> WriterProperties {
    let level = ZstdLevel::try_new(1).unwrap_or_default();
    let builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_dictionary_enabled(true)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_max_row_group_row_count(Some(ROWS_PER_GROUP));
    let path = |name: &String| ColumnPath::from(name.as_str());
    let builder = plain
        .iter()
        .fold(builder, |builder, column| builder.set_column_dictionary_enabled(path(column), false));
    let bounded = schema.fields().iter().take(stats::COLUMNS);
    bounded
        .fold(builder, |builder, field| {
            builder.set_column_statistics_enabled(path(field.name()), EnabledStatistics::Page)
        })
        .build()
}

fn show(place: &Path) -> String {
    place.display().to_string()
}

fn failed(place: &Path, error: &ParquetError) -> EngineError {
    EngineError::parquet(&show(place), error)
}
