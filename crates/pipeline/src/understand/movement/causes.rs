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
//!
//! Of a matrix, the steps are those of the schemes that it crosses; see [`super::axes`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clientele_model::spec::Scheme;
use serde::Serialize;

use super::axes::{Apart, axes};
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
    ///
    /// # Errors
    /// A movement from a later day to an earlier one: time does not run back, so nothing can be told of
    /// what it did.
    pub async fn causes(&self, scheme: &Scheme, movement: &Movement) -> Result<Vec<CausedFlow>, ViewError> {
        let Some(earlier) = self.runs.iter().find(|r| r.id == movement.from).cloned() else {
            return Ok(Vec::new());
        };
        if self.as_of() < earlier.as_of {
            let days = [earlier.as_of, self.as_of()];
            return Err(ViewError::LooksBack { from: earlier.id, to: self.run.id.clone(), days });
        }
        let mut names = Names::default();
        let worlds = Worlds::new(self, scheme, &earlier).await?;
        let mut told = BTreeMap::new();
        let ids = [scheme.id.clone()].into_iter().chain(axes(&worlds.rule)).chain(axes(scheme));
        for id in ids.collect::<BTreeSet<_>>() {
            let axis = worlds.axis(&mut names, &id).await?;
            told.insert(id, axis);
        }
        let Some(own) = told.get(&scheme.id) else { return Ok(Vec::new()) };
        let then_rule = Apart::new(&worlds.rule, &told, &mut names);
        let now_rule = Apart::new(scheme, &told, &mut names);

        let then = Looking { from: earlier.as_of, before: earlier.as_of };
        let later = Looking { from: worlds.later_day(), before: earlier.as_of };
        let corrected = match worlds.has_other_facts() || worlds.has_other_metrics() {
            true => Some(worlds.measured(&mut names, then).await?),
            false => None,
        };
        let aged = match then.from == later.from {
            true => None,
            false => Some(worlds.measured(&mut names, later).await?),
        };
        let behaved = worlds.classified(&mut names, false).await?;
        let shifted = worlds.classified(&mut names, true).await?;
        let records = if worlds.has_other_metrics() { Cause::Definition } else { Cause::Data };
        let keys = 0..own.was.tier.len().max(own.now.tier.len());
        let is_new =
            |key: &usize| own.was.tier.get(*key) == Column::NONE && own.now.tier.get(*key) != Column::NONE;
        let known_before = match keys.clone().find(is_new) {
            Some(first) => self.known_before(&earlier, first).await?,
            None => Arc::default(),
        };

        let mut counts: BTreeMap<(u16, u16), BTreeMap<Cause, i64>> = BTreeMap::new();
        for key in keys {
            let (from, to) = (own.was.tier.get(key), own.now.tier.get(key));
            if from == to {
                continue;
            }
            let (was_set, is_set) = (own.was.by_hand.contains(&key), own.now.by_hand.contains(&key));
            let cause = |by_hand: bool| if by_hand { Cause::People } else { Cause::Ageing };
            let let_go = cause(was_set || then_rule.is_by_hand(key, true));
            let held = cause(was_set || is_set || now_rule.is_by_hand(key, false));
            let was_computed = then_rule.was_computed(key);
            let corrected = corrected.as_ref().map_or(was_computed, |world| then_rule.tier(key, world));
            let aged = aged.as_ref().map_or(corrected, |world| then_rule.tier(key, world));
            let steps = [
                (was_computed, let_go),
                (corrected, records),
                (aged, Cause::Ageing),
                (then_rule.tier(key, &behaved), Cause::Behaviour),
                (then_rule.tier(key, &shifted), Cause::BaseShift),
                (now_rule.now_computed(key), Cause::Definition),
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
