//! What a group pays.

use super::InsightError;
use super::group::{Group, GroupSize};
use crate::understand::RunView;
use crate::understand::demand::{lines_seen, orders_seen};
use crate::understand::minimum::Minimum;
use crate::understand::rows::{Value, int, rows};

/// The level of prices and of orders. Of everything, at least the smallest group of distinct customers is known, and of
/// the others where it is compared.
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
    /// Whether something of this is known, but of too few customers to tell.
    pub few: bool,
}

/// What counts orders, in the group or outside.
#[derive(Debug, Clone, Copy, Default)]
struct Orders {
    count: f64,
    worth: f64,
    /// Orders of which it is known whether they had a discount, and those that had one.
    known: f64,
    discounted: f64,
    buyers: u64,
    /// Customers of whom the discount of some order is known.
    known_buyers: u64,
}

impl Orders {
    fn read(row: &[Value]) -> Orders {
        let number = |at: usize| row[at].number().unwrap_or(0.0);
        let customers = |at: usize| int(&row[at]).unsigned_abs();
        Orders {
            count: number(1),
            worth: number(2),
            known: number(3),
            discounted: number(4),
            buyers: customers(5),
            known_buyers: customers(6),
        }
    }
}

pub(super) async fn price(
    view: &RunView,
    group: &Group,
    size: &GroupSize,
) -> Result<PriceLevel, InsightError> {
    let sql = format!(
        "SELECT w.here, count(*), CAST(sum(o.amount - o.refunded) AS DOUBLE), count(o.discount), \
         count(CASE WHEN o.discount > 0 THEN 1 END), count(DISTINCT o.customer_key), \
         count(DISTINCT CASE WHEN o.discount IS NOT NULL THEN o.customer_key END) FROM orders o JOIN ({}) w \
         ON o.customer_key = w.customer_key WHERE {} GROUP BY w.here",
        group.members(),
        orders_seen(view, "o."),
    );
    let batches = view.session.sql(&sql).await?.collect().await?;
    let found: Vec<Vec<Value>> = rows(&batches).collect();
    let side = |here: bool| {
        found
            .iter()
            .find(|row| row[0] == Value::Bool(here))
            .map_or_else(Orders::default, |row| Orders::read(row))
    };
    let (here, there, minimum) = (side(true), side(false), view.minimum());
    let index = match size.compared && view.has("order_lines") {
        true => index(view, group).await?,
        false => Index::default(),
    };
    Ok(level(&here, &there, &index, size.compared, minimum))
}

fn level(here: &Orders, there: &Orders, index: &Index, compared: bool, minimum: Minimum) -> PriceLevel {
    let ratio = |over: f64, under: f64| (under > 0.0).then(|| over / under);
    let base = |tells: bool, over: f64, under: f64| if tells { ratio(over, under) } else { None };
    let (told, known) = (minimum.is_met(here.buyers), minimum.is_met(here.known_buyers));
    let (all, all_known) = (minimum.is_met(there.buyers), minimum.is_met(there.known_buyers));
    let indexed = minimum.is_met(index.buyers) && minimum.is_met(index.other_buyers);
    PriceLevel {
        order_value: base(told, here.worth, here.count),
        base_order_value: base(told && compared && all, here.worth + there.worth, here.count + there.count),
        discounted: base(known, here.discounted, here.known),
        base_discounted: base(
            known && compared && all_known,
            here.discounted + there.discounted,
            here.known + there.known,
        ),
        price_index: index.level.filter(|_| indexed),
        few: !minimum.tells(here.buyers)
            || !minimum.tells(here.known_buyers)
            || (index.level.is_some() && !indexed),
    }
}

/// The group's amounts over its quantities at the base's prices.
#[derive(Debug, Clone, Copy, Default)]
struct Index {
    level: Option<f64>,
    /// Customers of the group, and others, whose order lines it is made of.
    buyers: u64,
    other_buyers: u64,
}

async fn index(view: &RunView, group: &Group) -> Result<Index, InsightError> {
    let seen = format!("{} AND x.amount > 0", lines_seen(view, "x."));
    let sql = format!(
        "WITH lines AS (SELECT x.category, w.here, x.customer_key, CAST(x.amount AS DOUBLE) AS amount, \
         CAST(x.quantity AS DOUBLE) AS quantity FROM order_lines x JOIN ({}) w \
         ON x.customer_key = w.customer_key WHERE {seen}), \
         sums AS (SELECT category, here, sum(amount) AS amount, sum(quantity) AS quantity FROM lines \
         GROUP BY category, here), \
         prices AS (SELECT category, sum(amount) / nullif(sum(quantity), 0) AS price FROM sums GROUP BY category) \
         SELECT i.level, c.buyers, c.other_buyers FROM \
         (SELECT sum(s.amount) / nullif(sum(s.quantity * p.price), 0) * 100 AS level FROM sums s JOIN prices p \
         ON s.category IS NOT DISTINCT FROM p.category WHERE s.here) i CROSS JOIN \
         (SELECT count(DISTINCT CASE WHEN here THEN customer_key END) AS buyers, \
         count(DISTINCT CASE WHEN NOT here THEN customer_key END) AS other_buyers FROM lines) c",
        group.members(),
    );
    let batches = view.session.sql(&sql).await?.collect().await?;
    let customers = |row: &[Value], at: usize| int(&row[at]).unsigned_abs();
    Ok(rows(&batches).next().map_or_else(Index::default, |r| Index {
        level: r[0].number(),
        buyers: customers(&r, 1),
        other_buyers: customers(&r, 2),
    }))
}

#[cfg(test)]
mod tests {
    use super::{Index, Minimum, Orders, level};

    #[test]
    fn discounts_and_prices_of_a_few_are_not_told() {
        let orders = |buyers, known_buyers| Orders {
            count: 20.0,
            worth: 400.0,
            known: 10.0,
            discounted: 4.0,
            buyers,
            known_buyers,
        };
        let index = |buyers, other_buyers| Index { level: Some(120.0), buyers, other_buyers };
        let found =
            |here: &Orders, there: &Orders, index: &Index| level(here, there, index, true, Minimum::new(5));
        let all = found(&orders(9, 5), &orders(9, 5), &index(5, 5));
        assert_eq!(
            (all.order_value, all.discounted, all.base_discounted),
            (Some(20.0), Some(0.4), Some(0.4))
        );
        assert_eq!((all.price_index, all.few), (Some(120.0), false));
        // Nine ordered, but of four alone it is known whether they had a discount.
        let few = found(&orders(9, 4), &orders(9, 5), &index(4, 5));
        assert_eq!((few.order_value, few.discounted, few.base_discounted), (Some(20.0), None, None));
        assert_eq!((few.price_index, few.few), (None, true));
        // Of the base the share would tell the four others'.
        let others = found(&orders(9, 5), &orders(9, 4), &index(5, 4));
        assert_eq!((others.discounted, others.base_discounted), (Some(0.4), None));
        assert_eq!((others.price_index, others.base_order_value), (None, Some(20.0)));
    }
}
