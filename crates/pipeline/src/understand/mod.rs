//! Understand: what a run says.

mod buckets;
pub mod clusters;
mod columns;
pub mod crosstab;
pub mod demand;
pub mod drivers;
pub mod groups;
pub mod minimum;
pub mod movement;
pub mod persona;
pub mod publish;
mod quarters;
pub mod receipt;
pub mod report;
pub use crate::rows;
pub mod satisfaction;
pub mod scope;
pub(crate) mod segment_tables;
pub mod segments;
pub mod staleness;
pub mod tiers;
pub mod view;

pub use scope::{Reach, Scope};
pub use view::{RunView, RunViews, ViewError};
