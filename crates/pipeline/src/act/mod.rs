//! Act: what leaves the product for others to work with, and what people decide against a rule.

pub mod export;
pub mod overrides;
