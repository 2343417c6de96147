//! Measure: metric documents to figures per customer.
//!
//! One query a bucket of customers, several buckets at a time: no bucket needs another's facts, so
//! nothing is shuffled, memory stays bounded, and a cluster gets many small jobs.

mod bucket;
pub mod facts;
pub mod functions;
pub mod registry;
pub mod sql;

pub use bucket::{Plan, prepare};
