//! How long work tells what it is doing.

/// What is counted while a stage runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressUnit {
    Bytes,
    Rows,
    Files,
    Steps,
}

/// Hears about the progress of long work. Called from several threads, often.
pub trait Progress: Send + Sync {
    /// `done` of `total` units of `stage` are done; `total` is 0 when nobody knows it.
    fn at(&self, stage: &str, done: u64, total: u64, unit: ProgressUnit);

    /// `stage` is over.
    fn finished(&self, _stage: &str) {}

    /// Work that has several steps begins this one, and is through with the one before.
    fn step(&self, _step: Step) {}
}

/// The steps of a refresh, for those who measure it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The library is read and tried, the lake is locked.
    Prepare,
    /// Relations of all customers are taken together.
    Graph,
    Measure,
    CutPoints,
    Classify,
    /// Results are committed.
    Record,
    /// What is kept up to date beside the run.
    Segments,
}

/// Listens to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn at(&self, _stage: &str, _done: u64, _total: u64, _unit: ProgressUnit) {}
}
