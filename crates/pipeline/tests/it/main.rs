//! The pipeline's integration tests: one program, a module a subject.
//!
//! `import` (files to records and back), `measure` and `classify` (what holds for every base), `retail`
//! (real data against DuckDB), `facts` (what metrics see of each kind of fact), `everything` (generated facts put to the whole library), `feedback` (every kind of fact against DuckDB), `bad_base` (bases that hardly are any, and facts that cannot be), `faults` (disks and stores that fail at any moment), `forget` (customers who are gone from every version), `house` (how stages may know each other), `explain`, `movement`, `causes`, `crossed` (causes along the two schemes of a matrix), `people` (tiers set by hand, stay rules, publishing), `segments` (rules, lists, and who came and went), `persona` (groups described and compared), `side_by_side` (many questions at once), `scope` (what somebody may see), `library` (built-in and users' documents), `keep` (batches that cannot be undone any more).

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, and reads the environment that it runs in"
)]

mod bad_base;
mod causes;
mod classify;
mod crossed;
mod everything;
mod explain;
mod facts;
mod faults;
mod feedback;
mod forget;
mod house;
mod import;
mod keep;
mod library;
mod measure;
mod movement;
mod people;
mod persona;
mod retail;
mod scope;
mod segments;
mod side_by_side;
mod support;
