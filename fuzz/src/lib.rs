//! The readers, built from the product's sources without its engine.

#[path = "../../crates/pipeline/src/collect/read/mod.rs"]
pub mod read;
