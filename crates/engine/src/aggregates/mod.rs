//! Aggregate functions that SQL lacks, for both engines.
//!
//! They are few on purpose: a function of one's own must be known to every executor of a cluster.

mod by_time;
mod counts;
mod distinct;
mod favourite;
mod gaps;
mod kernel;
mod lists;
mod single_group;
#[cfg(test)]
mod tests;
mod trend;

use std::sync::Arc;

use datafusion::logical_expr::AggregateUDF;

use kernel::Aggregate;

/// Every function of this crate, to be registered in a session, a scheduler and an executor.
pub fn aggregates() -> Vec<Arc<AggregateUDF>> {
    vec![
        Arc::new(AggregateUDF::from(favourite::Favourite::new())),
        Aggregate::<gaps::OrderGaps>::udaf(),
        Aggregate::<trend::Trend>::udaf(),
        Aggregate::<by_time::LastValueBy>::udaf(),
        Aggregate::<by_time::FirstValueBy>::udaf(),
        Aggregate::<distinct::DistinctCount>::udaf(),
    ]
}
