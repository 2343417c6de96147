//! Setting a customer's tier by hand, and ending that. How a refresh applies it is for `classify` to say.

mod error;
mod set;

pub use crate::classify::overrides::{Override, State, applicable, holding, list, states};
pub use error::OverrideError;
pub use set::{OverrideRequest, end, set};
