//! Metric columns as numbers that sort exactly and can be written back as SQL.

use clientele_engine::arrow::array::{Array, ArrayRef, AsArray};
use clientele_engine::arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type};
use clientele_model::{MONEY_SCALE, Unit};

use crate::quote;

/// How a metric's values map to integers that sort as the values do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    Integer,
    /// Money: ten-thousandths.
    Money,
    /// Bits of a double, arranged to sort.
    Double,
}

impl Scale {
    /// The scale of a unit's column.
    pub fn of(unit: Unit) -> Scale {
        match unit {
            Unit::Count => Scale::Integer,
            Unit::Money => Scale::Money,
            _ => Scale::Double,
        }
    }

    /// The value that an ordered integer stands for.
    pub fn number(self, ordered: i64) -> f64 {
        match self {
            Scale::Integer => ordered as f64,
            Scale::Money => ordered as f64 / 10f64.powi(MONEY_SCALE as i32),
            Scale::Double => f64::from_bits(unfold(ordered)),
        }
    }

    /// The value as a SQL literal that compares exactly with the column.
    pub fn literal(self, ordered: i64) -> String {
        match self {
            Scale::Integer => ordered.to_string(),
            Scale::Money => quote::money(ordered.into()),
            Scale::Double => quote::double(self.number(ordered)),
        }
    }

    /// The ordered integer of a plain number, as a scheme file gives it.
    pub fn from_number(self, value: f64) -> i64 {
        match self {
            Scale::Integer => value.round() as i64,
            Scale::Money => (value * 10f64.powi(MONEY_SCALE as i32)).round() as i64,
            Scale::Double => fold(value),
        }
    }
}

/// A double's bits as an integer that sorts as doubles do (IEEE 754 total order). Both zeros are one.
fn fold(value: f64) -> i64 {
    let bits = (if value == 0.0 { 0.0 } else { value }).to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

fn unfold(ordered: i64) -> u64 {
    (ordered ^ (((ordered >> 63) as u64) >> 1) as i64) as u64
}

/// Appends a metric column's values as ordered integers; `None` where the value is unknown.
pub fn append(column: &ArrayRef, out: &mut Vec<Option<i64>>) {
    let rows = 0..column.len();
    let valid = |row: usize| column.is_valid(row);
    match column.data_type() {
        DataType::Int64 => {
            let values = column.as_primitive::<Int64Type>();
            out.extend(rows.map(|row| valid(row).then(|| values.value(row))));
        }
        DataType::Decimal128(..) => {
            let values = column.as_primitive::<Decimal128Type>();
            out.extend(rows.map(|row| valid(row).then(|| values.value(row) as i64)));
        }
        DataType::Float64 => {
            let values = column.as_primitive::<Float64Type>();
            let known = |row: usize| valid(row) && !values.value(row).is_nan();
            out.extend(rows.map(|row| known(row).then(|| fold(values.value(row)))));
        }
        _ => out.extend(rows.map(|_| None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn doubles_keep_their_order(a in any::<f64>(), b in any::<f64>()) {
            prop_assume!(!a.is_nan() && !b.is_nan());
            prop_assert_eq!(fold(a).cmp(&fold(b)), a.partial_cmp(&b).unwrap());
            prop_assert_eq!(Scale::Double.number(fold(a)), a);
        }
    }

    #[test]
    fn literals_are_exact() {
        assert_eq!(Scale::Money.literal(-12_345), "CAST('-1.2345' AS DECIMAL(18,4))");
        assert_eq!(Scale::Money.from_number(0.1), 1000);
        assert_eq!(Scale::Double.literal(fold(0.1)), "CAST('0.1' AS DOUBLE)");
        assert_eq!(Scale::Integer.literal(7), "7");
    }
}
