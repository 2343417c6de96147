//! Where records end and what fields they have. Cutting the file into blocks and parsing the
//! blocks both go through here, so they cannot disagree.

use memchr::{memchr, memchr_iter, memchr2, memrchr};

/// How a delimited text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// The byte between fields; with [`Dialect::BLANKS`], runs of spaces and tabs.
    pub(super) delimiter: u8,
    /// A field that starts with it may hold delimiters and line ends; doubled it stands for itself.
    pub(super) quote: Option<u8>,
    /// `\n` (a `\r` before it belongs to it), or `\r` where the file has no `\n`.
    pub(super) line_end: u8,
}

impl Dialect {
    /// The delimiter that stands for runs of spaces and tabs.
    pub(super) const BLANKS: u8 = b' ';

    /// One record a line, whatever is in it.
    pub(super) const LINES: Self = Self { delimiter: b'\n', quote: None, line_end: b'\n' };

    pub(super) fn is_blanks(&self) -> bool {
        self.delimiter == Self::BLANKS
    }

    /// A record without its line end.
    pub(super) fn content<'a>(&self, record: &'a [u8]) -> &'a [u8] {
        let record = record.strip_suffix(&[self.line_end]).unwrap_or(record);
        match self.line_end {
            b'\n' => record.strip_suffix(b"\r").unwrap_or(record),
            _ => record,
        }
    }

    /// Whether a line holds nothing but spaces; such lines are no rows.
    #[inline]
    pub(super) fn is_blank(&self, content: &[u8]) -> bool {
        match content.first() {
            None => true,
            Some(b' ' | b'\r') => content.iter().all(|byte| matches!(byte, b' ' | b'\r')),
            Some(_) => false,
        }
    }

    /// Finds the end of the record that starts at `start`.
    pub(super) fn record_end(&self, text: &[u8], start: usize) -> RecordEnd {
        let Some(quote) = self.quote else {
            return match memchr(self.line_end, &text[start..]) {
                Some(at) => RecordEnd::At(start + at + 1),
                None => RecordEnd::Open,
            };
        };
        let mut at = start;
        while let Some(step) = memchr2(quote, self.line_end, &text[at..]) {
            at += step;
            if text[at] == self.line_end {
                return RecordEnd::At(at + 1);
            }
            let opens = at == start || text[at - 1] == self.delimiter;
            at += 1;
            if opens {
                match closing_quote(text, at, quote) {
                    Some(close) => at = close + 1,
                    None => return RecordEnd::InQuote,
                }
            }
        }
        RecordEnd::Open
    }

    /// Looks how much of a block is whole records, and how many rows and lines these have.
    pub(super) fn scan(&self, text: &[u8]) -> Scan {
        match self.quote {
            Some(quote) if memchr(quote, text).is_some() => self.scan_quoted(text),
            _ => self.scan_lines(text),
        }
    }

    fn scan_lines(&self, text: &[u8]) -> Scan {
        let end = memrchr(self.line_end, text).map_or(0, |at| at + 1);
        let (mut rows, mut lines, mut start) = (0, 0, 0);
        for at in memchr_iter(self.line_end, &text[..end]) {
            lines += 1;
            rows += u64::from(!self.is_blank(&text[start..at]));
            start = at + 1;
        }
        Scan { end, rows, lines, quoted: false, in_quote: false }
    }

    fn scan_quoted(&self, text: &[u8]) -> Scan {
        let (mut rows, mut end) = (0, 0);
        let in_quote = loop {
            match self.record_end(text, end) {
                RecordEnd::At(next) => {
                    rows += u64::from(!self.is_blank(self.content(&text[end..next])));
                    end = next;
                }
                RecordEnd::Open => break false,
                RecordEnd::InQuote => break true,
            }
        };
        let lines = memchr_iter(self.line_end, &text[..end]).count() as u64;
        Scan { end, rows, lines, quoted: true, in_quote }
    }

    /// Hands over the fields of a record (without line end), in order.
    pub(super) fn fields(&self, record: &str, scratch: &mut String, mut each: impl FnMut(&str)) {
        if self.is_blanks() {
            record.split([' ', '\t']).filter(|field| !field.is_empty()).for_each(each);
            return;
        }
        let bytes = record.as_bytes();
        let mut start = 0;
        loop {
            let quoted = self.quote.filter(|quote| bytes.get(start) == Some(quote));
            // After a closing quote only the delimiter counts, so search from there.
            let close = quoted.and_then(|quote| closing_quote(bytes, start + 1, quote));
            let search = close.map_or(start, |close| close + 1);
            let end = memchr(self.delimiter, &bytes[search..]).map_or(bytes.len(), |at| search + at);
            match (quoted, close) {
                (Some(quote), Some(close)) => {
                    let inner = &record[start + 1..close];
                    if memchr(quote, inner.as_bytes()).is_none() && close + 1 == end {
                        each(inner);
                    } else {
                        unquote(inner, quote, scratch);
                        scratch.push_str(&record[close + 1..end]);
                        each(scratch);
                    }
                }
                _ => each(&record[start..end]),
            }
            if end == bytes.len() {
                return;
            }
            start = end + 1;
        }
    }

    /// The fields of a record (without line end).
    pub(super) fn split(&self, record: &str) -> Vec<String> {
        let mut fields = Vec::new();
        self.fields(record, &mut String::new(), |field| fields.push(field.to_owned()));
        fields
    }
}

/// Where a record ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordEnd {
    /// The first byte after its line end.
    At(usize),
    /// The text ends before the record does.
    Open,
    /// The text ends inside a quoted field.
    InQuote,
}

/// What a block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scan {
    /// The first byte after the last whole record.
    pub(super) end: usize,
    /// Records up to there, without blank lines.
    pub(super) rows: u64,
    /// Line ends up to there, those inside quotes too.
    pub(super) lines: u64,
    /// Whether there is a quote at all.
    pub(super) quoted: bool,
    /// Whether the unfinished record after `end` is inside a quoted field.
    pub(super) in_quote: bool,
}

/// The quote that ends a field which was opened just before `start`.
pub(super) fn closing_quote(text: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start;
    loop {
        at += memchr(quote, text.get(at..)?)?;
        if text.get(at + 1) != Some(&quote) {
            return Some(at);
        }
        at += 2;
    }
}

/// Turns doubled quotes into single ones.
fn unquote(inner: &str, quote: u8, out: &mut String) {
    out.clear();
    let mut rest = inner;
    while let Some(at) = memchr(quote, rest.as_bytes()) {
        out.push_str(&rest[..=at]);
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    out.push_str(rest);
}
