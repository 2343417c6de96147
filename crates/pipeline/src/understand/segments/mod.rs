//! Segments: customers by a rule that people write, or by a list that they upload.
//!
//! Definitions are only added, so their history stays. Who is in a segment is worked out over the last
//! run and stored with who entered and who left; segments that others name come first and are read from
//! what is stored. A [`Counter`] answers how many a rule describes while it is being written.

mod columns;
mod compile;
mod count;
mod define;
mod definition;
mod error;
mod evaluate;
pub(crate) mod given;
pub mod members;
mod order;
mod people;
mod registry;
mod state;
pub(crate) mod tables;
mod upload;
mod vocabulary;

/// Rules as SQL, for others who ask whom a rule describes.
pub(in crate::understand) mod rules {
    pub use super::columns::{Ground, Records};
    pub use super::compile::{Named, compile};
    pub use super::people::joined;
}

#[cfg(test)]
mod tests;

pub use count::{Count, Counter};
pub use define::{SegmentRequest, define, remove};
pub use definition::{Definition, Kind};
pub use error::SegmentError;
pub use evaluate::{after_refresh, evaluate};
pub use given::{By, RowProblem};
pub use members::{Change, History, SegmentMember, history, members};
pub use registry::{SegmentRegistry, Standing};
pub use state::{Evaluation, Outcome, State};
pub use upload::{ListRequest, Unmatched, Uploaded, upload};
pub use vocabulary::vocabulary;
