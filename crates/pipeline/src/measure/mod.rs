//! Measure: metric documents to figures per customer.
//!
//! One query a bucket of customers, several buckets at a time: no bucket needs another's facts, so
//! nothing is shuffled, memory stays bounded, and a cluster gets many small jobs.

mod bucket;
mod everybody;
pub mod facts;
pub mod functions;
mod graph;
mod prices;
pub mod registry;
pub mod sql;
mod window;

pub use bucket::{Plan, prepare};
pub use everybody::surveys;
pub use window::FactWindow;

use std::sync::Arc;

use clientele_engine::arrow::datatypes::SchemaRef;
use clientele_model::spec::MetricSource;

use crate::collect::tables;

/// The lake's table of a source, and its columns; none for derived metrics.
pub fn table_of(source: MetricSource) -> Option<(&'static str, SchemaRef)> {
    let table = facts::table(source)?;
    let is_computed = source == MetricSource::Graph;
    Some((table, if is_computed { Arc::new(graph::schema()) } else { tables::schema_of(table) }))
}

/// The tables that columns of facts are read from beside the facts' own, with their columns.
pub fn tables_beside() -> impl Iterator<Item = (&'static str, SchemaRef)> {
    facts::beside().map(|table| {
        let is_computed = table == prices::TABLE;
        (table, if is_computed { prices::schema() } else { tables::schema_of(table) })
    })
}
