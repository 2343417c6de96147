//! `attribute(json, key)` and `attribute_number(json, key)`.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Float64Builder, StringArray, StringArrayType, StringBuilder,
};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use serde_json::Value;

use super::json::member;

/// The value of a key of a JSON object. As text: a text as it is, a number, true or false as JSON
/// writes it, a list or an object as JSON. As a number: a number, or a text that is one. Null when
/// the text is no object, lacks the key, or has there null, an empty text or, where a number is
/// wanted, something else.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Attribute {
    signature: Signature,
    is_number: bool,
}

impl Attribute {
    pub fn text() -> Self {
        Attribute { signature: Signature::user_defined(Volatility::Immutable), is_number: false }
    }

    pub fn number() -> Self {
        Attribute { is_number: true, ..Attribute::text() }
    }

    fn all<'a, T: StringArrayType<'a>>(&self, json: T, key: &Keys) -> ArrayRef {
        let members = (0..json.len()).map(|row| match (json.is_valid(row), key.of(row)) {
            (true, Some(key)) => member(json.value(row), key),
            _ => None,
        });
        if self.is_number {
            let mut numbers = Float64Builder::with_capacity(json.len());
            members.for_each(|m| numbers.append_option(m.as_ref().and_then(as_number)));
            Arc::new(numbers.finish())
        } else {
            let mut texts = StringBuilder::new();
            members.for_each(|m| texts.append_option(m.and_then(as_text)));
            Arc::new(texts.finish())
        }
    }
}

enum Keys {
    One(Option<String>),
    Each(StringArray),
}

impl Keys {
    fn of(&self, row: usize) -> Option<&str> {
        match self {
            Keys::One(key) => key.as_deref(),
            Keys::Each(keys) => keys.is_valid(row).then(|| keys.value(row)),
        }
    }
}

fn as_text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    }
}

fn as_number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|n| n.is_finite())
}

impl ScalarUDFImpl for Attribute {
    fn name(&self) -> &str {
        if self.is_number { "attribute_number" } else { "attribute" }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let is_text = |kind: &DataType| kind.is_string() || kind.is_null();
        match types {
            [json, key] if is_text(json) && is_text(key) => {
                let json = if json.is_null() { DataType::Utf8 } else { json.clone() };
                Ok(vec![json, DataType::Utf8])
            }
            _ => datafusion::common::plan_err!("{} takes attributes and the name of one", self.name()),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(if self.is_number { DataType::Float64 } else { DataType::Utf8 })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [json, key] = args.args.as_slice() else {
            return datafusion::common::exec_err!("{} takes two values", self.name());
        };
        let keys = match key {
            ColumnarValue::Scalar(ScalarValue::Utf8(key)) => Keys::One(key.clone()),
            other => Keys::Each(other.to_array(args.number_rows)?.as_string::<i32>().clone()),
        };
        let is_constant = matches!((json, &keys), (ColumnarValue::Scalar(_), Keys::One(_)));
        let json = json.to_array(if is_constant { 1 } else { args.number_rows })?;
        let found = match json.data_type() {
            DataType::Utf8View => self.all(json.as_string_view(), &keys),
            DataType::LargeUtf8 => self.all(json.as_string::<i64>(), &keys),
            _ => self.all(json.as_string::<i32>(), &keys),
        };
        match is_constant {
            true => Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&found, 0)?)),
            false => Ok(ColumnarValue::Array(found)),
        }
    }
}
