//! Groups of customers against everybody: what personas, drivers, cross-tables, demand and satisfaction share.

pub(super) mod compare;
mod distinct;
mod error;
mod group;
mod sides;
pub(super) mod verdict;

pub(super) use distinct::Distinct;
pub use error::InsightError;
pub use group::{Group, GroupSize};
pub(super) use sides::Sides;
pub(super) use verdict::adjust;
pub use verdict::{TELLING_EFFECT, TELLING_P, Verdict};
