//! The run that an answer is about.

use clientele_pipeline::Run;
use serde::Serialize;

/// A run, as every answer over it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunReference {
    /// The run's id, such as `r0003`.
    pub id: String,
    /// The day that it looks from.
    pub as_of: String,
}

impl From<&Run> for RunReference {
    fn from(run: &Run) -> Self {
        RunReference { id: run.id.to_string(), as_of: run.as_of.to_string() }
    }
}
