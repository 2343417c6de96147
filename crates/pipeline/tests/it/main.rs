//! The pipeline's integration tests: one program, a module a subject.
//!
//! `import` (files to records and back), `measure` and `classify` (what holds for every base), `retail`
//! (real data against DuckDB), `house` (how stages may know each other), `explain`, `movement`, `library` (built-in and users' documents).

mod classify;
mod explain;
mod house;
mod import;
mod library;
mod measure;
mod movement;
mod retail;
mod support;
