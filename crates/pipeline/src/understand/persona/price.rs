//! What a group pays.

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_engine::arrow::array::AsArray;
use clientele_engine::arrow::datatypes::{Float64Type, Int32Type};
use clientele_engine::{EngineError, Session};

use super::counted::Orders;
use super::orders::OrderCounts;
use crate::understand::RunView;
use crate::understand::columns::{Names, keys_of};
use crate::understand::demand::lines_seen;
use crate::understand::groups::Distinct;
use crate::understand::groups::GroupSize;
use crate::understand::groups::InsightError;
use crate::understand::groups::Sides;
use crate::understand::minimum::Minimum;
use crate::understand::view::viewed;

/// The level of prices and of orders. Of everything, at least the smallest group of distinct customers is known, and of
/// the others where it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PriceLevel {
    /// Net worth of an order, in units of the currency.
    pub order_value: Option<f64>,
    pub base_order_value: Option<f64>,
    /// Share of orders with a discount, of those whose discount is known; 0 to 1. None where no discount was ever
    /// brought in.
    pub discounted: Option<f64>,
    pub base_discounted: Option<f64>,
    /// What the group paid for its goods, in percent of what they would have cost at the base's mean price of each
    /// category: 100 is the same prices. Which categories it buys makes no difference.
    pub price_index: Option<f64>,
    /// Whether something of this is known, but of too few customers to tell.
    pub few: bool,
}

pub(super) async fn price(
    view: &RunView,
    orders: &OrderCounts,
    sides: &Arc<Sides>,
    size: &GroupSize,
) -> Result<PriceLevel, InsightError> {
    let index = match size.compared && view.has("order_lines").await? {
        true => index(view, sides).await?,
        false => Index::default(),
    };
    let [there, here] = &orders.price;
    Ok(level(here, there, &index, size.compared, view.minimum()))
}

fn level(here: &Orders, there: &Orders, index: &Index, compared: bool, minimum: Minimum) -> PriceLevel {
    let ratio = |over: f64, under: f64| (under > 0.0).then(|| over / under);
    let base = |tells: bool, over: f64, under: f64| if tells { ratio(over, under) } else { None };
    let (told, known) = (minimum.is_met(here.buyers), minimum.is_met(here.known_buyers));
    // Where no order of anybody's has a discount, none was ever brought in, and nothing is known of any.
    let has_discounts = here.discounted + there.discounted > 0.0;
    let known = known && has_discounts;
    let (all, all_known) = (minimum.is_met(there.buyers), minimum.is_met(there.known_buyers));
    let indexed = minimum.is_met(index.buyers) && minimum.is_met(index.other_buyers);
    PriceLevel {
        order_value: base(told, here.worth(), here.count),
        base_order_value: base(
            told && compared && all,
            here.worth() + there.worth(),
            here.count + there.count,
        ),
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

/// Amounts and quantities of each category on both sides; the category without a name is one too.
type Sums = BTreeMap<String, [(f64, f64); 2]>;

async fn index(view: &RunView, sides: &Arc<Sides>) -> Result<Index, EngineError> {
    let sql = format!(
        "SELECT customer_key, category, CAST(amount AS DOUBLE), CAST(quantity AS DOUBLE) FROM {} \
         WHERE {} AND amount > 0",
        viewed(&view.session, "order_lines"),
        lines_seen(view, ""),
    );
    let customers = view.settings.bucket_customers.max(1);
    let found = view
        .each_bucket(|_, session| {
            let (sql, sides) = (sql.clone(), Arc::clone(sides));
            async move { bucket(&session, &sql, &sides, customers).await }
        })
        .await?;
    let (mut sums, mut buyers) = (Sums::new(), [0; 2]);
    for (part, bought) in found {
        for (category, sides) in part {
            let own = sums.entry(category).or_default();
            for (own, side) in own.iter_mut().zip(sides) {
                *own = (own.0 + side.0, own.1 + side.1);
            }
        }
        buyers = [buyers[0] + bought[0], buyers[1] + bought[1]];
    }
    let (mut paid, mut usual) = (0.0, 0.0);
    for [there, here] in sums.values() {
        let quantity = there.1 + here.1;
        if here.1 > 0.0 && quantity > 0.0 {
            paid += here.0;
            usual += here.1 * (there.0 + here.0) / quantity;
        }
    }
    let level = (usual != 0.0).then(|| paid / usual * 100.0);
    Ok(Index { level, buyers: buyers[Sides::HERE], other_buyers: buyers[Sides::THERE] })
}

/// The sums of a bucket's lines, and how many customers on each side they are of.
async fn bucket(
    session: &Session,
    sql: &str,
    sides: &Sides,
    customers: i32,
) -> Result<(Sums, [u64; 2]), EngineError> {
    let wrong = |cause: String| EngineError::Query { cause, sql: sql.to_owned() };
    let (mut names, mut sums) = (Names::default(), vec![[(0.0, 0.0); 2]]);
    let (mut once, mut buyers) = (Distinct::new(customers as usize, 1), [0; 2]);
    let mut stream = session.sql_partitioned(sql, 1).await?.stream().await?;
    while let Some(batch) = stream.next().await? {
        let keys = keys_of(&batch).map_err(wrong)?;
        let keys = keys.as_primitive::<Int32Type>();
        let number = |at: usize| {
            let column = batch.column(at).as_primitive_opt::<Float64Type>();
            column.ok_or_else(|| wrong("lines have columns of other types than expected".into()))
        };
        let (amounts, quantities) = (number(2)?, number(3)?);
        names.numbers(batch.column(1), |row, category| {
            let Some(side) = sides.get(keys.value(row)) else { return };
            let category = category as usize;
            if sums.len() <= category {
                sums.resize(category + 1, [(0.0, 0.0); 2]);
            }
            let own = &mut sums[category][side];
            *own = (own.0 + amounts.value(row), own.1 + quantities.value(row));
            let customer = keys.value(row).rem_euclid(customers) as usize;
            buyers[side] += u64::from(once.is_new(customer, 0));
        });
    }
    let named = [String::new()].into_iter().chain(names.names().iter().cloned());
    Ok((named.zip(sums).collect(), buyers))
}

#[cfg(test)]
mod tests {
    use super::{Index, Minimum, Orders, level};

    #[test]
    fn discounts_and_prices_of_a_few_are_not_told() {
        let orders = |buyers, known_buyers| Orders {
            count: 20.0,
            worth: 4_000_000,
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
