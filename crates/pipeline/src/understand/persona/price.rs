//! What a group pays.

use super::InsightError;
use super::group::{Group, GroupSize};
use crate::understand::RunView;
use crate::understand::demand::{lines_seen, orders_seen};
use crate::understand::rows::{Value, int, rows};

/// The level of prices and of orders.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PriceLevel {
    /// Net worth of an order, in units of the currency.
    pub order_value: Option<f64>,
    pub base_order_value: Option<f64>,
    /// Share of orders with a discount, of those whose discount is known; 0 to 1.
    pub discounted: Option<f64>,
    pub base_discounted: Option<f64>,
    /// What the group paid for its goods, in percent of what they would have cost at the base's mean price of each
    /// category: 100 is the same prices. Which categories it buys makes no difference.
    pub price_index: Option<f64>,
}

pub(super) async fn price(
    view: &RunView,
    group: &Group,
    size: &GroupSize,
) -> Result<PriceLevel, InsightError> {
    let sql = format!(
        "SELECT w.here, count(*), CAST(sum(o.amount - o.refunded) AS DOUBLE), count(o.discount), \
         count(CASE WHEN o.discount > 0 THEN 1 END), count(DISTINCT o.customer_key) FROM orders o JOIN ({}) w \
         ON o.customer_key = w.customer_key WHERE {} GROUP BY w.here",
        group.members(),
        orders_seen(view, "o."),
    );
    let batches = view.session.sql(&sql).await?.collect().await?;
    let found: Vec<Vec<Value>> = rows(&batches).collect();
    let part = |here: bool| found.iter().find(|row| row[0] == Value::Bool(here));
    let sums = |row: Option<&Vec<Value>>| -> [f64; 4] {
        [1, 2, 3, 4].map(|at| row.and_then(|r| r[at].number()).unwrap_or(0.0))
    };
    let buyers = |row: Option<&Vec<Value>>| row.map_or(0, |r| int(&r[5]).unsigned_abs());
    let minimum = view.minimum_group();
    if buyers(part(true)) < minimum {
        return Ok(PriceLevel::default());
    }
    let here = sums(part(true));
    let there = sums(part(false));
    let compared = size.compared && buyers(part(false)) >= minimum;
    let both = [0, 1, 2, 3].map(|at| here[at] + there[at]);
    let ratio = |over: f64, under: f64| (under > 0.0).then(|| over / under);
    Ok(PriceLevel {
        order_value: ratio(here[1], here[0]),
        base_order_value: if compared { ratio(both[1], both[0]) } else { None },
        discounted: ratio(here[3], here[2]),
        base_discounted: if compared { ratio(both[3], both[2]) } else { None },
        price_index: if compared && view.has("order_lines") { index(view, group).await? } else { None },
    })
}

/// The group's amounts over its quantities at the base's prices.
async fn index(view: &RunView, group: &Group) -> Result<Option<f64>, InsightError> {
    let seen = format!("{} AND x.amount > 0", lines_seen(view, "x."));
    let sql = format!(
        "WITH sums AS (SELECT x.category, w.here, sum(CAST(x.amount AS DOUBLE)) AS amount, \
         sum(CAST(x.quantity AS DOUBLE)) AS quantity FROM order_lines x JOIN ({}) w \
         ON x.customer_key = w.customer_key WHERE {seen} GROUP BY x.category, w.here), \
         prices AS (SELECT category, sum(amount) / nullif(sum(quantity), 0) AS price FROM sums GROUP BY category) \
         SELECT sum(s.amount) / nullif(sum(s.quantity * p.price), 0) * 100 FROM sums s JOIN prices p \
         ON s.category IS NOT DISTINCT FROM p.category WHERE s.here",
        group.members(),
    );
    let batches = view.session.sql(&sql).await?.collect().await?;
    Ok(rows(&batches).next().and_then(|r| r[0].number()))
}
