//! Classify: scheme documents to tiers.
//!
//! What needs the whole base (quantiles, middles, shares of a total) is computed first, as cut
//! points; a tier is then a CASE over one customer's metrics.

pub mod base;
pub mod check;
pub mod compile;
pub mod cuts;
pub mod label;
pub mod labels;
pub mod ordered;
pub mod registry;

#[cfg(test)]
mod tests;
