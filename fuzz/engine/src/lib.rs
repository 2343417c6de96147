//! What the readers use of the engine: Arrow and Parquet, without the engine.

pub use {arrow, parquet};
