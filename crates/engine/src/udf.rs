//! What is needed to write a function for SQL.

pub use datafusion::common::{DataFusionError, Result, ScalarValue};
pub use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
pub use datafusion::logical_expr::utils::format_state_name;
pub use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, ColumnarValue, EmitTo, GroupsAccumulator, ReturnFieldArgs,
    ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility, create_udaf,
    create_udf,
};
