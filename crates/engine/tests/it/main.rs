//! Tests of the engine, in one program.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, and reads the environment that it runs in"
)]

mod expr;
mod history;
mod lake;
mod session;
mod store;
mod support;
mod tables;
mod vacuum;

#[cfg(feature = "cluster")]
mod cluster;
