//! What a group buys, at what prices, and what it buys together.

use clientele_model::FieldClass;
use clientele_model::Figure;
use clientele_pipeline::understand::{RunView, persona};
use serde::Serialize;

use crate::value::money;
use crate::verdict::{Difference, Lift};

/// A category, and how many of the group buy it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CategoryShare {
    pub category: String,
    /// Members who bought it.
    pub customers: u64,
    pub customer_share: Figure,
    pub base_share: Figure,
    pub lift: Option<Lift>,
    pub difference: Option<Difference>,
    pub orders: u64,
    /// Net, in the workspace's currency; null where amounts are not shown.
    pub revenue: Option<f64>,
    /// Of the group's revenue, 0 to 1.
    pub revenue_share: Option<Figure>,
}

/// What a group pays.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Price {
    /// The mean value of an order.
    pub order_value: Figure,
    pub base_order_value: Figure,
    /// Of the group's orders, 0 to 1.
    pub discounted_share: Figure,
    pub base_discounted_share: Figure,
    /// Prices paid by the median price of the same categories: 1 is as much.
    pub price_index: Figure,
}

/// What is bought together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pairs {
    pub of: PairsOf,
    /// Orders that were looked at.
    pub orders: u64,
    /// Whether they are a sample.
    pub sampled: bool,
    pub pairs: Vec<Pair>,
}

/// What is paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PairsOf {
    Products,
    Categories,
}

/// Two things in the same orders.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    pub a: String,
    pub b: String,
    /// Orders with both.
    pub orders: u64,
    pub customers: u64,
    /// Of all orders, 0 to 1.
    pub support: Figure,
    /// Of the orders with a, those with b too.
    pub confidence_a_to_b: Figure,
    pub confidence_b_to_a: Figure,
    pub lift: Figure,
}

impl CategoryShare {
    /// A category; without what was paid where amounts are not shown.
    pub(super) fn new(view: &RunView, one: &persona::CategoryShare) -> Self {
        let shows_money = view.shows(FieldClass::Money);
        CategoryShare {
            category: one.category.clone(),
            customers: one.customers,
            customer_share: one.customer_share.into(),
            base_share: Figure::maybe(one.base_share),
            lift: one.lift.as_ref().map(Lift::from),
            difference: one.verdict.as_ref().map(Difference::from),
            orders: one.orders,
            revenue: shows_money.then(|| money(one.revenue)),
            revenue_share: shows_money.then(|| one.revenue_share.into()),
        }
    }
}

impl From<&persona::PriceLevel> for Price {
    fn from(price: &persona::PriceLevel) -> Self {
        Price {
            order_value: Figure::maybe(price.order_value),
            base_order_value: Figure::maybe(price.base_order_value),
            discounted_share: Figure::maybe(price.discounted),
            base_discounted_share: Figure::maybe(price.base_discounted),
            price_index: Figure::maybe(price.price_index),
        }
    }
}

impl From<&persona::BoughtTogether> for Pairs {
    fn from(found: &persona::BoughtTogether) -> Self {
        let pairs = found.pairs.iter().map(|(a, b, pair)| Pair {
            a: a.clone(),
            b: b.clone(),
            orders: pair.together,
            customers: pair.buyers,
            support: pair.support.into(),
            confidence_a_to_b: pair.confidence_a.into(),
            confidence_b_to_a: pair.confidence_b.into(),
            lift: pair.lift.into(),
        });
        Pairs {
            of: match found.of {
                persona::PairsOf::Products => PairsOf::Products,
                persona::PairsOf::Categories => PairsOf::Categories,
            },
            orders: found.orders,
            sampled: found.sampled,
            pairs: pairs.collect(),
        }
    }
}
