//! A block of whole records → a chunk. Runs on the worker threads.

use std::sync::Arc;

use memchr::{memchr, memchr2_iter};

use super::chunk::{BadRow, TextChunk, TextColumn};
use super::reason::BadReason;
use super::records::{Dialect, RecordEnd};

/// What all blocks of a file have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) dialect: Dialect,
    pub(super) columns: usize,
    pub(super) max_field_bytes: usize,
}

/// Whole records, each with its line end, and where they stand in the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) text: Vec<u8>,
    /// Where the block starts in the decoded text of the file.
    pub(super) offset: u64,
    pub(super) first_row: u64,
    /// Records in it, blank lines apart.
    pub(super) rows: u64,
    pub(super) first_line: u64,
    /// Whether there is a quote in it.
    pub(super) quoted: bool,
}

/// Parses a block.
pub(super) fn parse(mut block: Block, shape: &Shape) -> TextChunk {
    let has_plain_form = !block.quoted && !shape.dialect.is_blanks() && memchr(0, &block.text).is_none();
    let plain = if has_plain_form { plain_text(&mut block) } else { None };
    let mut parser = Parser {
        shape,
        row: block.first_row,
        line: block.first_line,
        chunk: TextChunk::new(block.first_row, block.first_line, shape.columns),
        block,
        scratch: String::new(),
    };
    match plain {
        Some(text) => parser.plain(&text),
        None => parser.records(),
    }
    parser.chunk
}

/// Takes the text out of a block, unless some of it is no text.
fn plain_text(block: &mut Block) -> Option<Arc<String>> {
    match String::from_utf8(std::mem::take(&mut block.text)) {
        Ok(text) => Some(Arc::new(text)),
        Err(error) => {
            block.text = error.into_bytes();
            None
        }
    }
}

struct Parser<'a> {
    shape: &'a Shape,
    block: Block,
    row: u64,
    line: u64,
    scratch: String,
    chunk: TextChunk,
}

impl Parser<'_> {
    /// Without quotes every delimiter and line end counts: one pass over the block.
    fn plain(&mut self, text: &Arc<String>) {
        let Dialect { delimiter, line_end, .. } = self.shape.dialect;
        let bytes = text.as_bytes();
        // Rows that are shorter than the header is wide are bad ones, and need no room.
        let whole = bytes.len() / self.shape.columns.max(1) + 1;
        let rows = whole.min(self.block.rows as usize);
        for column in &mut self.chunk.columns {
            *column = TextColumn::within(text, rows);
        }
        let (mut row_start, mut start, mut column) = (0, 0, 0);
        for at in memchr2_iter(delimiter, line_end, bytes) {
            if bytes[at] == delimiter {
                if let Some(target) = self.chunk.columns.get_mut(column) {
                    target.push_place(start, at);
                }
                column += 1;
                start = at + 1;
                continue;
            }
            let record = self.shape.dialect.content(&bytes[row_start..=at]);
            let end = row_start + record.len();
            if column > 0 || !self.shape.dialect.is_blank(record) {
                if let Some(target) = self.chunk.columns.get_mut(column) {
                    target.push_place(start, end);
                }
                self.finish(record, column + 1);
            }
            self.line += 1;
            (row_start, start, column) = (at + 1, at + 1, 0);
        }
    }

    /// Record by record: quotes, runs of blanks, or bytes that are no text.
    fn records(&mut self) {
        let dialect = self.shape.dialect;
        let text = std::mem::take(&mut self.block.text);
        let mut start = 0;
        while let RecordEnd::At(next) = dialect.record_end(&text, start) {
            let whole = &text[start..next];
            let record = dialect.content(whole);
            if !dialect.is_blank(record) {
                self.record(record, start);
            }
            self.line += if self.block.quoted {
                memchr::memchr_iter(dialect.line_end, whole).count() as u64
            } else {
                1
            };
            start = next;
        }
    }

    fn record(&mut self, record: &[u8], start: usize) {
        let offset = self.block.offset + start as u64;
        if let Some(at) = memchr(0, record) {
            return self.reject(record, BadReason::Nul { offset: offset + at as u64 });
        }
        match std::str::from_utf8(record) {
            Ok(text) => {
                let mut scratch = std::mem::take(&mut self.scratch);
                let mut found = 0;
                self.shape.dialect.fields(text, &mut scratch, |field| {
                    if let Some(target) = self.chunk.columns.get_mut(found) {
                        target.push(field);
                    }
                    found += 1;
                });
                self.scratch = scratch;
                self.finish(record, found);
            }
            Err(error) => {
                let offset = offset + error.valid_up_to() as u64;
                self.reject(record, BadReason::NotText { offset });
            }
        }
    }

    /// Ends a row of which `found` fields have been seen.
    #[inline]
    fn finish(&mut self, record: &[u8], found: usize) {
        let expected = self.shape.columns;
        if found != expected {
            let reason = if found < expected {
                BadReason::TooFewFields { found, expected }
            } else {
                BadReason::TooManyFields { found, expected }
            };
            return self.reject(record, reason);
        }
        if record.len() > self.shape.max_field_bytes {
            let (index, limit) = (self.chunk.rows(), self.shape.max_field_bytes);
            let sizes = self.chunk.columns.iter().map(|column| column.get(index).len());
            let longest = sizes.enumerate().max_by_key(|&(_, bytes)| bytes);
            if let Some((at, bytes)) = longest.filter(|&(_, bytes)| bytes > limit) {
                return self.reject(record, BadReason::FieldTooLong { column: at + 1, bytes, limit });
            }
        }
        self.chunk.end_row(self.row, self.line);
        self.row += 1;
    }

    fn reject(&mut self, record: &[u8], reason: BadReason) {
        let bad = BadRow::new(self.row, self.line, record, reason);
        self.chunk.reject_row(bad);
        self.row += 1;
    }
}
