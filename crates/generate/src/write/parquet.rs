//! Rows as Parquet.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use clientele_engine::arrow::array::{
    ArrayRef, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, RecordBatch, StringBuilder,
    TimestampMicrosecondBuilder,
};
use clientele_engine::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use clientele_engine::parquet::arrow::ArrowWriter;
use clientele_engine::parquet::basic::{Compression, ZstdLevel};
use clientele_engine::parquet::errors::ParquetError;
use clientele_engine::parquet::file::properties::WriterProperties;

use super::super::GenerateError;
use super::super::calendar::SECONDS_A_DAY;
use super::super::tables::{Cells, Kind, Table};
use super::digits::Digits;

const ROWS_A_GROUP: usize = 1 << 20;

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Count => DataType::Int64,
        Kind::Money => DataType::Decimal128(18, 2),
        Kind::Number => DataType::Float64,
        Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, None),
        Kind::Date => DataType::Date32,
    }
}

fn schema(table: &Table) -> Arc<Schema> {
    let fields: Vec<Field> =
        table.columns.iter().map(|(name, kind)| Field::new(*name, data_type(*kind), table.gaps)).collect();
    Arc::new(Schema::new(fields))
}

pub fn writer(
    path: &Path,
    file: BufWriter<File>,
    table: &Table,
) -> Result<ArrowWriter<BufWriter<File>>, GenerateError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
        .set_max_row_group_row_count(Some(ROWS_A_GROUP))
        .build();
    ArrowWriter::try_new(file, schema(table), Some(properties)).map_err(|error| failed(path, &error))
}

pub fn failed(path: &Path, error: &ParquetError) -> GenerateError {
    GenerateError::Parquet { place: path.to_path_buf(), cause: error.to_string() }
}

enum ColumnBuilder {
    Text(StringBuilder),
    Count(Int64Builder),
    Money(Decimal128Builder),
    Number(Float64Builder),
    Time(TimestampMicrosecondBuilder),
    Date(Date32Builder),
}

impl ColumnBuilder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => ColumnBuilder::Text(StringBuilder::new()),
            Kind::Count => ColumnBuilder::Count(Int64Builder::new()),
            Kind::Money => ColumnBuilder::Money(Decimal128Builder::new().with_data_type(data_type(kind))),
            Kind::Number => ColumnBuilder::Number(Float64Builder::new()),
            Kind::Time => ColumnBuilder::Time(TimestampMicrosecondBuilder::new()),
            Kind::Date => ColumnBuilder::Date(Date32Builder::new()),
        }
    }

    fn skip(&mut self) {
        match self {
            ColumnBuilder::Text(builder) => builder.append_null(),
            ColumnBuilder::Count(builder) => builder.append_null(),
            ColumnBuilder::Money(builder) => builder.append_null(),
            ColumnBuilder::Number(builder) => builder.append_null(),
            ColumnBuilder::Time(builder) => builder.append_null(),
            ColumnBuilder::Date(builder) => builder.append_null(),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            ColumnBuilder::Text(mut builder) => Arc::new(builder.finish()),
            ColumnBuilder::Count(mut builder) => Arc::new(builder.finish()),
            ColumnBuilder::Money(mut builder) => Arc::new(builder.finish()),
            ColumnBuilder::Number(mut builder) => Arc::new(builder.finish()),
            ColumnBuilder::Time(mut builder) => Arc::new(builder.finish()),
            ColumnBuilder::Date(mut builder) => Arc::new(builder.finish()),
        }
    }
}

/// Collects rows. A value of the wrong kind is left out, and the batch then fails for its length.
pub struct ArrowCells {
    schema: Arc<Schema>,
    columns: Vec<ColumnBuilder>,
    next: usize,
    first_day: i32,
}

impl ArrowCells {
    pub fn new(table: &Table, first_day: i32) -> Self {
        let columns = table.columns.iter().map(|(_, kind)| ColumnBuilder::new(*kind)).collect();
        ArrowCells { schema: schema(table), columns, next: 0, first_day }
    }

    pub fn into_batch(self) -> Result<RecordBatch, GenerateError> {
        let columns = self.columns.into_iter().map(ColumnBuilder::finish).collect();
        RecordBatch::try_new(self.schema, columns).map_err(|_| GenerateError::Stopped)
    }

    fn column(&mut self) -> Option<&mut ColumnBuilder> {
        self.next += 1;
        self.columns.get_mut(self.next - 1)
    }
}

impl Cells for ArrowCells {
    fn text(&mut self, value: &str) {
        if let Some(ColumnBuilder::Text(builder)) = self.column() {
            builder.append_value(value);
        }
    }

    fn id(&mut self, letter: char, number: u64) {
        let mut buffer = Vec::with_capacity(12);
        buffer.push(letter as u8);
        Digits::of(number).add_to(&mut buffer, 10);
        self.text(std::str::from_utf8(&buffer).unwrap_or_default());
    }

    fn count(&mut self, value: i64) {
        if let Some(ColumnBuilder::Count(builder)) = self.column() {
            builder.append_value(value);
        }
    }

    fn money(&mut self, hundredths: i64) {
        if let Some(ColumnBuilder::Money(builder)) = self.column() {
            builder.append_value(hundredths.into());
        }
    }

    fn number(&mut self, hundredths: i64) {
        if let Some(ColumnBuilder::Number(builder)) = self.column() {
            builder.append_value(hundredths as f64 / 100.0);
        }
    }

    fn time(&mut self, seconds: u32) {
        let seconds = i64::from(self.first_day) * i64::from(SECONDS_A_DAY) + i64::from(seconds);
        if let Some(ColumnBuilder::Time(builder)) = self.column() {
            builder.append_value(seconds * 1_000_000);
        }
    }

    fn date(&mut self, epoch_day: i32) {
        if let Some(ColumnBuilder::Date(builder)) = self.column() {
            builder.append_value(epoch_day);
        }
    }

    fn none(&mut self) {
        if let Some(column) = self.column() {
            column.skip();
        }
    }

    fn end_row(&mut self) {
        self.next = 0;
    }
}
