//! Attributes and other classifications: the share of each value in the group against its share in the base.
//!
//! Shares are of all members, and of all customers: who has no value has not this one. Whether a value is more frequent
//! here is told by those of whom it is known, inside and outside; else a file that only some appear in would set them
//! apart.

use std::sync::Arc;

use clientele_model::spec::Scheme;
use clientele_model::{Text, TierId, Unit};
use clientele_predict::stats::{Lift, Proportion, lift_over_whole};

use super::tally::{Counted, Values, tally};
use crate::classify::compile::tier_column;
use crate::quote::ident;
use crate::understand::RunView;
use crate::understand::groups::Sides;
use crate::understand::groups::{Group, GroupSize};
use crate::understand::groups::{InsightError, Verdict, compare};
use crate::understand::minimum::Minimum;

/// Values of one attribute that are looked at, the most frequent ones.
const MOST_VALUES: usize = 30;
/// An attribute that differs for nearly everybody, as a name, is no trait.
const SAME_FOR: u64 = 2;

/// Where a trait comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TraitOf {
    /// A metric with words, or yes and no.
    Metric(String),
    /// A tier of a scheme.
    Scheme(String),
}

/// A value that some customers have and others have not.
#[derive(Debug, Clone, PartialEq)]
pub struct Trait {
    pub of: TraitOf,
    pub name: Text,
    /// The value as stored; `true` for yes.
    pub value: String,
    pub value_name: Text,
    /// Customers of the group that have it.
    pub customers: u64,
    /// Customers of the group of whom it is known whether they have it.
    pub known: u64,
    /// Share of all members who have it, 0 to 1.
    pub share: f64,
    /// Share of all customers. None when there are too few others to compare with.
    pub base_share: Option<f64>,
    /// How many times as frequent it is as in the base, each among those of whom it is known, with its interval.
    pub lift: Option<Lift>,
    pub verdict: Option<Verdict>,
    /// Whether the rule that made the group is about this, or both are about the same metrics.
    pub by_rule: bool,
}

/// An attribute that most members have no value of.
#[derive(Debug, Clone, PartialEq)]
pub struct Sparse {
    pub metric: String,
    pub name: Text,
    /// Members of whom it is known. None when these are too few to tell how many.
    pub known: Option<u64>,
}

/// What is told of attributes and classifications.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Traits {
    pub traits: Vec<Trait>,
    /// In the catalogue's order, of those that enough customers have.
    pub sparse: Vec<Sparse>,
}

/// One attribute with how its values are named.
struct Source<'a> {
    of: TraitOf,
    name: &'a Text,
    /// Over the metrics, or over the labels.
    column: String,
    scheme: Option<&'a Scheme>,
    yes_no: bool,
}

pub(super) async fn traits(
    view: &RunView,
    group: &Group,
    sides: &Arc<Sides>,
    size: &GroupSize,
) -> Result<Traits, InsightError> {
    let metrics = view.metrics().filter(|m| matches!(m.unit, Unit::Text | Unit::YesNo)).map(|m| Source {
        of: TraitOf::Metric(m.id.to_string()),
        name: &m.name,
        column: ident(m.id.as_str()),
        scheme: None,
        yes_no: m.unit == Unit::YesNo,
    });
    let schemes = view.schemes().map(|s| Source {
        of: TraitOf::Scheme(s.id.to_string()),
        name: &s.name,
        column: tier_column(&s.id),
        scheme: Some(s),
        yes_no: false,
    });
    let sources: Vec<Source<'_>> = metrics.chain(schemes).collect();
    let about = view.about(group);
    let columns = |of_schemes: bool| -> Vec<String> {
        sources.iter().filter(|s| s.scheme.is_some() == of_schemes).map(|s| s.column.clone()).collect()
    };
    let mut tallies = tally(view, sides, "metrics", &columns(false)).await?;
    tallies.extend(tally(view, sides, "labels", &columns(true)).await?);
    let mut found = Traits::default();
    for (source, values) in sources.iter().zip(tallies) {
        let (TraitOf::Metric(id) | TraitOf::Scheme(id)) = &source.of;
        let values = values.unwrap_or_default();
        found.sparse.extend(sparse(&values, source, size, view.minimum()));
        found.traits.extend(of_source(values, source, size, view.minimum(), about.contains(id)));
    }
    Ok(found)
}

fn sparse(values: &Values, source: &Source<'_>, size: &GroupSize, minimum: Minimum) -> Option<Sparse> {
    let TraitOf::Metric(metric) = &source.of else { return None };
    let (base, known) = values.values().fold((0, 0), |sum, value| (sum.0 + value.base, sum.1 + value.here));
    let is_sparse = minimum.is_met(base) && 2 * known < size.customers;
    is_sparse.then(|| Sparse {
        metric: metric.clone(),
        name: source.name.clone(),
        known: Some(known).filter(|known| minimum.tells(*known)),
    })
}

