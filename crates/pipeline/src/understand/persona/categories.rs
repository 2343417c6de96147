//! What a group orders.

use clientele_predict::stats::{Lift, Proportion, lift_over_whole};

use super::orders::{CategoryOrders, OrderCounts};
use crate::understand::groups::GroupSize;
use crate::understand::groups::Sides;
use crate::understand::groups::{Verdict, compare, verdict};
use crate::understand::minimum::Minimum;

/// Categories that are shown, those with the group's most revenue first.
const MOST: usize = 20;

/// A category in a group's orders.
#[derive(Debug, Clone, PartialEq)]
pub struct CategoryShare {
    pub category: String,
    /// Customers of the group who ordered of it.
    pub customers: u64,
    /// Of all members, 0 to 1.
    pub customer_share: f64,
    /// Of all customers. None when there are too few others to compare with, or only a few of them order of it. So are
    /// lift and verdict.
    pub base_share: Option<f64>,
    /// How many times as many of the group order of it as of the base, each of those who ordered of any category.
    pub lift: Option<Lift>,
    pub verdict: Option<Verdict>,
    pub orders: u64,
    /// Net, in ten-thousandths of the currency's unit.
    pub revenue: i128,
    /// Of the group's revenue with a category, 0 to 1.
    pub revenue_share: f64,
}

/// One category, counted, on one side.
struct Counted<'a> {
    category: &'a str,
    here: bool,
    counts: CategoryOrders,
}

pub(super) fn categories(orders: &OrderCounts, minimum: Minimum, size: &GroupSize) -> Vec<CategoryShare> {
    let both = orders.categories.iter().flat_map(|(category, sides)| {
        let side = move |(side, counts): (usize, &CategoryOrders)| Counted {
            category,
            here: side == Sides::HERE,
            counts: *counts,
        };
        sides.iter().enumerate().map(side)
    });
    let counted: Vec<Counted<'_>> = both.filter(|c| c.counts.orders > 0).collect();
    let [there, here] = orders.category_buyers;
    let revenue: i128 = counted.iter().filter(|c| c.here).map(|c| c.counts.revenue).sum();
    let compared = size.compared && minimum.is_met(there);
    let mut told: Vec<bool> = counted.iter().map(|c| minimum.is_met(c.counts.customers)).collect();
    let named: Vec<u64> = counted.iter().map(|c| if c.here { c.counts.customers } else { 0 }).collect();
    // The revenue of a category that few order of would follow from the others' shares.
    minimum.cover(&named, 0, &mut told);
    let mut shares: Vec<CategoryShare> = counted
        .iter()
        .zip(told)
        .filter(|(c, told)| c.here && *told)
        .map(|(c, _)| {
            let others = counted.iter().find(|o| !o.here && o.category == c.category);
            let outside = others.map_or(0, |o| o.counts.customers);
            let part = Proportion { yes: c.counts.customers, of: here };
            let whole = Proportion { yes: c.counts.customers + outside, of: here + there };
            let compared = compared && minimum.tells(outside);
            let others = Some(whole.without(&part)).filter(|_| compared);
            let lift = others.and_then(|_| lift_over_whole(part, whole));
            let verdict = others.and_then(|others| compare::shares(part, others));
            CategoryShare {
                category: c.category.to_owned(),
                customers: c.counts.customers,
                customer_share: Proportion { yes: c.counts.customers, of: size.customers }.share(),
                base_share: compared.then(|| Proportion { yes: whole.yes, of: size.base }.share()),
                lift,
                verdict: verdict.map(|verdict| lift.map_or(verdict, |lift| verdict.with_ratio(&lift))),
                orders: c.counts.orders,
                revenue: c.counts.revenue,
                revenue_share: if revenue == 0 { 0.0 } else { c.counts.revenue as f64 / revenue as f64 },
            }
        })
        .collect();
    verdict::adjust(shares.iter_mut().map(|s| &mut s.verdict));
    shares.sort_by(|a, b| b.revenue.cmp(&a.revenue).then_with(|| a.category.cmp(&b.category)));
    shares.truncate(MOST);
    shares
}
