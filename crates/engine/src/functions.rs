//! Functions that a product adds to SQL.

use datafusion::execution::FunctionRegistry;
use datafusion::logical_expr::{AggregateUDF, ScalarUDF};

/// Functions beyond the built-in ones. The same set must be given to the session, the scheduler
/// and the executors: a plan names its functions, and each of them looks them up.
#[derive(Debug, Clone, Default)]
pub struct FunctionSet {
    /// Functions of many rows.
    pub aggregates: Vec<AggregateUDF>,
    /// Functions of one row.
    pub scalars: Vec<ScalarUDF>,
}

impl FunctionSet {
    pub(crate) fn register(&self, registry: &mut dyn FunctionRegistry) -> datafusion::error::Result<()> {
        for function in &self.aggregates {
            registry.register_udaf(function.clone().into())?;
        }
        for function in &self.scalars {
            registry.register_udf(function.clone().into())?;
        }
        Ok(())
    }
}
