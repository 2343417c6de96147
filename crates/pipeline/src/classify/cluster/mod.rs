//! Clusters: groups that customers form by several metrics at once.
//!
//! Centres are found over the base and kept with the run's cut points, so that a tier is again plain SQL
//! over one customer's metrics: the centre that is nearest.

mod align;
mod centres;
mod find;
mod names;
#[cfg(test)]
mod tests;

pub use centres::{Centre, Centres, Tried};
pub use find::find;
pub use names::names;
