//! Opens a text file: encoding, sample, and blocks of whole records.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::encoding;
use super::error::FileProblem;
use super::info::Compression;
use super::options::OpenOptions;
use super::parse::Block;
use super::records::Dialect;
use super::sample::Sample;
use super::source::Source;
use super::stream::{TextSource, TextStream};

/// Bytes looked at further on in a plain file, to find a second encoding or its first accent.
const WINDOW: usize = 64 << 10;

/// A text file that has been looked at.
pub(super) struct TextFile {
    pub(super) source: TextSource,
    pub(super) sample: Sample,
}

/// Finds the encoding and takes a sample.
pub(super) fn look(
    path: &Path,
    compression: Compression,
    options: &OpenOptions,
) -> Result<TextFile, FileProblem> {
    let mut head = Vec::new();
    let read = Source::open(path, compression, &options.limits)?.append(&mut head, Sample::BYTES)?;
    let whole = read < Sample::BYTES;
    if head.is_empty() {
        return Err(FileProblem::Empty);
    }
    let elsewhere = if whole || compression != Compression::None { Vec::new() } else { windows(path)? };
    let encoding = encoding::detect(&head, whole, &elsewhere, options.encoding.as_deref())?;
    let source = TextSource { compression, encoding, limits: options.limits.clone() };
    let mut text = Vec::new();
    let more = source.start(path)?.append(&mut text, Sample::BYTES)?;
    Ok(TextFile { source, sample: Sample { text, whole: !more } })
}

/// Whole lines from the middle and the end of a plain file.
fn windows(path: &Path) -> Result<Vec<u8>, FileProblem> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut lines = Vec::new();
    for from in [length / 2, length.saturating_sub(WINDOW as u64)] {
        let mut window = Vec::with_capacity(WINDOW);
        file.seek(SeekFrom::Start(from))?;
        (&mut file).take(WINDOW as u64).read_to_end(&mut window)?;
        let start = memchr::memchr2(b'\n', b'\r', &window).map_or(window.len(), |at| at + 1);
        let end = memchr::memrchr2(b'\n', b'\r', &window).map_or(0, |at| at + 1);
        lines.extend_from_slice(window.get(start..end).unwrap_or_default());
    }
    Ok(lines)
}

/// Where the data starts in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// Bytes of decoded text before the first data record.
    pub(super) skip: usize,
    /// The line where it starts.
    pub(super) line: u64,
}

/// A text cut into blocks of whole records.
pub(super) struct Blocks {
    stream: TextStream,
    dialect: Dialect,
    block_bytes: usize,
    max_record: usize,
    buffer: Vec<u8>,
    ended: bool,
    offset: u64,
    row: u64,
    line: u64,
}

impl Blocks {
    pub(super) fn open(
        path: &Path,
        source: &TextSource,
        dialect: Dialect,
        start: Start,
        block_bytes: usize,
    ) -> Result<Self, FileProblem> {
        let mut stream = source.start(path)?;
        let mut buffer = Vec::new();
        let ended = !stream.append(&mut buffer, start.skip)?;
        buffer.drain(..start.skip.min(buffer.len()));
        Ok(Self {
            offset: stream.start_offset() + start.skip as u64,
            stream,
            dialect,
            block_bytes: block_bytes.max(1),
            max_record: source.limits.record_bytes(),
            buffer,
            ended,
            row: 1,
            line: start.line,
        })
    }

    /// How far the file itself has been read.
    pub(super) fn bytes_read(&self) -> u64 {
        self.stream.meter().get()
    }

    /// The next block that holds a row; `None` at the end of the text.
    pub(super) fn next(&mut self) -> Result<Option<Block>, FileProblem> {
        loop {
            if !self.ended {
                self.buffer.reserve(self.block_bytes);
                self.ended = !self.stream.append(&mut self.buffer, self.block_bytes)?;
            }
            let mut scan = self.dialect.scan(&self.buffer);
            if self.ended && scan.end < self.buffer.len() && !scan.in_quote {
                // The last record needs no line end of its own.
                self.buffer.push(self.dialect.line_end);
                scan = self.dialect.scan(&self.buffer);
            }
            let open = self.buffer.len() - scan.end;
            // What stands before a fault goes out first, whatever the size of the blocks.
            if scan.end == 0 {
                let line = self.line;
                if open > self.max_record {
                    return Err(FileProblem::RecordTooLong { line, limit: self.max_record });
                }
                if self.ended && scan.in_quote {
                    let quote = self.dialect.quote.map_or('"', char::from);
                    return Err(FileProblem::UnclosedQuote { line, quote });
                }
                if !self.ended {
                    continue;
                }
            }
            let rest = self.buffer.split_off(scan.end);
            let block = Block {
                text: std::mem::replace(&mut self.buffer, rest),
                offset: self.offset,
                first_row: self.row,
                rows: scan.rows,
                first_line: self.line,
                quoted: scan.quoted,
            };
            self.offset += scan.end as u64;
            self.row += scan.rows;
            self.line += scan.lines;
            match (scan.rows, self.ended && self.buffer.is_empty()) {
                (0, true) => return Ok(None),
                (0, false) => {}
                _ => return Ok(Some(block)),
            }
        }
    }
}
