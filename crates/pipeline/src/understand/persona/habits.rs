//! When, where and how a group orders.

use clientele_predict::stats::{Lift, Proportion, lift};

use super::group::{Group, GroupSize};
use super::{InsightError, Verdict, compare, verdict};
use crate::understand::RunView;
use crate::understand::demand::orders_seen;
use crate::understand::rows::{Value, int, rows, text};

/// Values that are shown of channels and regions, the most frequent ones.
const MOST: usize = 12;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HabitKind {
    Channel,
    /// `night`, `morning`, `afternoon`, `evening`: 0–5, 6–11, 12–17, 18–23 h. Orders dated to exactly midnight have a
    /// day but no time and are left out.
    Daypart,
    /// `1` for Monday to `7` for Sunday.
    Weekday,
    Region,
}

/// How a group's orders divide.
#[derive(Debug, Clone, PartialEq)]
pub struct Habit {
    pub kind: HabitKind,
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

impl HabitKind {
    const ALL: [HabitKind; 4] = [Self::Channel, Self::Daypart, Self::Weekday, Self::Region];

    /// The value of an order `o`.
    fn sql(self) -> &'static str {
        match self {
            HabitKind::Channel => "o.channel",
            HabitKind::Daypart => {
                "CASE WHEN o.ordered_at = CAST(CAST(o.ordered_at AS DATE) AS TIMESTAMP) THEN NULL \
                 WHEN date_part('hour', o.ordered_at) < 6 THEN 'night' \
                 WHEN date_part('hour', o.ordered_at) < 12 THEN 'morning' \
                 WHEN date_part('hour', o.ordered_at) < 18 THEN 'afternoon' ELSE 'evening' END"
            }
            HabitKind::Weekday => "CAST(date_part('isodow', o.ordered_at) AS VARCHAR)",
            HabitKind::Region => "o.region",
        }
    }
}

pub(super) async fn habits(
    view: &RunView,
    group: &Group,
    size: &GroupSize,
) -> Result<Vec<Habit>, InsightError> {
    let mut habits = Vec::new();
    for kind in HabitKind::ALL {
        let values = values(view, group, size, kind).await?;
        if !values.is_empty() {
            habits.push(Habit { kind, values });
        }
    }
    verdict::adjust(habits.iter_mut().flat_map(|h| &mut h.values).map(|v| &mut v.verdict));
    Ok(habits)
}

/// Orders inside or outside the group.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    customers: u64,
    orders: u64,
    /// Each order counted as often as its customer has orders of which the value is known: over all values Σ n².
    crowd: f64,
}

impl Side {
    fn with(self, other: Side) -> Side {
        Side {
            customers: self.customers + other.customers,
            orders: self.orders + other.orders,
            crowd: self.crowd + other.crowd,
        }
    }

    /// As many cases as all orders of a side count for, of which a part has a value.
    fn cases(self, having: Side) -> Proportion {
        let orders = self.orders as f64;
        let of = if self.crowd > 0.0 { orders * orders / self.crowd } else { 0.0 };
        let share = if orders > 0.0 { having.orders as f64 / orders } else { 0.0 };
        Proportion { yes: (share * of).round() as u64, of: of.round() as u64 }
    }
}

async fn values(
    view: &RunView,
    group: &Group,
    size: &GroupSize,
    kind: HabitKind,
) -> Result<Vec<HabitValue>, InsightError> {
    let found = counted(view, group, kind).await?;
    let (here, there) = found
        .iter()
        .fold((Side::default(), Side::default()), |sum, (_, a, b)| (sum.0.with(*a), sum.1.with(*b)));
    let minimum = view.minimum();
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
    Ok(values.collect())
}

/// Each value with the orders inside and outside the group that have it.
async fn counted(
    view: &RunView,
    group: &Group,
    kind: HabitKind,
) -> Result<Vec<(String, Side, Side)>, InsightError> {
    // Customers are counted beside orders, as no value is shown that fewer than the smallest group have.
    let sql = format!(
        "WITH each_one AS (SELECT {value} AS value, w.here, o.customer_key, count(*) AS orders FROM orders o \
         JOIN ({members}) w ON o.customer_key = w.customer_key WHERE {seen} GROUP BY 1, 2, 3), \
         own AS (SELECT customer_key, sum(orders) AS orders FROM each_one WHERE value IS NOT NULL \
         GROUP BY customer_key) \
         SELECT e.value, e.here, count(*), CAST(sum(e.orders) AS BIGINT), \
         CAST(sum(e.orders * own.orders) AS DOUBLE) FROM each_one e JOIN own ON e.customer_key = own.customer_key \
         WHERE e.value IS NOT NULL GROUP BY e.value, e.here ORDER BY e.value",
        value = kind.sql(),
        members = group.members(),
        seen = orders_seen(view, "o."),
    );
    let batches = view.session.sql(&sql).await?.collect().await?;
    let mut found: Vec<(String, Side, Side)> = Vec::new();
    for row in rows(&batches) {
        let (value, number) = (text(&row[0]), |at: usize| int(&row[at]).unsigned_abs());
        let crowd = row[4].number().unwrap_or(0.0);
        let side = Side { customers: number(2), orders: number(3), crowd };
        if found.last().is_none_or(|last| last.0 != value) {
            found.push((value, Side::default(), Side::default()));
        }
        if let Some((_, inside, outside)) = found.last_mut() {
            *(if row[1] == Value::Bool(true) { inside } else { outside }) = side;
        }
    }
    Ok(found)
}
