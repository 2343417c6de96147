//! The product's logic, one folder a stage:
//! collect → clean → measure → classify → understand.
//!
//! A stage talks to the next only through named lake tables, so any of them can be run again alone.

pub mod act;
mod again;
mod by_bucket;
pub mod catalogue;
pub mod classify;
pub mod clean;
pub mod collect;
mod csv_file;
mod error;
pub mod forget;
pub mod keep;
pub mod learn;
pub mod library;
pub mod measure;
mod quote;
mod results;
pub mod rows;
pub mod run;
pub mod runs;
pub mod session;
mod trial;
pub mod understand;
pub mod workspace;

pub use again::{AgainRequest, Mended, again};
pub use catalogue::{Catalogue, CatalogueError};
pub use run::{RefreshError, RefreshRequest, refresh};
pub use runs::Run;
pub use workspace::Workspace;
