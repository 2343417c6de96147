//! The readers, built from the product's sources without its engine.

#[path = "../../crates/read/src/lib.rs"]
pub mod read;
