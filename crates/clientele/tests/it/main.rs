//! The program as its users meet it: the real binary in folders of its own.
//!
//! New tests go where their subject is: `help` (texts of the command line), `usage` (exit codes), `shop`
//! (answers worked by hand, and every output), `journey` (one command after the other), `bad_input`,
//! `bucket` (the lake in an object store), `killed` and `killed_often` (kill -9 at many points), `cluster` (a scheduler and
//! executors as processes), `people` (tiers set by hand, schemes published), `segments`, `insight` (groups
//! described), `safety` (damage, foreign files, waiting), `keep` (vacuum, backups), `alerts` (told by a refresh), `ask` (many questions of another
//! program), `demo`, `page` (the report in a browser).

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, and reads the environment that it runs in"
)]

mod alerts;
mod ask;
mod bad_input;
mod bucket;
#[cfg(feature = "cluster")]
mod cluster;
mod demo;
mod export;
mod forget;
mod help;
mod insight;
mod journey;
mod keep;
mod killed;
mod killed_often;
mod page;
mod people;
mod safety;
mod segments;
mod shop;
mod support;
mod usage;
