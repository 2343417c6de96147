//! Arrow values as text, exactly.

use std::fmt::Write;

use chrono::{DateTime, Datelike, Timelike};
use clientele_engine::arrow::array::cast::AsArray;
use clientele_engine::arrow::array::{Array, ArrayRef, BinaryArray};
use clientele_engine::arrow::compute::cast;
use clientele_engine::arrow::datatypes::{
    DataType, Float32Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use clientele_engine::arrow::error::ArrowError;
use clientele_engine::arrow::util::display::{ArrayFormatter, FormatOptions};

use super::chunk::TextColumn;

/// A value above the limit: its index and its bytes.
type TooLong = Option<(usize, usize)>;

/// Appends every value of `array` to `column`; nulls become empty text. Stops at the first value
/// longer than `limit` bytes.
pub(super) fn column_text(
    array: &ArrayRef,
    column: &mut TextColumn,
    limit: usize,
) -> Result<TooLong, ArrowError> {
    match array.data_type() {
        DataType::Dictionary(_, values) => column_text(&cast(array, values)?, column, limit),
        DataType::Utf8 => Ok(texts(array.as_string::<i32>().iter(), column, limit)),
        DataType::LargeUtf8 => Ok(texts(array.as_string::<i64>().iter(), column, limit)),
        DataType::Utf8View => Ok(texts(array.as_string_view().iter(), column, limit)),
        DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            column_text(&cast(array, &DataType::Binary)?, column, limit)
        }
        DataType::Binary => Ok(binary(array.as_binary::<i32>(), column, limit)),
        DataType::Float64 => {
            formatted(array.as_primitive::<Float64Type>().iter(), column, float);
            Ok(None)
        }
        DataType::Float32 => {
            formatted(array.as_primitive::<Float32Type>().iter(), column, |value, out| {
                if value.fract() == 0.0 { float(f64::from(value), out) } else { write!(out, "{value}") }
            });
            Ok(None)
        }
        DataType::Timestamp(unit, zone) => {
            timestamps(array, *unit, zone.is_some(), column)?;
            Ok(None)
        }
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32 => column_text(&cast(array, &DataType::Int64)?, column, limit),
        DataType::Int64 => {
            formatted(array.as_primitive::<Int64Type>().iter(), column, |value, out| write!(out, "{value}"));
            Ok(None)
        }
        _ => displayed(array, column, limit),
    }
}

fn texts<'a>(
    values: impl Iterator<Item = Option<&'a str>>,
    column: &mut TextColumn,
    limit: usize,
) -> TooLong {
    for (at, value) in values.enumerate() {
        let value = value.unwrap_or_default();
        if value.len() > limit {
            return Some((at, value.len()));
        }
        column.push(value);
    }
    None
}

/// Text where it is text; otherwise the bytes in hexadecimal, which loses nothing.
fn binary(values: &BinaryArray, column: &mut TextColumn, limit: usize) -> TooLong {
    let mut hex = String::new();
    for (at, value) in values.iter().enumerate() {
        let value = value.unwrap_or_default();
        if value.len() > limit {
            return Some((at, value.len()));
        }
        match std::str::from_utf8(value) {
            Ok(text) => column.push(text),
            Err(_) => {
                hex.clear();
                hex.push_str("0x");
                for byte in value {
                    // Writing to a String cannot fail.
                    let _ = write!(hex, "{byte:02x}");
                }
                column.push(&hex);
            }
        }
    }
    None
}

fn formatted<T>(
    values: impl Iterator<Item = Option<T>>,
    column: &mut TextColumn,
    format: impl Fn(T, &mut String) -> std::fmt::Result,
) {
    let mut text = String::new();
    for value in values {
        text.clear();
        if let Some(value) = value {
            // Writing to a String cannot fail.
            let _ = format(value, &mut text);
        }
        column.push(&text);
    }
}

/// The shortest text that reads back the same; whole numbers without `.0`, because tables with
/// gaps often keep ids as floats.
pub(super) fn float(value: f64, out: &mut String) -> std::fmt::Result {
    if value == 0.0 { out.write_char('0') } else { write!(out, "{value}") }
}

fn timestamps(
    array: &ArrayRef,
    unit: TimeUnit,
    zoned: bool,
    column: &mut TextColumn,
) -> Result<(), ArrowError> {
    let write = |scale: i64| {
        move |value: i64, out: &mut String| {
            instant(value.div_euclid(scale), value.rem_euclid(scale) * (1_000_000_000 / scale), zoned, out)
        }
    };
    match unit {
        TimeUnit::Second => formatted(array.as_primitive::<TimestampSecondType>().iter(), column, write(1)),
        TimeUnit::Millisecond => {
            formatted(array.as_primitive::<TimestampMillisecondType>().iter(), column, write(1_000))
        }
        TimeUnit::Microsecond => {
            formatted(array.as_primitive::<TimestampMicrosecondType>().iter(), column, write(1_000_000));
        }
        TimeUnit::Nanosecond => {
            formatted(array.as_primitive::<TimestampNanosecondType>().iter(), column, write(1_000_000_000));
        }
    }
    Ok(())
}

/// ISO 8601; the fraction only when there is one, in micro- or nanoseconds. A time that is an
/// instant (has a zone) is written in UTC with `Z`.
fn instant(seconds: i64, nanoseconds: i64, zoned: bool, out: &mut String) -> std::fmt::Result {
    let Some(time) = DateTime::from_timestamp(seconds, 0) else {
        // Beyond year 262,000: the figure as it is stored, which the date rules will reject.
        return write!(out, "{seconds}");
    };
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    write!(
        out,
        "{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}",
        time.year(),
        time.month(),
        time.day()
    )?;
    if nanoseconds % 1000 != 0 {
        write!(out, ".{nanoseconds:09}")?;
    } else if nanoseconds != 0 {
        write!(out, ".{:06}", nanoseconds / 1000)?;
    }
    if zoned { out.write_char('Z') } else { Ok(()) }
}

/// Everything else as Arrow shows it: decimals with their scale, ISO dates and times, nested
/// values in brackets.
fn displayed(array: &ArrayRef, column: &mut TextColumn, limit: usize) -> Result<TooLong, ArrowError> {
    let options = FormatOptions::new().with_null("").with_display_error(false);
    let formatter = ArrayFormatter::try_new(array, &options)?;
    let mut text = String::new();
    for at in 0..array.len() {
        text.clear();
        formatter.value(at).write(&mut text)?;
        if text.len() > limit {
            return Ok(Some((at, text.len())));
        }
        column.push(&text);
    }
    Ok(None)
}
