//! Opening a file and streaming it.

use std::fs;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use clientele_model::problem::Words;

use super::chunk::TextChunk;
use super::error::{FileProblem, InFile, ReadError};
use super::info::{Compression, FileInfo, Format};
use super::magic::{self, Claim, Magic};
use super::options::OpenOptions;
use super::plan::Plan;
use super::source::{self, Source};
use super::{delimited, json_lines, parquet_file, text_file, workers, xlsx};

/// Bytes of text that a worker gets at a time: large enough to make the hand-over cheap, small
/// enough to stay in the processor's caches.
const BLOCK_BYTES: usize = 1 << 20;
/// Bytes of text parsed for the sample.
const SAMPLE_BYTES: usize = 256 << 10;
/// Rows kept as the sample.
const SAMPLE_ROWS: usize = 1000;

const PACKED_TWICE: Words = Words { en: "data that is packed twice", zh: "压缩了两次的数据" };

/// A table in a file, ready to be read.
pub struct TableFile {
    info: FileInfo,
    plan: Box<dyn Plan>,
    sample: TextChunk,
    block_bytes: usize,
    /// A packed workbook or Parquet file is unpacked here; removed with the `TableFile`.
    _unpacked: Option<tempfile::TempPath>,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file on disk read so far.
    pub bytes: u64,
    /// Bytes of the file on disk.
    pub bytes_total: u64,
    /// Rows seen so far, good and bad.
    pub rows: u64,
}

/// What a whole file held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileTotals {
    /// Rows handed over in columns.
    pub rows: u64,
    /// Rows handed over as bad.
    pub bad_rows: u64,
    /// Chunks handed over.
    pub chunks: u64,
}

/// Looks at a file and makes it ready to be read.
///
/// # Errors
/// A [`ReadError`] if the file cannot be read as a table, is not what its name says, or has no
/// rows. Nothing of the file is kept in memory but its first rows.
pub fn open(path: &Path, options: &OpenOptions) -> Result<TableFile, ReadError> {
    open_file(path, options).in_file(path)
}

impl TableFile {
    /// What was found out about the file.
    pub fn info(&self) -> &FileInfo {
        &self.info
    }

    /// The first `n` rows (at most 1000), for recognising the source; reads nothing.
    pub fn sample(&self, n: usize) -> TextChunk {
        self.sample.head(n)
    }

    /// Streams the file: `map` runs on `threads` worker threads, `sink` gets its results in file
    /// order on this thread. Memory is bounded by a few chunks for each thread. May be called
    /// again; each call reads the file from its start.
    ///
    /// # Errors
    /// The first [`ReadError`] in file order, after all chunks before it have gone to `sink`; or
    /// the first error of `sink`, which ends the reading.
    pub fn for_each_chunk<T: Send, E: From<ReadError>>(
        &self,
        threads: usize,
        map: impl Fn(TextChunk) -> T + Sync,
        mut sink: impl FnMut(T, Progress) -> Result<(), E>,
    ) -> Result<FileTotals, E> {
        let mut totals = FileTotals::default();
        workers::run(&*self.plan, self.block_bytes, threads, map, |done| {
            totals.rows += done.rows;
            totals.bad_rows += done.bad_rows;
            totals.chunks += 1;
            let bytes_total = self.info.bytes;
            let progress = Progress {
                bytes: done.bytes.min(bytes_total),
                bytes_total,
                rows: totals.rows + totals.bad_rows,
            };
            sink(done.value, progress)
        })?;
        Ok(totals)
    }

    /// Sets how much text a chunk holds, so that tests can hit the borders of blocks.
    #[cfg(test)]
    pub(super) fn with_block_bytes(mut self, block_bytes: usize) -> Self {
        self.block_bytes = block_bytes;
        self
    }
}

