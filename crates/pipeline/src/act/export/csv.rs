//! CSV.

use std::fs::File;
use std::path::{Path, PathBuf};

use clientele_engine::arrow::array::RecordBatch;
use clientele_engine::arrow::datatypes::SchemaRef;

use super::error::at;
use super::{ExportError, Target};
use crate::csv_file::CsvFile;
use crate::understand::rows::{Value, value};

/// A CSV file being written.
pub struct Csv {
    path: PathBuf,
    file: CsvFile<File>,
}

impl Csv {
    pub fn start(file: File, path: &Path, schema: &SchemaRef, mark: bool) -> Result<Self, ExportError> {
        let path = path.to_path_buf();
        let mut file = CsvFile::new(file, mark).map_err(at(&path))?;
        let mut names = schema.fields().iter();
        names
            .try_for_each(|field| file.text(field.name()))
            .and_then(|()| file.end_row())
            .map_err(at(&path))?;
        Ok(Csv { path, file })
    }

    fn row(&mut self, batch: &RecordBatch, row: usize) -> std::io::Result<()> {
        for column in batch.columns() {
            match value(column, row) {
                Value::Text(text) => self.file.text(&text)?,
                other => self.file.plain(&written(&other))?,
            }
        }
        self.file.end_row()
    }
}

impl Target for Csv {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ExportError> {
        for row in 0..batch.num_rows() {
            self.row(batch, row).map_err(at(&self.path))?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<File, ExportError> {
        let Csv { path, file } = *self;
        file.finish().map_err(at(&path))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_the_digits_that_it_needs() {
        assert_eq!(money(123_400), "12.34");
        assert_eq!(money(120_000), "12.00");
        assert_eq!(money(-1), "-0.0001");
        assert_eq!(money(1_250), "0.125");
    }
}