fn of_source(
    mut values: Values,
    source: &Source<'_>,
    size: &GroupSize,
    minimum: Minimum,
    by_rule: bool,
) -> Vec<Trait> {
    if source.scheme.is_some() {
        // Who is of an unknown tier is left out like everybody of whom something is not known.
        values.remove(TierId::UNKNOWN);
    }
    let (known_base, known) =
        values.values().fold((0, 0), |sum, value| (sum.0 + value.base, sum.1 + value.here));
    if !minimum.is_met(known) || (values.len() as u64) * SAME_FOR > known_base {
        return Vec::new();
    }
    let mut values: Vec<(String, Counted)> = values.into_iter().collect();
    values.sort_by(|a, b| b.1.base.cmp(&a.1.base).then_with(|| a.0.cmp(&b.0)));
    values.truncate(MOST_VALUES);
    if source.yes_no {
        // The share of no says nothing that the share of yes does not.
        values.retain(|v| v.0 == "true");
    }
    let counts: Vec<Counted> = values.iter().map(|value| value.1).collect();
    let mut shown = told(&counts, Counted { base: known_base, here: known }, minimum).into_iter();
    values.retain(|_| shown.next().unwrap_or(false));
    let compared = size.compared && minimum.is_met(known_base - known);
    let made = values.into_iter().map(|(value, Counted { base, here })| {
        let (part, whole) = (Proportion { yes: here, of: known }, Proportion { yes: base, of: known_base });
        let others = Some(whole.without(&part)).filter(|_| compared);
        let lift = others.and_then(|_| lift_over_whole(part, whole));
        let verdict = others.and_then(|others| compare::shares(part, others));
        Trait {
            value_name: value_name(source, &value),
            of: source.of.clone(),
            name: source.name.clone(),
            customers: here,
            known,
            share: Proportion { yes: here, of: size.customers }.share(),
            base_share: compared.then(|| Proportion { yes: base, of: size.base }.share()),
            lift,
            verdict: verdict.map(|verdict| lift.map_or(verdict, |lift| verdict.with_ratio(&lift))),
            by_rule,
            value,
        }
    });
    made.collect()
}

/// Which values may be told of: none that few have, in the group or outside, and none from which the number of such
/// would follow, as `known` is told too.
fn told(counts: &[Counted], known: Counted, minimum: Minimum) -> Vec<bool> {
    let here: Vec<u64> = counts.iter().map(|c| c.here).collect();
    let outside: Vec<u64> = counts.iter().map(|c| c.base - c.here).collect();
    let rest = |parts: &[u64], whole: u64| whole - parts.iter().sum::<u64>();
    let (here_rest, outside_rest) = (rest(&here, known.here), rest(&outside, known.base - known.here));
    let few =
        |c: &Counted| !minimum.is_met(c.base) || !minimum.tells(c.here) || !minimum.tells(c.base - c.here);
    let mut shown: Vec<bool> = counts.iter().map(|c| !few(c)).collect();
    loop {
        let hid = minimum.cover(&here, here_rest, &mut shown);
        if !minimum.cover(&outside, outside_rest, &mut shown) && !hid {
            return shown;
        }
    }
}

fn value_name(source: &Source<'_>, value: &str) -> Text {
    match source.scheme {
        Some(scheme) => scheme.tier_name(value),
        None if source.yes_no => Text::new("yes", "是"),
        None => Text::new(value, value),
    }
}

#[cfg(test)]
mod tests {
    use super::{Counted, told};
    use crate::understand::minimum::Minimum;

    #[test]
    fn values_of_a_few_neither_stand_there_nor_follow() {
        let told = |counts: &[(u64, u64)], known: (u64, u64)| {
            let counted = |&(base, here): &(u64, u64)| Counted { base, here };
            let counts: Vec<Counted> = counts.iter().map(counted).collect();
            told(&counts, counted(&known), Minimum::new(5))
        };
        // Of 30 others who are known, 3 have the rare one; if cups were told, these 3 would follow.
        assert_eq!(told(&[(30, 30), (27, 0), (3, 0)], (60, 30)), [true, false, false]);
        assert_eq!(told(&[(40, 20), (23, 20), (17, 10)], (80, 50)), [true, false, false]);
        // Churned: 10 of the base, 3 of them here. Of 60 here 40 are active and 17 new, so new is not told either.
        assert_eq!(told(&[(80, 40), (30, 17), (10, 3)], (120, 60)), [true, false, false]);
        // 48 of 50 say yes here; 45 of 50 do not give anybody away.
        assert_eq!(told(&[(70, 48)], (100, 50)), [false]);
        assert_eq!(told(&[(70, 45)], (100, 50)), [true]);
        // Nobody else has it, or nobody here.
        assert_eq!(told(&[(30, 30), (30, 0)], (60, 30)), [true, true]);
    }
}
