//! Aggregate functions that SQL lacks, for both engines.
//!
//! They are few on purpose: a function of one's own must be known to every executor of a cluster.

mod favourite;
mod gaps;
mod single_group;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use datafusion::logical_expr::AggregateUDF;

/// Every function of this crate, to be registered in a session, a scheduler and an executor.
pub fn aggregates() -> Vec<Arc<AggregateUDF>> {
    vec![
        Arc::new(AggregateUDF::from(favourite::Favourite::new())),
        Arc::new(AggregateUDF::from(gaps::OrderGaps::new())),
    ]
}
