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

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use clientele_model::spec::Scheme;
use clientele_model::{RunId, SchemeId};
use serde::Serialize;

use super::axes::{Apart, Axis, Counterfactual, axes};
use super::counterfactuals::Counterfactuals;
use super::tiers::{Names, TierColumn};
use super::{Direction, Flow, Movement, direction};
use crate::measure::FactWindow;
use crate::runs::Run;
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
    /// what it did. Or the earlier rule cannot be read any more.
    pub async fn causes(&self, scheme: &Scheme, movement: &Movement) -> Result<Vec<CausedFlow>, ViewError> {
        let found = self.causes_of(&[(scheme, movement)]).await?.pop();
        found.flatten().ok_or_else(|| {
            let (run, name) = (movement.from.to_string(), scheme.id.to_string());
            ViewError::UnknownScheme { run, name, nearest: None }
        })
    }

    /// The causes of several movements, in their order; nothing for those whose earlier rule cannot be read
    /// any more. Of movements from the same run they cost hardly more than of one.
    ///
    /// # Errors
    /// As with [`RunView::causes`].
    pub async fn causes_of(
        &self,
        moved: &[(&Scheme, &Movement)],
    ) -> Result<Vec<Option<Vec<CausedFlow>>>, ViewError> {
        let mut found = vec![None; moved.len()];
        let runs: BTreeSet<&RunId> = moved.iter().map(|(_, movement)| &movement.from).collect();
        for run in runs {
            let places: Vec<usize> = (0..moved.len()).filter(|place| moved[*place].1.from == *run).collect();
            let Some(earlier) = self.runs.iter().find(|r| r.id == *run).cloned() else { continue };
            let these: Vec<_> = places.iter().map(|place| moved[*place]).collect();
            for (place, causes) in places.into_iter().zip(self.causes_since(&earlier, &these).await?) {
                found[place] = causes;
            }
        }
        Ok(found)
    }

    async fn causes_since(
        &self,
        earlier: &Run,
        moved: &[(&Scheme, &Movement)],
    ) -> Result<Vec<Option<Vec<CausedFlow>>>, ViewError> {
        if self.as_of() < earlier.as_of {
            let days = [earlier.as_of, self.as_of()];
            return Err(ViewError::LooksBack { from: earlier.id.clone(), to: self.run.id.clone(), days });
        }
        let mut names = Names::default();
        let ids: BTreeSet<SchemeId> = moved.iter().map(|(scheme, _)| scheme.id.clone()).collect();
        let worlds = Counterfactuals::new(self, &ids, earlier).await?;
        if !ids.iter().any(|id| worlds.rule(id).is_some()) {
            return Ok(vec![None; moved.len()]);
        }
        let of_now = moved.iter().flat_map(|(scheme, _)| axes(scheme));
        let of_then = ids.iter().filter_map(|id| worlds.rule(id)).flat_map(axes);
        let mut told = BTreeMap::new();
        for id in ids.iter().cloned().chain(of_now).chain(of_then).collect::<BTreeSet<_>>() {
            let axis = worlds.axis(&mut names, &id).await?;
            told.insert(id, axis);
        }

        let then = FactWindow { from: earlier.as_of, before: earlier.as_of };
        let later = FactWindow { from: worlds.later_day(), before: earlier.as_of };
        let rules = || ids.iter().filter_map(|id| worlds.rule(id));
        let is_corrected = worlds.has_other_facts() || rules().any(|rule| worlds.has_other_metrics(rule));
        let between = Between {
            corrected: match is_corrected {
                true => Some(worlds.measured(&mut names, then).await?),
                false => None,
            },
            aged: match then.from == later.from {
                true => None,
                false => Some(worlds.measured(&mut names, later).await?),
            },
            behaved: worlds.classified(&mut names, false).await?,
            shifted: worlds.classified(&mut names, true).await?,
        };
        // Customers whom the earlier run did not know; the same for all schemes.
        let first = moved.iter().filter_map(|(scheme, _)| {
            let own = told.get(&scheme.id)?;
            let is_new = |key: &usize| {
                own.was.tier.get(*key) == TierColumn::NONE && own.now.tier.get(*key) != TierColumn::NONE
            };
            (0..own.now.tier.len()).find(is_new)
        });
        let known_before = match first.min() {
            Some(first) => self.known_before(earlier, first).await?,
            None => Arc::default(),
        };

        let mut found = Vec::with_capacity(moved.len());
        for (scheme, movement) in moved {
            let (Some(own), Some(rule)) = (told.get(&scheme.id), worlds.rule(&scheme.id)) else {
                found.push(None);
                continue;
            };
            let has_other_metrics = worlds.has_other_metrics(rule);
            let apart = Parts {
                own,
                then_rule: Apart::new(rule, &told, &mut names),
                now_rule: Apart::new(scheme, &told, &mut names),
                is_corrected: worlds.has_other_facts() || has_other_metrics,
                records: if has_other_metrics { Cause::Definition } else { Cause::Data },
                known_before: &known_before,
                contrary: self.contrary(scheme, earlier, &self.run).await?,
            };
            let counts = apart.counts(&between);
            found.push(Some(caused(scheme, &movement.flows, &counts, &names)));
        }
        Ok(found)
    }
}

