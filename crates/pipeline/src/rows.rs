//! Reading values out of query results.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use clientele_engine::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use clientele_engine::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType,
};

use crate::quote;

/// One value of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Unknown,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Ten-thousandths.
    Money(i128),
    Date(NaiveDate),
    Time(NaiveDateTime),
    Text(String),
}

impl Value {
    /// The value as a number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Bool(b) => Some(f64::from(u8::from(*b))),
            Value::Int(i) => Some(*i as f64),
            Value::Float(f) => Some(*f),
            Value::Money(m) => Some(*m as f64 / 10_000.0),
            _ => None,
        }
    }

    /// The value as a SQL literal of its type.
    pub fn literal(&self) -> String {
        match self {
            Value::Unknown => "NULL".to_owned(),
            Value::Bool(b) => b.to_string(),
            Value::Int(i) => quote::integer(*i),
            Value::Float(f) => quote::double(*f),
            Value::Money(m) => quote::money(*m),
            Value::Date(d) => quote::date(*d),
            Value::Time(t) => quote::time(*t),
            Value::Text(t) => quote::text(t),
        }
    }
}

/// The value at a place. Types that results do not use are unknown.
pub fn value(array: &ArrayRef, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Unknown;
    }
    match array.data_type() {
        DataType::Boolean => Value::Bool(array.as_boolean().value(row)),
        DataType::Int32 => Value::Int(array.as_primitive::<Int32Type>().value(row).into()),
        DataType::Int64 => Value::Int(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Value::Float(array.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(_, 4) => Value::Money(array.as_primitive::<Decimal128Type>().value(row)),
        DataType::Date32 => date(array.as_primitive::<Date32Type>().value(row)),
        DataType::Timestamp(..) => array
            .as_primitive_opt::<TimestampMicrosecondType>()
            .and_then(|times| DateTime::from_timestamp_micros(times.value(row)))
            .map_or(Value::Unknown, |t| Value::Time(t.naive_utc())),
        DataType::Utf8 => Value::Text(array.as_string::<i32>().value(row).to_owned()),
        DataType::Utf8View => Value::Text(array.as_string_view().value(row).to_owned()),
        DataType::LargeUtf8 => Value::Text(array.as_string::<i64>().value(row).to_owned()),
        _ => Value::Unknown,
    }
}

fn date(days: i32) -> Value {
    DateTime::from_timestamp(i64::from(days) * 86_400, 0)
        .map_or(Value::Unknown, |t| Value::Date(t.date_naive()))
}

/// All rows of a result.
pub fn rows(batches: &[RecordBatch]) -> impl Iterator<Item = Vec<Value>> + '_ {
    batches.iter().flat_map(|batch| {
        (0..batch.num_rows())
            .map(move |row| batch.columns().iter().map(|column| value(column, row)).collect())
    })
}

/// A value as text; empty when it is none.
pub fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

/// A value as a whole number; 0 when it is none.
pub fn int(value: &Value) -> i64 {
    match value {
        Value::Int(i) => *i,
        _ => 0,
    }
}

/// A value as money in ten-thousandths; 0 when it is none.
pub fn money(value: &Value) -> i128 {
    match value {
        Value::Money(m) => *m,
        _ => 0,
    }
}
