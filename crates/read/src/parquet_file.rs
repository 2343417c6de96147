//! Parquet files: batches are decoded in order and turned into text on the worker threads.

use std::any::Any;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use clientele_engine::arrow::record_batch::RecordBatch;
use clientele_engine::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::chunk::TextChunk;
use super::error::{FileProblem, InFile, ReadError};
use super::header;
use super::info::FileInfo;
use super::options::{Limits, OpenOptions};
use super::parquet_text::column_text;
use super::plan::{Emit, Plan, Task};

/// Most rows decoded at a time.
const MAX_BATCH_ROWS: usize = 1 << 16;

/// A Parquet file whose columns are known.
struct Parquet {
    path: PathBuf,
    header: Vec<String>,
    bytes: u64,
    rows: u64,
    limits: Limits,
}

/// Reads the footer.
pub(super) fn plan(
    path: &Path,
    base: FileInfo,
    options: &OpenOptions,
) -> Result<(FileInfo, Box<dyn Plan>), FileProblem> {
    let builder = guarded(base.bytes, || builder(path))?;
    let names: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    header::check_count(1, names.len(), &options.limits)?;
    let header = header::names(names)?;
    let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
    if rows == 0 {
        return Err(FileProblem::NoRows);
    }
    let info = FileInfo { header: header.clone(), rows_hint: Some(rows), ..base };
    let limits = options.limits.clone();
    let plan = Parquet { path: path.to_owned(), header, bytes: info.bytes, rows, limits };
    Ok((info, Box::new(plan)))
}

fn builder(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())
}

/// Damaged Parquet data must not end the program; some of it makes the decoder panic.
fn guarded<T>(position: u64, work: impl FnOnce() -> Result<T, String>) -> Result<T, FileProblem> {
    let damaged = |detail| FileProblem::Damaged { format: "Parquet", position, detail };
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(damaged),
        Err(panic) => Err(damaged(panic_text(&*panic))),
    }
}

/// What a panic said.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "the decoder gave up".to_owned())
}

impl Parquet {
    /// How far in the file the given row is, roughly: the format has no notion of it.
    fn position(&self, row: u64) -> u64 {
        let share = u128::from(self.bytes) * u128::from(row) / u128::from(self.rows.max(1));
        u64::try_from(share).unwrap_or(self.bytes)
    }

    /// Rows in a batch, so that its text is about the size of a block.
    fn batch_rows(&self, total_bytes: u64, block_bytes: usize) -> usize {
        let row_bytes = (total_bytes / self.rows.max(1)).max(self.header.len() as u64 * 4).max(1);
        let rows = block_bytes as u64 / row_bytes;
        usize::try_from(rows).unwrap_or(MAX_BATCH_ROWS).clamp(1, MAX_BATCH_ROWS)
    }

    fn read(&self, block_bytes: usize, emit: Emit<'_>) -> Result<(), FileProblem> {
        let mut reader = guarded(0, || {
            let builder = builder(&self.path)?;
            let unpacked: i64 =
                builder.metadata().row_groups().iter().map(|group| group.total_byte_size()).sum();
            let rows = self.batch_rows(u64::try_from(unpacked).unwrap_or(0), block_bytes);
            builder.with_batch_size(rows).build().map_err(|error| error.to_string())
        })?;
        let mut first_row = 1;
        loop {
            let next = guarded(self.position(first_row), || {
                reader.next().transpose().map_err(|error| error.to_string())
            })?;
            let Some(batch) = next else { return Ok(()) };
            let rows = batch.num_rows() as u64;
            let bytes = self.position(first_row + rows);
            let (path, header, limit) = (self.path.clone(), self.header.clone(), self.limits.max_field_bytes);
            let parse = move || text_chunk(&batch, first_row, &header, limit).in_file(&path);
            if emit(Task { bytes, parse: Box::new(parse) }).is_break() {
                return Ok(());
            }
            first_row += rows;
        }
    }
}

impl Plan for Parquet {
    fn feed(&self, block_bytes: usize, emit: Emit<'_>) -> Result<(), ReadError> {
        self.read(block_bytes, emit).in_file(&self.path)
    }
}

fn text_chunk(
    batch: &RecordBatch,
    first_row: u64,
    header: &[String],
    limit: usize,
) -> Result<TextChunk, FileProblem> {
    let mut chunk = TextChunk::new(first_row, first_row, header.len());
    for ((array, column), name) in batch.columns().iter().zip(&mut chunk.columns).zip(header) {
        let long = guarded(0, || column_text(array, column, limit).map_err(|error| error.to_string()))?;
        if let Some((at, bytes)) = long {
            return Err(FileProblem::ValueTooLong {
                row: first_row + at as u64,
                column: name.clone(),
                bytes,
                limit,
            });
        }
    }
    for at in 0..batch.num_rows() as u64 {
        chunk.end_row(first_row + at, first_row + at);
    }
    Ok(chunk)
}