/// The worlds between two runs.
struct Between {
    /// None where nothing can differ, as with the next.
    corrected: Option<Counterfactual>,
    aged: Option<Counterfactual>,
    behaved: Counterfactual,
    shifted: Counterfactual,
}

/// A scheme, ready to be taken apart.
struct Parts<'a> {
    own: &'a Axis,
    then_rule: Apart<'a>,
    now_rule: Apart<'a>,
    /// Whether the world of corrected records can differ for this scheme.
    is_corrected: bool,
    /// The cause of what differs in it.
    records: Cause,
    known_before: &'a HashSet<usize>,
    /// Who went against the order of the tiers.
    contrary: HashSet<usize>,
}

impl Parts<'_> {
    fn counts(&self, between: &Between) -> Counts {
        let Parts { own, then_rule, now_rule, records, known_before, contrary, .. } = self;
        let corrected = between.corrected.as_ref().filter(|_| self.is_corrected);
        let corrected = corrected.map(|world| then_rule.columns(world));
        let aged = between.aged.as_ref().map(|world| then_rule.columns(world));
        let (behaved, shifted) = (then_rule.columns(&between.behaved), then_rule.columns(&between.shifted));
        let mut counts = Counts::new();
        for key in 0..own.was.tier.len().max(own.now.tier.len()) {
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
                (corrected, *records),
                (aged, Cause::Ageing),
                (then_rule.tier(key, &behaved), Cause::Behaviour),
                (then_rule.tier(key, &shifted), Cause::BaseShift),
                (now_rule.now_computed(key), Cause::Definition),
                (to, held),
            ];
            let cause = match (from, to) {
                (TierColumn::NONE, _) if known_before.contains(&key) => Cause::Data,
                (TierColumn::NONE, _) => Cause::Behaviour,
                // A customer vanishes when the batch that brought them is taken back.
                (_, TierColumn::NONE) => Cause::Data,
                _ => last_step(from, &steps),
            };
            let ends = (from, to, contrary.contains(&key));
            *counts.entry(ends).or_default().entry(cause).or_default() += 1;
        }
        counts
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

/// How many went from a tier to a tier, against the order of the tiers or not, by which cause.
type Counts = BTreeMap<(u16, u16, bool), BTreeMap<Cause, i64>>;

/// The flows of a movement with their causes. Who came into a better tier by time alone has not gone up: the causes tell
/// exactly who, where a movement without them goes by the figures.
fn caused(scheme: &Scheme, flows: &[Flow], counts: &Counts, names: &Names) -> Vec<CausedFlow> {
    let mut all: Vec<CausedFlow> = Vec::new();
    for flow in flows {
        if all.iter().any(|known| (&known.flow.from, &known.flow.to) == (&flow.from, &flow.to)) {
            continue;
        }
        if flow.direction == Direction::Stayed {
            all.push(CausedFlow { flow: flow.clone(), causes: BTreeMap::new() });
            continue;
        }
        let of = |is_contrary: bool| {
            let found = counts.iter().find(|((from, to, contrary), _)| {
                names.name(*from) == flow.from.as_deref()
                    && names.name(*to) == flow.to.as_deref()
                    && *contrary == is_contrary
            });
            found.map(|(_, causes)| causes.clone()).unwrap_or_default()
        };
        let (mut causes, mut across) = (of(false), of(true));
        let direction = direction(scheme, flow.from.as_deref(), flow.to.as_deref());
        if direction == Direction::Up
            && let Some(aged) = causes.remove(&Cause::Ageing)
        {
            *across.entry(Cause::Ageing).or_default() += aged;
        }
        for (direction, causes) in [(direction, causes), (Direction::Across, across)] {
            let customers = causes.values().sum();
            if customers > 0 {
                let flow = Flow { customers, direction, ..flow.clone() };
                all.push(CausedFlow { flow, causes });
            }
        }
    }
    all
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
