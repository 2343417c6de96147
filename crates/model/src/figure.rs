//! Computed figures, as documents tell them.

use serde::{Serialize, Serializer};

/// Digits that are told of a computed figure. Further ones may differ with the number of threads.
const DIGITS: i32 = 6;

/// A computed figure with six significant digits; null where there is none, or where it is not finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure(Option<f64>);

impl Figure {
    /// No figure.
    pub const NONE: Figure = Figure(None);

    /// A figure that may be missing.
    pub fn maybe(value: Option<f64>) -> Self {
        value.map_or(Figure::NONE, Figure::from)
    }

    /// The figure as it is told.
    pub fn get(self) -> Option<f64> {
        self.0
    }
}

impl From<f64> for Figure {
    fn from(value: f64) -> Self {
        if value == 0.0 {
            return Figure(Some(0.0));
        }
        if !value.is_finite() {
            return Figure::NONE;
        }
        let places = DIGITS - 1 - value.abs().log10().floor() as i32;
        let text = if places >= 0 { format!("{value:.*}", places as usize) } else { format!("{value:.0}") };
        Figure(text.parse().ok())
    }
}

/// Serializes a number as a [`Figure`]; for fields of documents.
///
/// # Errors
/// Those of the serializer.
pub fn told<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    Figure::from(*value).serialize(serializer)
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_six_digits() {
        let told = |value: f64| serde_json::to_string(&Figure::from(value)).expect("a number");
        assert_eq!(told(0.123_456_789), "0.123457");
        assert_eq!(told(1_234_567.89), "1234568.0");
        assert_eq!(told(-12.345_678_9), "-12.3457");
        assert_eq!(told(0.0), "0.0");
        assert_eq!(told(1.234_567_8e-9), "1.23457e-9");
    }

    #[test]
    fn what_is_no_number_is_null() {
        for nothing in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(serde_json::to_string(&Figure::from(nothing)).expect("null"), "null");
        }
        assert_eq!(Figure::maybe(None).get(), None);
    }
}
