//! Movement: who went from where to where between two runs.

mod ageing;
mod axes;
mod causes;
mod codes;
mod counterfactuals;
mod earlier_plan;
mod known;
mod periods;
mod tiers;

use clientele_model::RunId;
use clientele_model::spec::Scheme;

use super::columns::Codes;
use super::view::{RunView, ViewError, labels_of};
use crate::runs::{self, Run};
pub use causes::{Cause, CausedFlow};
use codes::Steps;
pub use periods::{MoveRates, Period};

/// How many customers went from each tier to each tier.
#[derive(Debug, Clone, PartialEq)]
pub struct Movement {
    pub scheme: String,
    pub from: RunId,
    pub to: RunId,
    /// In the scheme's order of tiers, first by where from. Who went up and who only aged are two flows of the same
    /// tiers.
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
    /// Neither up nor down: between tiers of which none is better (of an unranked scheme, beside each other, from or to
    /// `unknown`); into a better one by time alone, as from new to active without another order; or against the digits,
    /// as into a better tier with a code that is nowhere better.
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
            Some(from) => match self.runs.iter().find(|r| r.id == *from) {
                Some(earlier) => earlier.clone(),
                None => return Err(self.unknown_run(from).await?),
            },
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
        let flows = self.flows(scheme, &earlier, &self.run).await?;
        Ok(Some(Movement { scheme: scheme.id.to_string(), from: earlier.id, to: self.run.id.clone(), flows }))
    }

    /// The flows between the labels of two runs.
    async fn flows(&self, scheme: &Scheme, earlier: &Run, later: &Run) -> Result<Vec<Flow>, ViewError> {
        let columns = self.step_columns(scheme);
        let before = self.codes(&labels_of(&earlier.id), &columns).await?;
        let after = self.codes(&labels_of(&later.id), &columns).await?;
        let Some((was, now)) = before.first().zip(after.first()) else { return Ok(Vec::new()) };
        let steps = Steps::new(scheme, [was, now], before.get(1).zip(after.get(1)));
        let mut flows: Vec<Flow> = Vec::new();
        for (from, to, [along, contrary]) in counted(was, now, &steps) {
            let direction = direction(scheme, from.as_deref(), to.as_deref());
            for (direction, customers) in [(direction, along), (Direction::Across, contrary)] {
                if customers > 0 {
                    flows.push(Flow { from: from.clone(), to: to.clone(), customers, direction });
                }
            }
        }
        if flows.iter().any(|f| f.direction == Direction::Up) {
            let aged = self.aged(scheme, earlier, later).await?;
            set_aside(&mut flows, aged);
        }
        sort(scheme, &mut flows);
        Ok(flows)
    }

    /// The run that this one follows in a scheme.
    fn followed(&self, scheme: &Scheme) -> Option<&Run> {
        let place = self.runs.iter().position(|r| r.id == self.run.id)?;
        runs::before(&self.runs[..place], self.run.as_of, Some(scheme.id.as_str()))
    }
}

/// How many customers have each text before and each text after, those who went along with the order of the tiers
/// and those who went against it; nothing for those of whom there is none.
fn counted(
    before: &Codes,
    after: &Codes,
    steps: &Steps<'_>,
) -> Vec<(Option<String>, Option<String>, [i64; 2])> {
    let width = after.names().len() + 1;
    // By both numbers from 1; 0 stands for none.
    let mut counts = vec![[0; 2]; width * (before.names().len() + 1)];
    for key in 0..before.len().max(after.len()) {
        let place = |code: Option<usize>| code.map_or(0, |code| code + 1);
        let at = place(before.get(key)) * width + place(after.get(key));
        counts[at][usize::from(steps.is_contrary(key))] += 1;
    }
    let name = |codes: &Codes, place: usize| place.checked_sub(1).map(|code| codes.names()[code].clone());
    let found = counts.into_iter().enumerate().skip(1).filter(|(_, count)| *count != [0, 0]);
    found.map(|(place, count)| (name(before, place / width), name(after, place % width), count)).collect()
}

/// In the scheme's order of tiers, those who only aged after those who went up.
fn sort(scheme: &Scheme, flows: &mut [Flow]) {
    let place = |tier: &Option<String>| match tier {
        Some(tier) => scheme.position(tier).unwrap_or(usize::MAX - 1),
        None => usize::MAX,
    };
    flows.sort_by_key(|f| (place(&f.from), place(&f.to), f.direction == Direction::Across));
}

/// Takes those who only aged, by where from and where to, out of the flows up: they are flows of their own.
fn set_aside(flows: &mut Vec<Flow>, aged: Vec<(String, String, i64)>) {
    for (from, to, customers) in aged {
        let ends = (Some(from), Some(to));
        let goes_up = |f: &&mut Flow| f.direction == Direction::Up && (&f.from, &f.to) == (&ends.0, &ends.1);
        let Some(flow) = flows.iter_mut().find(goes_up) else { continue };
        let customers = customers.min(flow.customers);
        flow.customers -= customers;
        let is_across =
            |f: &&mut Flow| f.direction == Direction::Across && (&f.from, &f.to) == (&ends.0, &ends.1);
        match flows.iter_mut().find(is_across) {
            Some(across) => across.customers += customers,
            None => flows.push(Flow { from: ends.0, to: ends.1, customers, direction: Direction::Across }),
        }
    }
    flows.retain(|f| f.customers > 0);
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
    match (scheme.is_better(to, from), scheme.is_better(from, to)) {
        (true, _) => Direction::Up,
        (_, true) => Direction::Down,
        _ => Direction::Across,
    }
}
