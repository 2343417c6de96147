//! How the main schemes moved: the flows' causes, and the rates from run to run.

use clientele_model::spec::Scheme;

use crate::understand::movement::{CausedFlow, Direction, Movement, Period};
use crate::understand::view::{RunView, ViewError};

/// The schemes whose movement is taken apart. Each costs two measurings of the figures that it reads.
pub const TAKEN_APART: [&str; 4] = ["rfm-11", "abc", "lifecycle", "value-tier"];

/// So many runs back rates are told.
const PERIODS: usize = 12;

/// What else is known of a scheme's movement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moves {
    /// The flows with their causes; empty when nobody moved, or the earlier rule cannot be read any more.
    pub caused: Vec<CausedFlow>,
    /// Oldest first.
    pub periods: Vec<Period>,
}

/// Reads them for a scheme that is among [`TAKEN_APART`]; others have none.
pub async fn moves(
    view: &mut RunView,
    scheme: &Scheme,
    movement: Option<&Movement>,
) -> Result<Moves, ViewError> {
    let mut moves = Moves::default();
    if !TAKEN_APART.contains(&scheme.id.as_str()) {
        return Ok(moves);
    }
    let Some(movement) = movement else { return Ok(moves) };
    if movement.flows.iter().any(|f| f.direction != Direction::Stayed) {
        moves.caused = match view.causes(scheme, movement).await {
            // The rule of then is gone, so nothing can be worked out by it.
            Err(ViewError::UnknownScheme { .. }) => Vec::new(),
            caused => caused?,
        };
    }
    moves.periods = view.last_periods(scheme, PERIODS).await?;
    Ok(moves)
}
