//! Movement: who went from where to where between two runs.

mod axes;
mod causes;
mod known;
mod past;
mod periods;
mod tiers;
mod worlds;

use clientele_model::RunId;
use clientele_model::spec::Scheme;

use super::columns::Codes;
use super::view::{RunView, ViewError, labels_of};
use crate::classify::compile::tier_column;
use crate::runs::{self, Run};
pub use causes::{Cause, CausedFlow};
pub(in crate::understand) use known::KnownBefore;
pub use periods::{MoveRates, Period};

/// How many customers went from each tier to each tier.
#[derive(Debug, Clone, PartialEq)]
pub struct Movement {
    pub scheme: String,
    pub from: RunId,
    pub to: RunId,
    /// In the scheme's order of tiers, first by where from.
    pub flows: Vec<Flow>,
}

/// Customers with the same tier before and the same tier after.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// `None` for customers that the earlier run did not know.
    pub from: Option<String>,
    /// `None` for customers that the later run does not know.
    pub to: Option<String>,
    pub customers: i64,
    pub direction: Direction,
}

/// What a flow means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Stayed,
    Up,
    Down,
    /// Between tiers of which none is better: of an unranked scheme, or from or to `unknown`.
    Across,
    New,
    Gone,
}

impl RunView {
    /// The movement in a scheme from an earlier run to this one; from the run that it follows in the
    /// scheme, when none is named. `None` when there is no such run.
    pub async fn movement(
        &self,
        scheme: &Scheme,
        from: Option<&RunId>,
    ) -> Result<Option<Movement>, ViewError> {
        let earlier = match from {
            Some(from) => self.runs.iter().find(|r| r.id == *from).cloned().ok_or_else(|| {
                let known = self.runs.iter().map(|r| r.id.as_str()).collect::<Vec<_>>().join(", ");
                ViewError::UnknownRun { name: from.to_string(), known }
            })?,
            None => match self.followed(scheme) {
                Some(previous) => previous.clone(),
                None => return Ok(None),
            },
        };
        if !earlier.schemes.contains_key(scheme.id.as_str()) {
            return Err(ViewError::UnknownScheme {
                run: earlier.id.to_string(),
                name: scheme.id.to_string(),
                nearest: None,
            });
        }
        let flows = self.flows(scheme, &earlier.id, &self.run.id).await?;
        Ok(Some(Movement { scheme: scheme.id.to_string(), from: earlier.id, to: self.run.id.clone(), flows }))
    }

    /// The flows between the labels of two runs.
    async fn flows(&self, scheme: &Scheme, earlier: &RunId, later: &RunId) -> Result<Vec<Flow>, ViewError> {
        let column = [tier_column(&scheme.id)];
        let before = self.codes(&labels_of(earlier), &column).await?;
        let after = self.codes(&labels_of(later), &column).await?;
        let Some((before, after)) = before.first().zip(after.first()) else { return Ok(Vec::new()) };
        let mut flows: Vec<Flow> = counted(before, after)
            .into_iter()
            .map(|(from, to, customers)| {
                let direction = direction(scheme, from.as_deref(), to.as_deref());
                Flow { from, to, customers, direction }
            })
            .collect();
        let place = |tier: &Option<String>| match tier {
            Some(tier) => scheme.position(tier).unwrap_or(usize::MAX - 1),
            None => usize::MAX,
        };
        flows.sort_by_key(|f| (place(&f.from), place(&f.to)));
        Ok(flows)
    }

    /// The run that this one follows in a scheme.
    fn followed(&self, scheme: &Scheme) -> Option<&Run> {
        let place = self.runs.iter().position(|r| r.id == self.run.id)?;
        runs::before(&self.runs[..place], self.run.as_of, Some(scheme.id.as_str()))
    }
}

/// How many customers have each text before and each text after; nothing for those of whom there is none.
fn counted(before: &Codes, after: &Codes) -> Vec<(Option<String>, Option<String>, i64)> {
    let width = after.names().len() + 1;
    // By both numbers from 1; 0 stands for none.
    let mut counts = vec![0; width * (before.names().len() + 1)];
    for key in 0..before.len().max(after.len()) {
        let place = |code: Option<usize>| code.map_or(0, |code| code + 1);
        counts[place(before.get(key)) * width + place(after.get(key))] += 1;
    }
    let name = |codes: &Codes, place: usize| place.checked_sub(1).map(|code| codes.names()[code].clone());
    let found = counts.into_iter().enumerate().skip(1).filter(|(_, count)| *count > 0);
    found.map(|(place, count)| (name(before, place / width), name(after, place % width), count)).collect()
}

fn direction(scheme: &Scheme, from: Option<&str>, to: Option<&str>) -> Direction {
    let (from, to) = match (from, to) {
        (None, _) => return Direction::New,
        (_, None) => return Direction::Gone,
        (Some(from), Some(to)) => (from, to),
    };
    if from == to {
        return Direction::Stayed;
    }
    match (scheme.position(from), scheme.position(to)) {
        (Some(before), Some(after)) if scheme.ranked && after < before => Direction::Up,
        (Some(before), Some(after)) if scheme.ranked && before < after => Direction::Down,
        _ => Direction::Across,
    }
}
