//! The library: what is built in, and what users add.

mod built_in;
pub mod documents;
mod own;
mod wrong;
