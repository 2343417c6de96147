//! `first_text(…)` and `first_place(…)`: the first of several conditions that holds.
//!
//! A CASE looks at each condition for the rows that are left only, and has to copy those rows together for
//! it. Where conditions are simple comparisons and their answers are constants, looking at all rows is many
//! times faster.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, BooleanArray, Int64Array, StringViewArray, UInt32Array};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// `first_text(when, then, when, then, …, otherwise)`: the constant text after the first condition that is
/// true, and the last text where none is. What is null is not true.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct FirstText {
    signature: Signature,
}

/// `first_place(when, when, …)`: the number, from 1, of the first condition that is true, and one more than
/// there are where none is. Null where the first condition is null: what it looks at is not known.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct FirstPlace {
    signature: Signature,
}

impl FirstText {
    pub fn new() -> Self {
        FirstText { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl FirstPlace {
    pub fn new() -> Self {
        FirstPlace { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for FirstText {
    fn name(&self) -> &str {
        "first_text"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        if types.len().is_multiple_of(2) {
            return datafusion::common::plan_err!(
                "first_text wants a text after each condition and at the end"
            );
        }
        let last = types.len() - 1;
        let wanted = |i: usize| match i < last && i.is_multiple_of(2) {
            true => DataType::Boolean,
            false => DataType::Utf8View,
        };
        Ok((0..types.len()).map(wanted).collect())
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let (last, pairs) = args.arg_fields.split_last().map_or((None, &[][..]), |(l, p)| (Some(l), p));
        let texts = pairs.iter().skip(1).step_by(2).chain(last);
        let is_nullable = texts.into_iter().any(|text| text.is_nullable());
        Ok(Arc::new(Field::new(self.name(), DataType::Utf8View, is_nullable)))
    }

    /// Leaves out conditions that are known not to hold, and ends with one that is known to.
    fn simplify(&self, args: Vec<Expr>, _: &SimplifyContext) -> Result<ExprSimplifyResult> {
        let is_known = |expr: &Expr| matches!(expr, Expr::Literal(ScalarValue::Boolean(_), _));
        if !args.iter().step_by(2).any(is_known) {
            return Ok(ExprSimplifyResult::Original(args));
        }
        let mut left = Vec::new();
        let mut args = args.into_iter();
        while let Some(when) = args.next() {
            let Some(then) = args.next() else {
                left.push(when);
                break;
            };
            match when {
                Expr::Literal(ScalarValue::Boolean(Some(true)), _) => {
                    left.push(then);
                    break;
                }
                Expr::Literal(ScalarValue::Boolean(_), _) => {}
                when => left.extend([when, then]),
            }
        }
        let only = if left.len() == 1 { left.pop() } else { None };
        let simpler = only.unwrap_or_else(|| ScalarUDF::from(FirstText::new()).call(left));
        Ok(ExprSimplifyResult::Simplified(simpler))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some((otherwise, pairs)) = args.args.split_last() else {
            return datafusion::common::exec_err!("first_text wants a text");
        };
        let conditions: Vec<&ColumnarValue> = pairs.iter().step_by(2).collect();
        let texts: Result<StringViewArray> = pairs
            .iter()
            .skip(1)
            .step_by(2)
            .chain([otherwise])
            .map(|text| match text {
                ColumnarValue::Scalar(ScalarValue::Utf8View(text)) => Ok(text.as_deref()),
                _ => datafusion::common::exec_err!("first_text gives constant texts only"),
            })
            .collect();
        let places = UInt32Array::from(first_true(&conditions, args.number_rows)?);
        Ok(ColumnarValue::Array(take(&texts?, &places, None)?))
    }
}

impl ScalarUDFImpl for FirstPlace {
    fn name(&self) -> &str {
        "first_place"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        if types.is_empty() {
            return datafusion::common::plan_err!("first_place wants a condition");
        }
        Ok(vec![DataType::Boolean; types.len()])
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    /// Null where the first condition is known to be null.
    fn simplify(&self, args: Vec<Expr>, _: &SimplifyContext) -> Result<ExprSimplifyResult> {
        Ok(match args.first() {
            Some(Expr::Literal(ScalarValue::Boolean(None), _)) => {
                ExprSimplifyResult::Simplified(Expr::Literal(ScalarValue::Int64(None), None))
            }
            _ => ExprSimplifyResult::Original(args),
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let conditions: Vec<&ColumnarValue> = args.args.iter().collect();
        let places = first_true(&conditions, args.number_rows)?;
        let unknown = match conditions.first() {
            Some(ColumnarValue::Array(first)) => first.nulls().cloned(),
            Some(ColumnarValue::Scalar(first)) if first.is_null() => {
                return Ok(ColumnarValue::Scalar(ScalarValue::Int64(None)));
            }
            _ => None,
        };
        let places: Vec<i64> = places.into_iter().map(|place| i64::from(place) + 1).collect();
        Ok(ColumnarValue::Array(Arc::new(Int64Array::try_new(places.into(), unknown)?)))
    }
}

/// For each row the place of the first condition that is true, from 0; their number where none is.
fn first_true(conditions: &[&ColumnarValue], rows: usize) -> Result<Vec<u32>> {
    let mut places = vec![conditions.len() as u32; rows];
    let mut left = BooleanBuffer::new_set(rows);
    for (place, condition) in conditions.iter().enumerate() {
        let holds = match condition {
            ColumnarValue::Scalar(ScalarValue::Boolean(Some(true))) => BooleanBuffer::new_set(rows),
            ColumnarValue::Scalar(_) => continue,
            ColumnarValue::Array(array) => where_true(array.as_boolean()),
        };
        for (from, until) in (&holds & &left).set_slices() {
            places[from..until].fill(place as u32);
        }
        left = &left & &!&holds;
        if left.count_set_bits() == 0 {
            break;
        }
    }
    Ok(places)
}

fn where_true(condition: &BooleanArray) -> BooleanBuffer {
    match condition.nulls() {
        None => condition.values().clone(),
        Some(known) => condition.values() & known.inner(),
    }
}
