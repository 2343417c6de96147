//! Sessions that know the product's functions.

use clientele_engine::{EngineError, EngineSettings, FunctionSet, Session};
use clientele_engine::{aggregates, scalars};

/// Opens a session that knows the product's functions.
pub async fn session(settings: &EngineSettings) -> Result<Session, EngineError> {
    Session::open(settings, &functions()).await
}

/// The functions that sessions, schedulers and executors must know.
pub fn functions() -> FunctionSet {
    let aggregates = aggregates::aggregates().iter().map(|f| f.as_ref().clone()).collect();
    FunctionSet { aggregates, scalars: scalars::scalars() }
}
