//! Figures compared with those of scipy, scikit-learn, networkx and numpy (`tests/independent/numerics.py`).

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, and reads the environment that it runs in"
)]

mod clusters;
mod drivers;
mod graph;
mod python;
mod stats;
