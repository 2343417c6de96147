//! `finite(x)`: numbers only.

use std::sync::Arc;

use datafusion::arrow::array::{AsArray, Float64Array};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

/// The number, or null where it is infinite or none (the logarithm of zero, the root of a negative
/// number): what has no answer is unknown.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Finite {
    signature: Signature,
}

impl Finite {
    pub fn new() -> Self {
        Finite { signature: Signature::exact(vec![DataType::Float64], Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Finite {
    fn name(&self) -> &str {
        "finite"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(numbers) = args.args.first() else {
            return datafusion::common::exec_err!("finite takes one number");
        };
        let numbers = numbers.to_array(args.number_rows)?;
        let finite: Float64Array =
            numbers.as_primitive::<Float64Type>().iter().map(|n| n.filter(|n| n.is_finite())).collect();
        Ok(ColumnarValue::Array(Arc::new(finite)))
    }
}
