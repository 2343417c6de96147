//! Understand: what a run says.

pub mod movement;
pub mod receipt;
pub mod report;
pub use crate::rows;
pub mod tiers;
pub mod view;

pub use view::{RunView, ViewError};
