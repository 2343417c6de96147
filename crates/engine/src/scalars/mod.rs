//! Functions of one row that SQL lacks, for both engines.

mod attribute;
mod finite;
mod first;
mod json;
#[cfg(test)]
mod tests;

use datafusion::logical_expr::ScalarUDF;

/// Every function of this module, to be registered in a session, a scheduler and an executor.
pub fn scalars() -> Vec<ScalarUDF> {
    vec![
        ScalarUDF::from(attribute::Attribute::text()),
        ScalarUDF::from(attribute::Attribute::number()),
        ScalarUDF::from(finite::Finite::new()),
        ScalarUDF::from(first::FirstPlace::new()),
        ScalarUDF::from(first::FirstText::new()),
    ]
}
