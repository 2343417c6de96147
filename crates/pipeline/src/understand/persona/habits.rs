//! When, where and how a group orders.

use clientele_predict::stats::{Lift, Proportion, lift};

use super::counted::{HabitKind, Side};
use super::orders::OrderCounts;
use crate::understand::groups::GroupSize;
use crate::understand::groups::{Verdict, compare, verdict};
use crate::understand::minimum::Minimum;

/// Values that are shown of channels and regions, the most frequent ones.
const MOST: usize = 12;

/// How a group's orders divide.
#[derive(Debug, Clone, PartialEq)]
pub struct Habit {
    pub kind: HabitKind,
    /// Orders of the group, with and without a value. None where those without are of too few customers to tell.
    pub orders: Option<u64>,
    /// Those of which it is known; shares are of these.
    pub known: u64,
    pub values: Vec<HabitValue>,
}

/// One value of it.
#[derive(Debug, Clone, PartialEq)]
pub struct HabitValue {
    pub value: String,
    /// Orders of the group.
    pub orders: u64,
    /// Of the group's orders of which it is known, 0 to 1.
    pub share: f64,
    /// Of all orders. None when there are too few others to compare with, or only a few of them have it or would follow
    /// from the rest. So are lift and verdict.
    pub base_share: Option<f64>,
    /// How many times as large the share is as that in the base, with its interval.
    pub lift: Option<Lift>,
    /// Of the difference to the others' orders, adjusted for all values of all kinds.
    ///
    /// Orders of one customer are not independent of each other, so they count for fewer than there are: for (Σ n)² /
    /// Σ n² of customers with n orders each, as if all orders of a customer had the same value (Kish, "Survey
    /// sampling", 1965, for weights). This is on the safe side.
    pub verdict: Option<Verdict>,
}

pub(super) fn habits(orders: &OrderCounts, minimum: Minimum, size: &GroupSize) -> Vec<Habit> {
    let mut habits = Vec::new();
    let kinds = HabitKind::ALL.into_iter().zip(&orders.habits).zip(&orders.without);
    for ((kind, found), without) in kinds {
        let found = found.iter().map(|(value, [there, here])| (value.clone(), *here, *there));
        let habit = habit(found.collect(), *without, minimum, size, kind);
        if !habit.values.is_empty() {
            habits.push(habit);
        }
    }
    verdict::adjust(habits.iter_mut().flat_map(|h| &mut h.values).map(|v| &mut v.verdict));
    habits
}

/// The values of a kind, each with the orders inside and outside the group that have it; `without` are the group's
/// orders that have none.
fn habit(
    found: Vec<(String, Side, Side)>,
    without: Side,
    minimum: Minimum,
    size: &GroupSize,
    kind: HabitKind,
) -> Habit {
    let (here, there) = found
        .iter()
        .fold((Side::default(), Side::default()), |sum, (_, a, b)| (sum.0.with(*a), sum.1.with(*b)));
    let told = |side: &dyn Fn(&(String, Side, Side)) -> u64| {
        let customers: Vec<u64> = found.iter().map(side).collect();
        let mut told: Vec<bool> = customers.iter().map(|&few| minimum.tells(few)).collect();
        // Shares of all values add up to 1, so what is left out would follow.
        minimum.cover(&customers, 0, &mut told);
        told
    };
    // Of customers who order in several ways it is not known here how many different ones they are.
    let compared = size.compared && found.iter().any(|v| minimum.is_met(v.2.customers));
    let (here_told, there_told) = (told(&|v| v.1.customers), told(&|v| v.2.customers));
    let mut found: Vec<(String, Side, Side, bool)> = found
        .into_iter()
        .zip(here_told.into_iter().zip(there_told))
        .filter(|((_, inside, _), (told, _))| *told && inside.customers > 0)
        .map(|((value, inside, outside), (_, told))| (value, inside, outside, told && compared))
        .collect();
    match kind {
        HabitKind::Weekday => found.sort_by(|a, b| a.0.cmp(&b.0)),
        _ => found.sort_by(|a, b| b.1.orders.cmp(&a.1.orders).then_with(|| a.0.cmp(&b.0))),
    }
    found.truncate(MOST);
    let weight = here.orders as f64 / (here.orders + there.orders).max(1) as f64;
    let values = found.into_iter().map(|(value, inside, outside, compared)| {
        let part = Proportion { yes: inside.orders, of: here.orders };
        let whole = Proportion { yes: part.yes + outside.orders, of: part.of + there.orders };
        let (cases, others) = (here.cases(inside), there.cases(outside));
        let sure = compared && others.of > 0;
        let over = lift(cases, others).filter(|_| sure).map(|lift| lift.over_whole(weight));
        // Cases are whole numbers, orders are exact.
        let over = over.map(|over| Lift { ratio: part.share() / whole.share(), ..over });
        let verdict = compare::shares(cases, others).filter(|_| sure);
        HabitValue {
            value,
            orders: inside.orders,
            share: part.share(),
            base_share: compared.then(|| whole.share()),
            lift: over,
            verdict: verdict.map(|verdict| over.map_or(verdict, |over| verdict.with_ratio(&over))),
        }
    });
    let (known, values) = (here.orders, values.collect());
    let orders = minimum.tells(without.customers).then_some(known + without.orders);
    Habit { kind, orders, known, values }
}
