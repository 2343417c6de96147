//! What a refresh made.

use clientele_pipeline::Run;
use serde::Serialize;

use crate::alerts::{RaisedAlert, Stranger};
use crate::run::RunReference;

/// What `refresh` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refreshed {
    pub run: RunReference,
    pub customers: u64,
    /// How many metrics were measured.
    pub metrics: usize,
    /// The schemes that were applied.
    pub schemes: Vec<String>,
    /// What the alerts say of the movement since the run before.
    pub alerts: Vec<RaisedAlert>,
    /// Alerts about customers who are not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub strangers: Vec<Stranger>,
    /// Why nothing can be said of alerts, if so.
    pub alerts_error: Option<String>,
}

impl Refreshed {
    /// A run that was made, and what its alerts say, or why they cannot be told.
    pub fn new(
        run: &Run,
        alerts: Vec<RaisedAlert>,
        strangers: Vec<Stranger>,
        alerts_error: Option<String>,
    ) -> Self {
        Refreshed {
            run: run.into(),
            customers: run.customers,
            metrics: run.metrics.len(),
            schemes: run.schemes.keys().cloned().collect(),
            alerts,
            strangers,
            alerts_error,
        }
    }
}

/// What `refresh --again` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MendedRun {
    pub run: String,
    /// The files that were damaged and are whole again.
    pub mended: Vec<String>,
}
