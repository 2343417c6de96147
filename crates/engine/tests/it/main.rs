//! Tests of the engine, in one program.

mod expr;
mod lake;
mod session;
mod support;
mod tables;

#[cfg(feature = "cluster")]
mod cluster;
