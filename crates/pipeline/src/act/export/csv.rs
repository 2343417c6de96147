//! CSV.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clientele_engine::arrow::array::RecordBatch;
use clientele_engine::arrow::datatypes::SchemaRef;

use super::error::at;
use super::{ExportError, Target};
use crate::understand::rows::{Value, value};

/// A CSV file being written.
pub struct Csv {
    path: PathBuf,
    file: BufWriter<File>,
    row: String,
}

impl Csv {
    pub fn start(file: File, path: &Path, schema: &SchemaRef, mark: bool) -> Result<Self, ExportError> {
        let mut csv = Csv {
            path: path.to_path_buf(),
            file: BufWriter::with_capacity(1 << 18, file),
            row: String::new(),
        };
        if mark {
            csv.row.push('\u{feff}');
        }
        for (place, field) in schema.fields().iter().enumerate() {
            csv.cell(place, &Value::Text(field.name().clone()));
        }
        csv.end_row()?;
        Ok(csv)
    }

    fn cell(&mut self, place: usize, value: &Value) {
        if place > 0 {
            self.row.push(',');
        }
        match value {
            Value::Text(text) => push_text(&mut self.row, text),
            other => self.row.push_str(&written(other)),
        }
    }

    fn end_row(&mut self) -> Result<(), ExportError> {
        self.row.push_str("\r\n");
        self.file.write_all(self.row.as_bytes()).map_err(at(&self.path))?;
        self.row.clear();
        Ok(())
    }
}

impl Target for Csv {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ExportError> {
        for row in 0..batch.num_rows() {
            for (place, column) in batch.columns().iter().enumerate() {
                self.cell(place, &value(column, row));
            }
            self.end_row()?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<File, ExportError> {
        self.file.into_inner().map_err(|error| at(&self.path)(error.into_error()))
    }
}

/// A value for programs: plain digits, ISO dates, nothing for what is unknown.
fn written(value: &Value) -> String {
    match value {
        Value::Unknown => String::new(),
        Value::Bool(yes) => yes.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Money(amount) => money(*amount),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.format("%Y-%m-%d %H:%M:%S").to_string(),
        Value::Text(text) => text.clone(),
    }
}

/// At least two digits after the point, and no more than are needed.
fn money(amount: i128) -> String {
    let (minus, size) = (if amount < 0 { "-" } else { "" }, amount.unsigned_abs());
    let text = format!("{minus}{}.{:04}", size / 10_000, size % 10_000);
    let end = text.strip_suffix("00").or_else(|| text.strip_suffix('0'));
    end.unwrap_or(&text).to_owned()
}

/// Text that a spreadsheet would run as a formula gets a `'` before it, as a person would write it;
/// an import takes it off again. What needs quotes gets them.
fn push_text(row: &mut String, text: &str) {
    let guard = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = text.contains([',', '"', '\n', '\r', '\t']);
    if quoted {
        row.push('"');
    }
    if guard {
        row.push('\'');
    }
    for c in text.chars() {
        if c == '"' {
            row.push('"');
        }
        row.push(c);
    }
    if quoted {
        row.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        let mut row = String::new();
        push_text(&mut row, text);
        row
    }

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(cell("+44"), "'+44");
        assert_eq!(cell("-x"), "'-x");
        assert_eq!(cell("\t=1"), "\"'\t=1\"");
        assert_eq!(cell("plain = text"), "plain = text");
        assert_eq!(cell("=HYPERLINK(\"a\",\"b\")"), "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"");
    }

    #[test]
    fn money_has_the_digits_that_it_needs() {
        assert_eq!(money(123_400), "12.34");
        assert_eq!(money(120_000), "12.00");
        assert_eq!(money(-1), "-0.0001");
        assert_eq!(money(1_250), "0.125");
    }
}
