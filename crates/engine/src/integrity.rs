//! How a file of a lake is known to be as it was written, and what is told of one that is not.

mod damage;
pub(crate) mod seal;
pub(crate) mod sums;

pub use damage::{Damage, Kind as DamageKind};