fn open_file(path: &Path, options: &OpenOptions) -> Result<TableFile, FileProblem> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(FileProblem::Directory);
    }
    let (compression, magic) = packing(path, options)?;
    let base = FileInfo {
        path: path.to_owned(),
        format: Format::Delimited,
        compression,
        encoding: None,
        delimiter: None,
        quote: None,
        header: Vec::new(),
        sheet: None,
        bytes: metadata.len(),
        rows_hint: None,
        header_line: None,
    };
    let claim = Claim::of(path);
    let mut unpacked = None;
    let (info, plan): (FileInfo, Box<dyn Plan>) = match magic {
        Magic::Foreign(holds) => return Err(FileProblem::Unsupported { holds }),
        Magic::Gzip | Magic::Zstd => {
            return Err(FileProblem::Unsupported { holds: PACKED_TWICE });
        }
        Magic::Text => {
            let text = text_file::look(path, compression, options)?;
            let is_json = json_lines::is_json(&text.sample, options)?;
            claim.check(compression, if is_json { Format::JsonLines } else { Format::Delimited })?;
            let encoding = Some(text.source.encoding.name());
            if is_json {
                let (plan, header) = json_lines::plan(path, text, options)?;
                (FileInfo { format: Format::JsonLines, encoding, header, ..base }, Box::new(plan))
            } else {
                let (plan, dialect, header) = delimited::plan(path, text, options)?;
                let info = FileInfo {
                    encoding,
                    delimiter: (header.names.len() > 1 || options.delimiter.is_some())
                        .then_some(dialect.delimiter),
                    quote: dialect.quote,
                    header: header.names,
                    header_line: header.line,
                    ..base
                };
                (info, Box::new(plan))
            }
        }
        Magic::Zip | Magic::Parquet => {
            let format = if magic == Magic::Zip { Format::Xlsx } else { Format::Parquet };
            claim.check(compression, format)?;
            if compression != Compression::None {
                unpacked = Some(source::unpack(path, compression, &options.limits)?);
            }
            let plain: &Path = unpacked.as_deref().unwrap_or(path);
            let base = FileInfo { format, ..base };
            match format {
                Format::Xlsx => xlsx::plan(plain, base, options)?,
                _ => parquet_file::plan(plain, base, options)?,
            }
        }
    };
    let sample = first_rows(&*plan)?;
    Ok(TableFile { info, plan, sample, block_bytes: BLOCK_BYTES, _unpacked: unpacked })
}

/// How the file is packed, and what is inside.
fn packing(path: &Path, options: &OpenOptions) -> Result<(Compression, Magic), FileProblem> {
    const HEAD: usize = 512;
    let mut head = Vec::with_capacity(HEAD);
    fs::File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(FileProblem::Empty);
    }
    let compression = match magic::look(&head) {
        Magic::Gzip => Compression::Gzip,
        Magic::Zstd => Compression::Zstd,
        plain => return Ok((Compression::None, plain)),
    };
    head.clear();
    Source::open(path, compression, &options.limits)?.append(&mut head, HEAD)?;
    if head.is_empty() {
        return Err(FileProblem::Empty);
    }
    Ok((compression, magic::look(&head)))
}

/// The first rows of a file, which must have some.
fn first_rows(plan: &dyn Plan) -> Result<TextChunk, FileProblem> {
    let mut sample: Option<Result<TextChunk, ReadError>> = None;
    let read = plan.feed(SAMPLE_BYTES, &mut |task| match (task.parse)() {
        Ok(chunk) if chunk.rows() == 0 && chunk.bad.is_empty() => ControlFlow::Continue(()),
        other => {
            sample = Some(other);
            ControlFlow::Break(())
        }
    });
    let chunk = match (sample, read) {
        (Some(chunk), _) => chunk.map_err(|error| *error.problem)?,
        (None, Err(error)) => return Err(*error.problem),
        (None, Ok(())) => return Err(FileProblem::NoRows),
    };
    Ok(chunk.head(SAMPLE_ROWS))
}
