//! When, where and how a group orders.

use clientele_predict::stats::{Magnitude, Proportion, cohen_h};

use super::InsightError;
use super::group::{Group, GroupSize};
use crate::understand::RunView;
use crate::understand::demand::orders_seen;
use crate::understand::rows::{int, rows, text};

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
    /// Of all orders. None when there are too few others to compare with.
    pub base_share: Option<f64>,
    /// The share in percent of the base's.
    pub index: Option<f64>,
    /// Size of the difference to the others' orders. Orders of one customer are not independent of each other, so
    /// there is no p-value; customers' favourites are among the traits, and have one.
    pub magnitude: Option<Magnitude>,
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
    Ok(habits)
}

async fn values(
    view: &RunView,
    group: &Group,
    size: &GroupSize,
    kind: HabitKind,
) -> Result<Vec<HabitValue>, InsightError> {
    // Customers are counted beside orders, as no value is shown that fewer than the smallest group have.
    let sql = format!(
        "WITH each_one AS (SELECT {value} AS value, w.here, o.customer_key, count(*) AS orders FROM orders o \
         JOIN ({members}) w ON o.customer_key = w.customer_key WHERE {seen} GROUP BY 1, 2, 3) \
         SELECT value, CAST(COALESCE(sum(orders) FILTER (WHERE here), 0) AS BIGINT), \
         CAST(sum(orders) AS BIGINT), count(*) FILTER (WHERE here) \
         FROM each_one WHERE value IS NOT NULL GROUP BY value",
        value = kind.sql(),
        members = group.members(),
        seen = orders_seen(view, "o."),
    );
    let batches = view.session.sql(&sql).await?.collect().await?;
    let number = |value: &_| int(value).unsigned_abs();
    let mut found: Vec<(String, u64, u64, u64)> =
        rows(&batches).map(|r| (text(&r[0]), number(&r[1]), number(&r[2]), number(&r[3]))).collect();
    let (here, everybody) = found.iter().fold((0, 0), |sum, v| (sum.0 + v.1, sum.1 + v.2));
    found.retain(|v| v.3 >= view.minimum_group());
    match kind {
        HabitKind::Weekday => found.sort_by(|a, b| a.0.cmp(&b.0)),
        _ => found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0))),
    }
    found.truncate(MOST);
    let values = found.into_iter().map(|(value, orders, all, _)| {
        let part = Proportion { yes: orders, of: here };
        let whole = Proportion { yes: all, of: everybody };
        let effect = cohen_h(part, whole.without(&part)).filter(|_| size.compared);
        HabitValue {
            value,
            orders,
            share: part.share(),
            base_share: size.compared.then(|| whole.share()),
            index: size.compared.then(|| part.share() / whole.share() * 100.0),
            magnitude: effect.map(|effect| Magnitude::of(effect.size)),
        }
    });
    Ok(values.collect())
}
