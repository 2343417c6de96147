//! What became of old runs and files, and copies of a workspace.

use chrono::NaiveDateTime;
use clientele_pipeline::collect::Settled;
use clientele_pipeline::keep::{BackupReport, VacuumReport};
use serde::Serialize;

/// What `vacuum` answers: what it did, or on trial would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vacuumed {
    /// Whether it only tells what would go.
    pub dry_run: bool,
    /// The settings that it went by.
    pub keep_runs: String,
    pub keep_undo: String,
    /// Runs that stay, oldest first.
    pub kept: Vec<String>,
    /// Runs that went, oldest first.
    pub dropped: Vec<String>,
    pub settled: SettledBatches,
    /// Data files that went.
    pub files: u64,
    pub bytes: u64,
    /// Files of logs that went.
    pub log_files: u64,
    pub log_bytes: u64,
    /// Data files that only wait until nobody reads them any more.
    pub held_files: u64,
    pub held_bytes: u64,
    /// For how long they wait.
    pub grace_seconds: i64,
}

/// What became of batches that cannot be undone any more. On trial only their number is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SettledBatches {
    pub batches: u64,
    /// Files that were put together, and into how many.
    pub files: u64,
    pub into: u64,
    /// Superseded versions and confirmations that were dropped.
    pub dropped: u64,
}

/// What `backup` and `restore` answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// Where the copy is.
    pub place: String,
    /// When the backup was made, in the workspace's time.
    pub made_at: NaiveDateTime,
    /// The version of the lake.
    pub generation: u64,
    pub runs: Vec<String>,
    pub files: u64,
    pub bytes: u64,
}

impl From<&VacuumReport> for Vacuumed {
    fn from(report: &VacuumReport) -> Self {
        let Settled { batches, files, into, dropped } = report.settled;
        Vacuumed {
            dry_run: report.dry_run,
            keep_runs: report.keep_runs.clone(),
            keep_undo: report.keep_undo.clone(),
            kept: report.kept.iter().map(ToString::to_string).collect(),
            dropped: report.dropped.iter().map(ToString::to_string).collect(),
            settled: SettledBatches { batches, files, into, dropped },
            files: report.files,
            bytes: report.bytes,
            log_files: report.log_files,
            log_bytes: report.log_bytes,
            held_files: report.held_files,
            held_bytes: report.held_bytes,
            grace_seconds: report.grace_seconds,
        }
    }
}

impl From<&BackupReport> for Copied {
    fn from(report: &BackupReport) -> Self {
        Copied {
            place: report.place.clone(),
            made_at: report.made_at,
            generation: report.generation,
            runs: report.runs.iter().map(ToString::to_string).collect(),
            files: report.files,
            bytes: report.bytes,
        }
    }
}
