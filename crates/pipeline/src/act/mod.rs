//! Act: what leaves the product for others to work with.

pub mod export;
