//! The table in memory: columns of text, and the rows that did not fit.

use std::sync::Arc;

use super::numbers::Numbers;
use super::reason::BadReason;

/// One column of a chunk: texts of its own, or places in a text that the chunk's columns share.
#[derive(Debug, Clone, Default)]
pub struct TextColumn {
    own: String,
    shared: Option<Arc<String>>,
    /// For each value, where it begins and ends.
    spans: Vec<(u32, u32)>,
}

impl TextColumn {
    /// A column whose values are places in `text`, with room for so many.
    pub(super) fn within(text: &Arc<String>, rows: usize) -> Self {
        Self { own: String::new(), shared: Some(Arc::clone(text)), spans: Vec::with_capacity(rows) }
    }

    #[inline]
    fn text(&self) -> &str {
        self.shared.as_deref().unwrap_or(&self.own).as_str()
    }

    /// The value at `index`; empty when there is no such row.
    #[inline]
    pub fn get(&self, index: usize) -> &str {
        match self.spans.get(index) {
            Some(&(start, end)) => &self.text()[start as usize..end as usize],
            None => "",
        }
    }

    /// How many values the column holds.
    #[inline]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether the column holds no value.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// All values in row order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let text = self.text();
        self.spans.iter().map(|&(start, end)| &text[start as usize..end as usize])
    }

    /// Adds a value to a column of texts of its own.
    #[inline]
    pub(super) fn push(&mut self, value: &str) {
        let start = self.own.len() as u32;
        self.own.push_str(value);
        // Blocks and records are bounded far below 4 GiB (`Limits::record_bytes`).
        self.spans.push((start, self.own.len() as u32));
    }

    /// Adds a place in the shared text.
    #[inline]
    pub(super) fn push_place(&mut self, start: usize, end: usize) {
        self.spans.push((start as u32, end as u32));
    }

    #[inline]
    pub(super) fn truncate(&mut self, len: usize) {
        if self.spans.len() > len {
            self.spans.truncate(len);
            let end = self.spans.last().map_or(0, |&(_, end)| end);
            self.own.truncate(end as usize);
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.own.len()
    }
}

impl PartialEq for TextColumn {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for TextColumn {}

/// A row that is not in the columns because it does not have the shape of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The data row, from 1 for the first row after the header.
    pub row: u64,
    /// The line (or sheet row) where it starts, from 1.
    pub line: u64,
    /// The row as it stands in the file, cut to [`BadRow::MAX_RAW`] bytes.
    pub raw: String,
    /// What is wrong with it.
    pub reason: BadReason,
}

impl BadRow {
    /// How much of a bad row is kept, in bytes.
    pub const MAX_RAW: usize = 4096;

    pub(super) fn new(row: u64, line: u64, raw: &[u8], reason: BadReason) -> Self {
        let cut = &raw[..raw.len().min(Self::MAX_RAW)];
        let text = match std::str::from_utf8(cut) {
            Ok(text) => text.to_owned(),
            // A character cut in two at the end is the cut's fault, not the file's.
            Err(e) if e.error_len().is_none() => {
                String::from_utf8_lossy(&cut[..e.valid_up_to()]).into_owned()
            }
            Err(_) => String::from_utf8_lossy(cut).into_owned(),
        };
        Self { row, line, raw: text, reason }
    }
}

/// A run of rows, in file order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextChunk {
    /// The data row number of the chunk's first row, good or bad; 1 is the first after the header.
    pub first_row: u64,
    /// The line (or sheet row) where the chunk starts, from 1.
    pub first_line: u64,
    /// One column for each name of the header, all of the same length.
    pub columns: Vec<TextColumn>,
    /// The rows that are not in the columns.
    pub bad: Vec<BadRow>,
    rows: usize,
    row_numbers: Numbers,
    line_numbers: Numbers,
}

impl TextChunk {
    pub(super) fn new(first_row: u64, first_line: u64, columns: usize) -> Self {
        Self { first_row, first_line, columns: vec![TextColumn::default(); columns], ..Self::default() }
    }

    /// How many rows the columns hold.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The data row number of the good row at `index`, from 1 for the first after the header.
    pub fn row_number(&self, index: usize) -> u64 {
        self.row_numbers.get(index)
    }

    /// The line (or sheet row) where the good row at `index` starts, from 1.
    pub fn line_number(&self, index: usize) -> u64 {
        self.line_numbers.get(index)
    }

    /// Ends a row whose values have been pushed to every column.
    #[inline]
    pub(super) fn end_row(&mut self, row: u64, line: u64) {
        self.row_numbers.push(self.rows as u32, row);
        self.line_numbers.push(self.rows as u32, line);
        self.rows += 1;
    }

    /// Takes back what was pushed since the last whole row, and keeps the row as a bad one.
    pub(super) fn reject_row(&mut self, bad: BadRow) {
        for column in &mut self.columns {
            column.truncate(self.rows);
        }
        self.bad.push(bad);
    }

    /// Bytes of text held by the columns.
    pub(super) fn bytes(&self) -> usize {
        self.columns.iter().map(TextColumn::bytes).sum()
    }

    /// The chunk cut to its first `n` rows, good and bad together.
    pub(super) fn head(&self, n: usize) -> Self {
        let mut head = self.clone();
        let end = self.first_row.saturating_add(n as u64);
        head.bad.retain(|bad| bad.row < end);
        let rows = (0..self.rows).take_while(|&i| self.row_number(i) < end).count();
        head.rows = rows;
        head.row_numbers.truncate(rows as u32);
        head.line_numbers.truncate(rows as u32);
        for column in &mut head.columns {
            column.truncate(rows);
        }
        head
    }
}
