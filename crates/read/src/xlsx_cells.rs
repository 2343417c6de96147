//! Cells of a sheet → rows of text.

use std::fmt::Write;

use calamine::{Cell, DataRef, ExcelDateTime};

use super::parquet_text::float;

/// Whole numbers above this are not exact in a workbook anyway.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A row of a sheet.
#[derive(Debug, Clone, Default)]
pub(super) struct SheetRow {
    /// The row's number in the sheet, from 1.
    pub(super) number: u64,
    /// The texts of its cells from column A on; ends with the last cell that is not empty.
    pub(super) cells: Vec<String>,
}

/// Puts cells, which come row by row, together to rows that are not empty.
#[derive(Debug, Default)]
pub(super) struct RowBuilder {
    row: SheetRow,
}

impl RowBuilder {
    /// Adds a cell; gives the row before it, if the cell begins a new one. Cells beyond
    /// `max_columns` are counted into one last column.
    pub(super) fn add(&mut self, cell: &Cell<DataRef<'_>>, max_columns: usize) -> Option<SheetRow> {
        let (row, column) = cell.get_position();
        let number = u64::from(row) + 1;
        let before = (number != self.row.number).then(|| self.take(number)).flatten();
        let text = cell_text(cell.get_value());
        if !text.is_empty() {
            let column = (column as usize).min(max_columns);
            if self.row.cells.len() <= column {
                self.row.cells.resize(column + 1, String::new());
            }
            self.row.cells[column] = text;
        }
        before
    }

    /// Gives the last row.
    pub(super) fn finish(mut self) -> Option<SheetRow> {
        self.take(0)
    }

    fn take(&mut self, next: u64) -> Option<SheetRow> {
        let row = std::mem::replace(&mut self.row, SheetRow { number: next, cells: Vec::new() });
        (!row.cells.is_empty()).then_some(row)
    }
}

fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(value) => value.to_string(),
        DataRef::Float(value) => figure(*value),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(value) => time_text(value),
        // Kept, so that the rules for the field reject it: `#N/A` is no value and not empty.
        DataRef::Error(error) => error.to_string(),
    }
}

/// Excel shows fifteen digits; sums such as 0.1 + 0.2 are stored with noise behind them.
fn figure(value: f64) -> String {
    let mut text = String::new();
    if value.fract() != 0.0 && value.abs() < EXACT {
        let rounded = format!("{value:.14e}").parse().unwrap_or(value);
        // Writing to a String cannot fail.
        let _ = float(rounded, &mut text);
    } else {
        let _ = float(value, &mut text);
    }
    text
}

/// ISO 8601: a day, a day and time, or (for values below one day) a time; durations as hours.
fn time_text(value: &ExcelDateTime) -> String {
    let days = value.as_f64();
    let mut text = String::new();
    if value.is_duration() {
        let seconds = (days * 86_400.0).round();
        let (hours, rest) = ((seconds / 3600.0).trunc(), seconds.abs() % 3600.0);
        let _ = write!(text, "{hours:02}:{:02}:{:02}", (rest / 60.0).trunc(), rest % 60.0);
        return text;
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    if days >= 1.0 {
        let _ = write!(text, "{year:04}-{month:02}-{day:02}");
        if (hour, minute, second, milli) == (0, 0, 0, 0) {
            return text;
        }
        text.push('T');
    }
    let _ = write!(text, "{hour:02}:{minute:02}:{second:02}");
    if milli != 0 {
        let _ = write!(text, ".{milli:03}");
    }
    text
}
