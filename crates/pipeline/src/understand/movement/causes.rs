//! Why customers moved: every change between two runs has one cause.
//!
//! Between the earlier label and the later one lie worlds that differ in one thing each. A change
//! belongs to the last step that took the customer to another tier, so each mover has exactly one
//! cause, and the causes of a flow add up to the flow.
//!
//! | step | what is new | cause |
//! |---|---|---|
//! | 1 | what people had set by hand is taken off; a tier kept by a stay rule is let go | people, ageing |
//! | 2 | the records of before the earlier day as they are known now | data |
//! | 3 | the later day; nothing has happened since | ageing |
//! | 4 | what has happened since | behaviour |
//! | 5 | cut points of the later base | base shift |
//! | 6 | the later rule | definition |
//! | 7 | what people have set, what a stay rule keeps | people, ageing |

use std::collections::BTreeMap;

use clientele_model::spec::Scheme;
use serde::Serialize;

use super::tiers::{Column, Names};
use super::worlds::Worlds;
use super::{Direction, Flow, Movement, direction};
use crate::measure::Looking;
use crate::understand::view::{RunView, ViewError};

/// What made a customer's tier another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// New orders, events and other facts.
    Behaviour,
    /// Only the clock moved.
    Ageing,
    /// The customer stayed as they were; the base around them moved, and its cut points with it.
    BaseShift,
    /// The rule was changed.
    Definition,
    /// Records from before the earlier run came late or were corrected.
    Data,
    /// A person set the tier, or what a person had set ended.
    People,
}

impl Cause {
    /// All causes, in the order in which they are told.
    pub const ALL: [Cause; 6] =
        [Cause::Behaviour, Cause::Ageing, Cause::BaseShift, Cause::Definition, Cause::Data, Cause::People];
}

/// A flow with its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct CausedFlow {
    pub flow: Flow,
    /// How many customers moved by which cause; empty for those who stayed.
    pub causes: BTreeMap<Cause, i64>,
}

impl RunView {
    /// The causes of a movement. Costs about two measurings of the figures that the scheme reads.
    pub async fn causes(&self, scheme: &Scheme, movement: &Movement) -> Result<Vec<CausedFlow>, ViewError> {
        let Some(earlier) = self.runs.iter().find(|r| r.id == movement.from).cloned() else {
            return Ok(Vec::new());
        };
        let mut names = Names::default();
        let worlds = Worlds::new(self, scheme, &earlier).await?;
        let was = worlds.labels(&mut names, "earlier_labels").await?;
        let now = worlds.labels(&mut names, "labels").await?;

        let then = Looking { from: earlier.as_of, before: earlier.as_of };
        let later = Looking { from: worlds.later_day(), before: earlier.as_of };
        let corrected = match worlds.has_other_facts() || worlds.has_other_metrics() {
            true => worlds.measured(&mut names, then).await?,
            false => was.computed.clone(),
        };
        let aged = match then.from == later.from {
            true => corrected.clone(),
            false => worlds.measured(&mut names, later).await?,
        };
        let behaved = worlds.classified(&mut names, false).await?;
        let shifted = worlds.classified(&mut names, true).await?;
        let records = if worlds.has_other_metrics() { Cause::Definition } else { Cause::Data };
        let known_before = worlds.known_before(earlier.as_of).await?;

        let mut counts: BTreeMap<(u16, u16), BTreeMap<Cause, i64>> = BTreeMap::new();
        for key in 0..was.tier.len().max(now.tier.len()) {
            let (from, to) = (was.tier.get(key), now.tier.get(key));
            if from == to {
                continue;
            }
            let let_go = if was.by_hand.contains(&key) { Cause::People } else { Cause::Ageing };
            let held = match was.by_hand.contains(&key) || now.by_hand.contains(&key) {
                true => Cause::People,
                false => Cause::Ageing,
            };
            let steps = [
                (was.computed.get(key), let_go),
                (corrected.get(key), records),
                (aged.get(key), Cause::Ageing),
                (behaved.get(key), Cause::Behaviour),
                (shifted.get(key), Cause::BaseShift),
                (now.computed.get(key), Cause::Definition),
                (to, held),
            ];
            let cause = match (from, to) {
                (Column::NONE, _) if known_before.contains(&key) => Cause::Data,
                (Column::NONE, _) => Cause::Behaviour,
                // A customer vanishes when the batch that brought them is taken back.
                (_, Column::NONE) => Cause::Data,
                _ => last_step(from, &steps),
            };
            *counts.entry((from, to)).or_default().entry(cause).or_default() += 1;
        }
        Ok(movement.flows.iter().map(|flow| caused(scheme, flow, &counts, &names)).collect())
    }
}

/// The cause of the last step that changed the tier.
fn last_step(from: u16, steps: &[(u16, Cause)]) -> Cause {
    let mut tier = from;
    let mut cause = Cause::Behaviour;
    for (next, why) in steps {
        if *next != tier {
            (tier, cause) = (*next, *why);
        }
    }
    cause
}

fn caused(
    scheme: &Scheme,
    flow: &Flow,
    counts: &BTreeMap<(u16, u16), BTreeMap<Cause, i64>>,
    names: &Names,
) -> CausedFlow {
    debug_assert_eq!(flow.direction, direction(scheme, flow.from.as_deref(), flow.to.as_deref()));
    let causes = counts
        .iter()
        .find(|((from, to), _)| {
            names.name(*from) == flow.from.as_deref() && names.name(*to) == flow.to.as_deref()
        })
        .map(|(_, causes)| causes.clone())
        .filter(|_| flow.direction != Direction::Stayed)
        .unwrap_or_default();
    CausedFlow { flow: flow.clone(), causes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_that_changed_the_tier_is_the_cause() {
        let steps = [(1, Cause::People), (2, Cause::Data), (2, Cause::Ageing), (3, Cause::Behaviour)];
        assert_eq!(last_step(1, &steps), Cause::Behaviour);
        assert_eq!(last_step(1, &steps[..3]), Cause::Data);
        assert_eq!(last_step(0, &steps[..1]), Cause::People);
    }
}
