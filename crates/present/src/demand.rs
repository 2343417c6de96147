//! Which categories rise and fall, quarter on quarter.

use clientele_model::FieldClass;
use clientele_model::Figure;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::demand::{self, ClassDemand, DemandDirection, QuarterDemand};
use serde::Serialize;

use crate::run::RunReference;
use crate::value::money;

/// What `demand` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Demand {
    pub run: RunReference,
    pub scheme: String,
    /// The fewest customers that anything is said of.
    pub minimum_group: u64,
    pub classes: Vec<TierDemand>,
}

/// The demand of a tier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TierDemand {
    pub tier: String,
    /// Those with the most revenue first.
    pub categories: Vec<CategoryDemand>,
}

/// The demand for a category.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CategoryDemand {
    pub category: String,
    pub direction: Direction,
    /// From the quarter before: 0.2 is a fifth more.
    pub orders_change: Figure,
    pub revenue_change: Figure,
    /// From the same quarter a year before.
    pub orders_year_change: Figure,
    /// The chance of such a change of buyers where there is none, adjusted for all that was looked at.
    pub p_adjusted: Figure,
    /// Oldest first; the last is the last complete quarter.
    pub quarters: Vec<Quarter>,
}

/// Where demand goes: steady where no change is both large enough and more than chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Rises,
    Falls,
    Steady,
}

/// What was ordered of a category in a quarter; null where too few customers ordered, or where it is not shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quarter {
    /// As `2025-Q2`.
    pub quarter: String,
    pub orders: Option<u64>,
    pub revenue: Option<f64>,
    pub customers: Option<u64>,
}

impl Demand {
    /// The demand of a scheme's tiers in a run.
    pub fn new(view: &RunView, scheme: &str, classes: &[ClassDemand]) -> Self {
        let class = |class: &ClassDemand| TierDemand {
            tier: class.class.clone(),
            categories: class.categories.iter().map(|demand| CategoryDemand::new(view, demand)).collect(),
        };
        Demand {
            run: (&view.run).into(),
            scheme: scheme.to_owned(),
            minimum_group: view.minimum_group(),
            classes: classes.iter().map(class).collect(),
        }
    }
}

impl CategoryDemand {
    /// The demand for a category; without what was paid where amounts are not shown.
    pub(crate) fn new(view: &RunView, demand: &demand::CategoryDemand) -> Self {
        let shows_money = view.shows(FieldClass::Money);
        CategoryDemand {
            category: demand.category.clone(),
            direction: match demand.direction {
                DemandDirection::Rises => Direction::Rises,
                DemandDirection::Falls => Direction::Falls,
                DemandDirection::Steady => Direction::Steady,
            },
            orders_change: Figure::maybe(demand.change),
            revenue_change: Figure::maybe(demand.revenue_change.filter(|_| shows_money)),
            orders_year_change: Figure::maybe(demand.year_change),
            p_adjusted: demand.adjusted.into(),
            quarters: demand.quarters.iter().map(|quarter| Quarter::new(quarter, shows_money)).collect(),
        }
    }
}

impl Quarter {
    fn new(quarter: &QuarterDemand, shows_money: bool) -> Self {
        let sold = quarter.sold;
        Quarter {
            quarter: quarter.quarter.clone(),
            orders: sold.map(|sold| sold.orders),
            revenue: sold.filter(|_| shows_money).map(|sold| money(sold.revenue)),
            customers: sold.map(|sold| sold.buyers),
        }
    }
}
