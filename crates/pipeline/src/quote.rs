//! Names and values as SQL.

use chrono::{NaiveDate, NaiveDateTime};

/// Quotes a column name.
pub fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Quotes a text.
pub fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A day.
pub fn date(day: NaiveDate) -> String {
    format!("DATE '{day}'")
}

/// A time, to the microsecond.
pub fn time(at: NaiveDateTime) -> String {
    format!("TIMESTAMP '{}'", at.format("%Y-%m-%dT%H:%M:%S%.6f"))
}

/// The midnight at which a day begins.
pub fn midnight(day: NaiveDate) -> String {
    format!("TIMESTAMP '{day}T00:00:00'")
}

/// A whole number.
pub fn integer(value: i64) -> String {
    format!("CAST({value} AS BIGINT)")
}

/// A floating-point number, exactly.
pub fn double(value: f64) -> String {
    format!("CAST('{value:?}' AS DOUBLE)")
}

/// Money, in ten-thousandths.
pub fn money(amount: i128) -> String {
    let (minus, size) = (if amount < 0 { "-" } else { "" }, amount.unsigned_abs());
    format!("CAST('{minus}{}.{:04}' AS DECIMAL(18,4))", size / 10_000, size % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_text_or_a_name_early() {
        assert_eq!(text("O'Neill' OR '1'='1"), "'O''Neill'' OR ''1''=''1'");
        assert_eq!(ident("a\" b"), "\"a\"\" b\"");
    }

    #[test]
    fn numbers_are_exact() {
        assert_eq!(double(0.1), "CAST('0.1' AS DOUBLE)");
        assert_eq!(double(f64::MIN_POSITIVE), "CAST('2.2250738585072014e-308' AS DOUBLE)");
        assert_eq!(money(-1), "CAST('-0.0001' AS DECIMAL(18,4))");
        assert_eq!(money(123_456), "CAST('12.3456' AS DECIMAL(18,4))");
        assert_eq!(integer(i64::MIN), "CAST(-9223372036854775808 AS BIGINT)");
    }

    #[test]
    fn days_and_times_are_the_sessions() {
        let day = NaiveDate::from_ymd_opt(2025, 7, 1).expect("a day");
        assert_eq!(date(day), "DATE '2025-07-01'");
        assert_eq!(midnight(day), "TIMESTAMP '2025-07-01T00:00:00'");
        let at = day.and_hms_micro_opt(23, 59, 59, 5).expect("a time");
        assert_eq!(time(at), "TIMESTAMP '2025-07-01T23:59:59.000005'");
    }
}
