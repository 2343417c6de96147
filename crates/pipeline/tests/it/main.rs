//! The pipeline's integration tests: one program, a module a subject.
//!
//! `import` (files to records and back), `measure` and `classify` (what holds for every base), `retail`
//! (real data against DuckDB), `facts` (what metrics see of each kind of fact), `house` (how stages may know each other), `explain`, `movement`, `causes`, `people` (tiers set by hand, stay rules, publishing), `segments` (rules, lists, and who came and went), `persona` (groups described and compared), `library` (built-in and users' documents).

mod causes;
mod classify;
mod explain;
mod facts;
mod house;
mod import;
mod library;
mod measure;
mod movement;
mod people;
mod persona;
mod retail;
mod segments;
mod support;
