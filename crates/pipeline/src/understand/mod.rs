//! Understand: what a run says.

pub mod clusters;
pub mod crosstab;
pub mod demand;
pub mod drivers;
pub mod minimum;
pub mod movement;
pub mod persona;
pub mod publish;
pub mod receipt;
pub mod report;
pub use crate::rows;
pub mod satisfaction;
pub mod segments;
pub mod tiers;
pub mod view;

pub use view::{RunView, ViewError};
