//! The pipeline's integration tests: one program, a module a subject.

mod import;
