//! The text of a cell → a value.

pub mod contact;
pub mod number;
pub mod status;
pub mod text;
pub mod time;
