//! Values of metrics, as documents tell them.

use clientele_pipeline::understand::rows;
use serde::Serialize;

/// A metric's value: null when it is unknown; money as a number of the currency's units; dates and times as
/// text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Unknown,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl Value {
    /// The value where it is a text, a date or a time.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&rows::Value> for Value {
    fn from(value: &rows::Value) -> Self {
        match value {
            rows::Value::Unknown => Value::Unknown,
            rows::Value::Bool(yes) => Value::Bool(*yes),
            rows::Value::Int(number) => Value::Int(*number),
            rows::Value::Float(number) => Value::Float(*number),
            rows::Value::Money(amount) => Value::Float(money(*amount)),
            rows::Value::Date(date) => Value::Text(date.to_string()),
            rows::Value::Time(at) => Value::Text(time(*at)),
            rows::Value::Text(text) => Value::Text(text.clone()),
        }
    }
}

/// Money as a number of the currency's units.
pub fn money(ten_thousandths: i128) -> f64 {
    ten_thousandths as f64 / 10_000.0
}

/// A time in documents and tables: to the second.
pub fn time(time: chrono::NaiveDateTime) -> String {
    time.format("%Y-%m-%dT%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_plain_json() {
        let told = |value: rows::Value| serde_json::to_string(&Value::from(&value)).expect("JSON");
        assert_eq!(told(rows::Value::Unknown), "null");
        assert_eq!(told(rows::Value::Money(123_400)), "12.34");
        assert_eq!(told(rows::Value::Int(7)), "7");
        assert_eq!(told(rows::Value::Text("a \"b\"".into())), r#""a \"b\"""#);
    }
}
