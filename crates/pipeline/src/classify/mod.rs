//! Classify: scheme documents to tiers.
//!
//! What needs the whole base (quantiles, middles, shares of a total, centres of clusters) is computed first,
//! as cut points; a tier is then a CASE over one customer's metrics. Stay rules and what people set by hand
//! come after that.

pub mod base;
pub mod check;
pub mod cluster;
pub mod compile;
pub mod cuts;
pub mod label;
pub mod labels;
pub mod ordered;
pub mod overrides;
pub mod registry;
pub mod sketch;
pub mod versions;

#[cfg(test)]
mod tests;
