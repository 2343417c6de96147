//! Numerics of the product: slices in, numbers out.
//!
//! Knows no table, no file and no engine. Nothing here reads the clock or a random device: whoever calls
//! gives the seed, and the same numbers in give the same numbers out, on any number of threads.

pub mod baskets;
pub mod clusters;
pub mod drivers;
pub mod graph;
mod matrix;
mod sample;
pub mod stats;

pub use matrix::{Matrix, MatrixError};
