//! What a group orders.

use clientele_predict::stats::{Lift, Proportion, lift_over_whole};

use super::group::{Group, GroupSize};
use super::{InsightError, Verdict, compare, verdict};
use crate::understand::RunView;
use crate::understand::demand::orders_seen;
use crate::understand::rows::{int, money, rows, text};

/// Categories that are shown, those with the group's most revenue first.
const MOST: usize = 20;

/// A category in a group's orders.
#[derive(Debug, Clone, PartialEq)]
pub struct CategoryShare {
    pub category: String,
    /// Customers of the group who ordered of it.
    pub customers: u64,
    /// Of the group's customers who ordered of any category, 0 to 1.
    pub customer_share: f64,
    /// The same share in the base. None when there are too few others to compare with, or only a few of them order of
    /// it. So are lift and verdict.
    pub base_share: Option<f64>,
    /// How many times as many of the group order of it as of the base.
    pub lift: Option<Lift>,
    pub verdict: Option<Verdict>,
    pub orders: u64,
    /// Net, in ten-thousandths of the currency's unit.
    pub revenue: i128,
    /// Of the group's revenue with a category, 0 to 1.
    pub revenue_share: f64,
}

/// One category, counted.
struct Counted {
    category: Option<String>,
    here: bool,
    customers: u64,
    orders: u64,
    revenue: i128,
}

pub(super) async fn categories(
    view: &RunView,
    group: &Group,
    size: &GroupSize,
) -> Result<Vec<CategoryShare>, InsightError> {
    let counted = counted(view, group).await?;
    // The row without a category counts who ordered of any.
    let buyers = |here: bool| {
        counted.iter().filter(|c| c.category.is_none() && c.here == here).map(|c| c.customers).sum::<u64>()
    };
    let (here, there) = (buyers(true), buyers(false));
    let revenue: i128 = counted.iter().filter(|c| c.here && c.category.is_some()).map(|c| c.revenue).sum();
    let minimum = view.minimum();
    let compared = size.compared && minimum.is_met(there);
    let mut told: Vec<bool> = counted.iter().map(|c| minimum.is_met(c.customers)).collect();
    let named: Vec<u64> =
        counted.iter().map(|c| if c.here && c.category.is_some() { c.customers } else { 0 }).collect();
    // The revenue of a category that few order of would follow from the others' shares.
    minimum.cover(&named, 0, &mut told);
    let mut shares: Vec<CategoryShare> = counted
        .iter()
        .zip(told)
        .filter(|(c, told)| c.here && *told)
        .filter_map(|(c, _)| {
            let category = c.category.clone()?;
            let outside =
                counted.iter().find(|o| !o.here && o.category == c.category).map_or(0, |o| o.customers);
            let part = Proportion { yes: c.customers, of: here };
            let whole = Proportion { yes: c.customers + outside, of: here + there };
            let compared = compared && minimum.tells(outside);
            let others = Some(whole.without(&part)).filter(|_| compared);
            let lift = others.and_then(|_| lift_over_whole(part, whole));
            let verdict = others.and_then(|others| compare::shares(part, others));
            Some(CategoryShare {
                category,
                customers: c.customers,
                customer_share: part.share(),
                base_share: compared.then(|| whole.share()),
                lift,
                verdict: verdict.map(|verdict| lift.map_or(verdict, |lift| verdict.with_ratio(&lift))),
                orders: c.orders,
                revenue: c.revenue,
                revenue_share: if revenue == 0 { 0.0 } else { c.revenue as f64 / revenue as f64 },
            })
        })
        .collect();
    verdict::adjust(shares.iter_mut().map(|s| &mut s.verdict));
    shares.sort_by(|a, b| b.revenue.cmp(&a.revenue).then_with(|| a.category.cmp(&b.category)));
    shares.truncate(MOST);
    Ok(shares)
}

/// Customers, orders and revenue of each category inside and outside the group, and of all categories.
async fn counted(view: &RunView, group: &Group) -> Result<Vec<Counted>, InsightError> {
    let each = format!(
        "SELECT o.category, w.here, o.customer_key, count(*) AS orders, sum(o.amount - o.refunded) AS revenue \
         FROM orders o JOIN ({}) w ON o.customer_key = w.customer_key \
         WHERE {} AND o.category IS NOT NULL GROUP BY o.category, w.here, o.customer_key",
        group.members(),
        orders_seen(view, "o."),
    );
    let sql = format!(
        "WITH each_one AS ({each}) \
         SELECT category, here, count(*), sum(orders), CAST(sum(revenue) AS DECIMAL(38,4)) FROM each_one \
         GROUP BY category, here UNION ALL \
         SELECT NULL, here, count(DISTINCT customer_key), sum(orders), CAST(sum(revenue) AS DECIMAL(38,4)) \
         FROM each_one GROUP BY here",
    );
    let batches = view.session.sql(&sql).await?.collect().await?;
    let counted = rows(&batches).map(|r| Counted {
        category: Some(text(&r[0])).filter(|c| !c.is_empty()),
        here: r[1].number() == Some(1.0),
        customers: int(&r[2]).unsigned_abs(),
        orders: int(&r[3]).unsigned_abs(),
        revenue: money(&r[4]),
    });
    Ok(counted.collect())
}
