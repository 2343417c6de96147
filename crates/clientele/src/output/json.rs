//! Parts of JSON documents that several commands share.

use clientele_pipeline::Run;
use clientele_pipeline::understand::rows::Value;
use serde::Serialize;

/// The run that a result is of.
#[derive(Debug, Serialize)]
pub struct RunJson {
    pub id: String,
    pub as_of: String,
}

impl RunJson {
    pub fn new(run: &Run) -> Self {
        RunJson { id: run.id.to_string(), as_of: run.as_of.to_string() }
    }
}

/// Money as a number of the currency's units.
pub fn money(ten_thousandths: i128) -> f64 {
    ten_thousandths as f64 / 10_000.0
}

/// A metric's value: null when it is unknown; dates and times as text.
pub fn value(value: &Value) -> serde_json::Value {
    match value {
        Value::Unknown => serde_json::Value::Null,
        Value::Bool(yes) => (*yes).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Money(amount) => money(*amount).into(),
        Value::Date(date) => date.to_string().into(),
        Value::Time(time) => time.format("%Y-%m-%dT%H:%M:%S").to_string().into(),
        Value::Text(text) => text.clone().into(),
    }
}
