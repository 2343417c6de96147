//! A scheme that was published, and who would move.

use clientele_pipeline::understand::publish::{self, Preview};
use serde::Serialize;

/// What `schemes publish` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Publication {
    pub scheme: String,
    pub version: u32,
    /// The version that was published before.
    pub replaces: Option<u32>,
    /// Whether it was only tried.
    pub dry_run: bool,
    /// The run on whose customers the movement is shown.
    pub run: Option<String>,
    /// Metrics that this run did not compute: without them nothing can be shown.
    pub missing_metrics: Vec<String>,
    pub customers: i64,
    /// How many of them would be in another tier.
    pub moved: i64,
    pub shifts: Vec<Shift>,
    pub examples: Vec<ShiftExample>,
}

/// Customers who would go from a tier to a tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shift {
    /// Null where the run did not apply the scheme.
    pub from: Option<String>,
    pub to: String,
    pub customers: i64,
}

/// A customer who would move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShiftExample {
    pub source: String,
    pub customer_id: String,
    pub from: String,
    pub to: String,
}

impl Publication {
    /// What was published, or would be.
    pub fn new(published: &publish::Publication, dry_run: bool) -> Self {
        let (run, missing, shifts, examples) = match &published.preview {
            Preview::NoRun => (None, [].as_slice(), [].as_slice(), [].as_slice()),
            Preview::Missing { run, metrics } => {
                (Some(run), metrics.as_slice(), [].as_slice(), [].as_slice())
            }
            Preview::Shifts { run, shifts, examples, .. } => {
                (Some(run), [].as_slice(), shifts.as_slice(), examples.as_slice())
            }
        };
        let moved = shifts.iter().filter(|s| s.from.as_ref().is_some_and(|from| *from != s.to));
        Publication {
            scheme: published.scheme.id.to_string(),
            version: published.scheme.version,
            replaces: published.replaces,
            dry_run,
            run: run.map(ToString::to_string),
            missing_metrics: missing.iter().map(ToString::to_string).collect(),
            customers: shifts.iter().map(|s| s.customers).sum(),
            moved: moved.map(|s| s.customers).sum(),
            shifts: shifts
                .iter()
                .map(|s| Shift { from: s.from.clone(), to: s.to.clone(), customers: s.customers })
                .collect(),
            examples: examples
                .iter()
                .map(|e| ShiftExample {
                    source: e.source.clone(),
                    customer_id: e.customer_id.clone(),
                    from: e.from.clone(),
                    to: e.to.clone(),
                })
                .collect(),
        }
    }
}
