//! How the main schemes moved: the flows' causes, and the rates from run to run.

use std::collections::BTreeMap;

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

/// Reads them for the schemes that are among [`TAKEN_APART`], by id; others have none.
pub async fn moves(
    view: &RunView,
    moved: &[(&Scheme, Option<&Movement>)],
) -> Result<BTreeMap<String, Moves>, ViewError> {
    let apart = moved.iter().filter(|(scheme, _)| TAKEN_APART.contains(&scheme.id.as_str()));
    let apart: Vec<(&Scheme, &Movement)> =
        apart.filter_map(|(scheme, movement)| Some((*scheme, (*movement)?))).collect();
    let mut found = BTreeMap::new();
    for (scheme, _) in &apart {
        let periods = view.last_periods(scheme, PERIODS).await?;
        found.insert(scheme.id.to_string(), Moves { caused: Vec::new(), periods });
    }
    let has_moved = |movement: &Movement| movement.flows.iter().any(|f| f.direction != Direction::Stayed);
    let apart: Vec<_> = apart.into_iter().filter(|(_, movement)| has_moved(movement)).collect();
    for ((scheme, _), caused) in apart.iter().zip(view.causes_of(&apart).await?) {
        // Where the rule of then is gone, nothing can be worked out by it.
        if let (Some(moves), Some(caused)) = (found.get_mut(scheme.id.as_str()), caused) {
            moves.caused = caused;
        }
    }
    Ok(found)
}
