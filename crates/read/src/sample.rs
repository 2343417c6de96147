//! The first records of a text, for finding delimiter, quote and header.

use super::records::{Dialect, RecordEnd};

/// The start of a file's text, decoded.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) text: Vec<u8>,
    /// Whether this is all of the text.
    pub(super) whole: bool,
}

/// A record of the sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct SampleRecord<'a> {
    /// Without its line end.
    pub(super) content: &'a [u8],
    /// Where the next record starts.
    pub(super) next: usize,
    /// The line where it starts, from 1.
    pub(super) line: u64,
    /// The line where the next record starts.
    pub(super) next_line: u64,
}

impl Sample {
    /// Bytes of decoded text that a sample holds at least, if the file has them.
    pub(super) const BYTES: usize = 1 << 20;

    /// Up to `limit` whole records that are not blank; and what stopped, if it was an open record.
    pub(super) fn records(
        &self,
        dialect: &Dialect,
        limit: usize,
    ) -> (Vec<SampleRecord<'_>>, Option<RecordEnd>) {
        let text = &self.text;
        let (mut records, mut start, mut line) = (Vec::new(), 0, 1);
        while start < text.len() && records.len() < limit {
            let end = dialect.record_end(text, start);
            let next = match end {
                RecordEnd::At(next) => next,
                // The last line of a file needs no line end.
                RecordEnd::Open if self.whole => text.len(),
                open => return (records, Some(open)),
            };
            let whole = &text[start..next];
            let content = dialect.content(whole);
            let next_line = line + memchr::memchr_iter(dialect.line_end, whole).count() as u64;
            if !dialect.is_blank(content) {
                records.push(SampleRecord { content, next, line, next_line });
            }
            (start, line) = (next, next_line);
        }
        (records, None)
    }
}
