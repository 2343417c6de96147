//! Learn: what changed since, and whether it matters.

pub mod alerts;
