//! Excel workbooks.

use std::fs::File;
use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use clientele_engine::arrow::array::RecordBatch;
use clientele_engine::arrow::datatypes::SchemaRef;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::error::at;
use super::{ExportError, Target};
use crate::understand::rows::{Value, value};

/// The rows of a sheet, without that of the column names.
pub const MOST_ROWS: u64 = 1_048_575;

/// A workbook of one sheet. Rows go to a passing file as they come.
pub struct Xlsx {
    path: PathBuf,
    file: File,
    workbook: Workbook,
    next: u32,
    date: Format,
    time: Format,
    money: Format,
}

impl Xlsx {
    pub fn start(file: File, path: &Path, schema: &SchemaRef, sheet: &str) -> Result<Self, ExportError> {
        let mut xlsx = Xlsx {
            path: path.to_path_buf(),
            file,
            workbook: Workbook::new(),
            next: 1,
            date: Format::new().set_num_format("yyyy-mm-dd"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            money: Format::new().set_num_format("#,##0.00"),
        };
        xlsx.head(schema, sheet).map_err(|error| failed(path, &error))?;
        Ok(xlsx)
    }

    fn head(&mut self, schema: &SchemaRef, name: &str) -> Result<(), XlsxError> {
        // The time of making would make every file differ.
        let always = ExcelDateTime::from_ymd(2000, 1, 1)?;
        self.workbook.set_properties(&DocProperties::new().set_creation_datetime(&always));
        let bold = Format::new().set_bold();
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 1)?;
        for (column, field) in (0..).zip(schema.fields()) {
            sheet.write_string_with_format(0, column, field.name(), &bold)?;
        }
        Ok(())
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<(), XlsxError> {
        let (date, time, money) = (&self.date, &self.time, &self.money);
        let sheet = self.workbook.worksheet_from_index(0)?;
        for row in 0..batch.num_rows() {
            for (column, array) in (0..).zip(batch.columns()) {
                let at = (self.next, column);
                match value(array, row) {
                    Value::Unknown => {}
                    Value::Bool(yes) => {
                        sheet.write_boolean(at.0, at.1, yes)?;
                    }
                    Value::Int(number) => {
                        sheet.write_number(at.0, at.1, number as f64)?;
                    }
                    Value::Float(number) => {
                        sheet.write_number(at.0, at.1, number)?;
                    }
                    Value::Money(amount) => {
                        let number = amount as f64 / 10_000.0;
                        sheet.write_number_with_format(at.0, at.1, number, money)?;
                    }
                    Value::Date(day) => moment(sheet, at, day.and_time(Default::default()), date)?,
                    Value::Time(moment_) => moment(sheet, at, moment_, time)?,
                    // A text cell is never run as a formula.
                    Value::Text(text) => {
                        sheet.write_string(at.0, at.1, text)?;
                    }
                }
            }
            self.next += 1;
        }
        Ok(())
    }
}

/// Excel knows no dates before 1900: those are written as text.
fn moment(
    sheet: &mut Worksheet,
    at: (u32, u16),
    moment: NaiveDateTime,
    format: &Format,
) -> Result<(), XlsxError> {
    match ExcelDateTime::from_timestamp(moment.and_utc().timestamp()) {
        Ok(excel) => sheet.write_datetime_with_format(at.0, at.1, &excel, format)?,
        Err(_) => sheet.write_string(at.0, at.1, moment.to_string())?,
    };
    Ok(())
}

impl Target for Xlsx {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ExportError> {
        self.rows(batch).map_err(|error| failed(&self.path, &error))
    }

    fn finish(mut self: Box<Self>) -> Result<File, ExportError> {
        let file = self.file.try_clone().map_err(at(&self.path))?;
        self.workbook.save_to_writer(file).map_err(|error| failed(&self.path, &error))?;
        Ok(self.file)
    }
}

fn failed(path: &Path, error: &XlsxError) -> ExportError {
    ExportError::Format { file: path.to_path_buf(), cause: error.to_string() }
}
