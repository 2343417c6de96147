//! One SQL session and one lake.
//!
//! A [`Session`] runs SQL either inside this process (DataFusion) or on a cluster (Ballista);
//! the SQL is the same. A [`Lake`] is a folder, or a prefix in an object store, of Delta tables
//! that change together: a [`Transaction`] touches as many of them as it likes and becomes
//! visible in one step.
//!
//! This is the only crate that names the query engine, the table format and the object store.
//! It knows no business word.

pub use datafusion::arrow;
pub use datafusion::parquet;

pub mod aggregates;
#[cfg(feature = "cluster")]
pub mod cluster;
mod constants;
pub mod disk;
mod engine;
pub mod error;
pub mod expr;
#[cfg(feature = "faults")]
pub mod faults;
mod files_table;
mod frame;
mod functions;
pub mod integrity;
pub mod io;
pub mod lake;
mod location;
mod memory;
mod rows;
pub mod scalars;
mod session;
mod settings;
pub mod stores;
mod tables;
pub mod udf;

pub use error::{EngineError, Result};
pub use expr::{ExprError, ParsedExpr, parse_expression};
pub use frame::{BatchStream, Frame};
pub use functions::FunctionSet;
pub use lake::{DataFile, Lake, Snapshot, TableWriter, Transaction};
pub use location::Location;
pub use rows::with_views;
pub use session::Session;
pub use settings::{EngineSettings, EngineUrl};
pub use tables::{Found, FoundTable, TableSource};
