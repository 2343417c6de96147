//! Which categories rise and fall in each class, quarter on quarter.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use clientele_model::AsOf;
use clientele_model::spec::Scheme;
use clientele_predict::stats::{benjamini_hochberg, counts_differ};

use super::persona::{Group, InsightError, TELLING_P};
use super::rows::{int, money, rows, text};
use super::view::RunView;
use crate::classify::compile::tier_column;

/// Quarters that are shown: the last complete one, and back to the same of the year before.
const QUARTERS: i64 = 5;
/// Categories of a class that are shown, those with the most revenue first.
const MOST: usize = 15;
/// A change of buyers below this is no rise or fall, however sure.
const LEAST_CHANGE: f64 = 0.10;

/// The demand of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassDemand {
    /// The tier.
    pub class: String,
    pub categories: Vec<CategoryDemand>,
}

/// The demand for one category.
#[derive(Debug, Clone, PartialEq)]
pub struct CategoryDemand {
    pub category: String,
    /// Oldest first; the last is the last complete quarter.
    pub quarters: Vec<QuarterDemand>,
    /// Change of orders from the quarter before, as a share: 0.2 is a fifth more. None when there were none, or too
    /// few buyers.
    pub change: Option<f64>,
    /// Change of revenue, likewise.
    pub revenue_change: Option<f64>,
    /// Change of orders from the same quarter a year before, which the season does not blur.
    pub year_change: Option<f64>,
    /// Chance of such a change of buyers if there were none, adjusted for all categories and classes. Buyers are
    /// compared, as orders of one customer are not independent of each other.
    pub adjusted: f64,
    pub direction: DemandDirection,
}

/// A category in a quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarterDemand {
    /// As `2025-Q2`.
    pub quarter: String,
    /// What was ordered. None where fewer customers ordered than the smallest group, and more than none.
    pub sold: Option<Sold>,
}

/// What was ordered of a category in a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sold {
    pub buyers: u64,
    pub orders: u64,
    /// Net, in ten-thousandths of the currency's unit.
    pub revenue: i128,
}

/// Where demand goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemandDirection {
    Rises,
    Falls,
    /// No change that is both large enough and more than chance.
    Steady,
}

impl RunView {
    /// The demand of every tier of a scheme.
    pub async fn demand(&self, scheme: &Scheme) -> Result<Vec<ClassDemand>, InsightError> {
        if !self.has("orders") {
            return Ok(Vec::new());
        }
        let members = format!("SELECT customer_key, {} AS class FROM labels", tier_column(&scheme.id));
        let mut found = self.demand_of(&members).await?;
        found.sort_by_key(|class| scheme.position(&class.class).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// The demand of a group.
    pub async fn group_demand(&self, group: &Group) -> Result<Vec<CategoryDemand>, InsightError> {
        let members = format!("SELECT customer_key, 'here' AS class FROM ({}) WHERE here", group.members());
        Ok(self.demand_of(&members).await?.pop().map(|class| class.categories).unwrap_or_default())
    }

    async fn demand_of(&self, members: &str) -> Result<Vec<ClassDemand>, InsightError> {
        let last = last_quarter(self.as_of());
        let first = last - QUARTERS + 1;
        let sql = format!(
            "WITH each_one AS (SELECT w.class, o.category, {QUARTER} AS quarter, o.customer_key, \
             count(*) AS orders, sum(o.amount - o.refunded) AS revenue FROM orders o JOIN ({members}) w \
             ON o.customer_key = w.customer_key WHERE {} AND o.category IS NOT NULL \
             AND o.ordered_at >= TIMESTAMP '{}T00:00:00' AND o.ordered_at < TIMESTAMP '{}T00:00:00' \
             GROUP BY 1, 2, 3, 4) SELECT class, category, quarter, count(*), CAST(sum(orders) AS BIGINT), \
             CAST(sum(revenue) AS DECIMAL(38,4)) FROM each_one GROUP BY 1, 2, 3",
            orders_seen(self, "o."),
            first_day(first),
            first_day(last + 1),
        );
        let batches = self.session.sql(&sql).await?.collect().await?;
        let mut classes: BTreeMap<String, BTreeMap<String, BTreeMap<i64, Sold>>> = BTreeMap::new();
        for row in rows(&batches) {
            let sold = Sold {
                buyers: int(&row[3]).unsigned_abs(),
                orders: int(&row[4]).unsigned_abs(),
                revenue: money(&row[5]),
            };
            let class = classes.entry(text(&row[0])).or_default();
            class.entry(text(&row[1])).or_default().insert(int(&row[2]), sold);
        }
        let minimum = self.minimum_group();
        let mut found: Vec<ClassDemand> = classes
            .into_iter()
            .map(|(class, categories)| ClassDemand {
                class,
                categories: of_class(categories, first, last, minimum),
            })
            .filter(|class| !class.categories.is_empty())
            .collect();
        settle(&mut found);
        Ok(found)
    }
}

/// Orders of one quarter: quarters since the year 0.
const QUARTER: &str = "CAST(date_part('year', o.ordered_at) AS BIGINT) * 4 \
                       + (CAST(date_part('month', o.ordered_at) AS BIGINT) - 1) / 3";

fn of_class(
    categories: BTreeMap<String, BTreeMap<i64, Sold>>,
    first: i64,
    last: i64,
    minimum: u64,
) -> Vec<CategoryDemand> {
    let mut found: Vec<(i128, CategoryDemand)> = Vec::new();
    for (category, sold) in categories {
        let shown = |quarter: i64| {
            let sold = sold.get(&quarter).copied().unwrap_or_default();
            (sold.buyers == 0 || sold.buyers >= minimum).then_some(sold)
        };
        let (Some(now), Some(before)) = (shown(last), shown(last - 1)) else { continue };
        if now.buyers + before.buyers == 0 {
            continue;
        }
        let year = shown(last - 4).filter(|_| last - 4 >= first);
        let demand = CategoryDemand {
            category,
            quarters: (first..=last)
                .map(|quarter| QuarterDemand { quarter: name(quarter), sold: shown(quarter) })
                .collect(),
            change: change(now.orders as f64, before.orders as f64),
            revenue_change: change(now.revenue as f64, before.revenue as f64),
            year_change: year.and_then(|year| change(now.orders as f64, year.orders as f64)),
            adjusted: counts_differ(now.buyers, before.buyers),
            direction: match change(now.buyers as f64, before.buyers as f64) {
                Some(change) if change <= -LEAST_CHANGE => DemandDirection::Falls,
                Some(change) if change < LEAST_CHANGE => DemandDirection::Steady,
                _ => DemandDirection::Rises,
            },
        };
        found.push((now.revenue + before.revenue, demand));
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.category.cmp(&b.1.category)));
    found.into_iter().take(MOST).map(|(_, demand)| demand).collect()
}

/// Adjusts the p-values of all classes together; what may be chance is steady.
fn settle(classes: &mut [ClassDemand]) {
    let mut all: Vec<&mut CategoryDemand> = classes.iter_mut().flat_map(|c| &mut c.categories).collect();
    let adjusted = benjamini_hochberg(&all.iter().map(|d| d.adjusted).collect::<Vec<_>>());
    for (demand, adjusted) in all.iter_mut().zip(adjusted) {
        demand.adjusted = adjusted;
        if adjusted > TELLING_P {
            demand.direction = DemandDirection::Steady;
        }
    }
}

fn change(now: f64, before: f64) -> Option<f64> {
    (before > 0.0).then(|| now / before - 1.0)
}

/// The last quarter all of whose days lie before the run's day.
fn last_quarter(as_of: AsOf) -> i64 {
    let day = as_of.date();
    i64::from(day.year()) * 4 + i64::from(day.month0()) / 3 - 1
}

fn first_day(quarter: i64) -> NaiveDate {
    let month = (quarter.rem_euclid(4) * 3 + 1) as u32;
    NaiveDate::from_ymd_opt(quarter.div_euclid(4) as i32, month, 1).unwrap_or_default()
}

fn name(quarter: i64) -> String {
    format!("{}-Q{}", quarter.div_euclid(4), quarter.rem_euclid(4) + 1)
}

/// The orders that the run saw and that count: paid for, with an amount. `prefix` names the table: `o.`.
pub(super) fn orders_seen(view: &RunView, prefix: &str) -> String {
    format!("{} AND {prefix}{PAID} AND {prefix}amount > 0", before(view, prefix))
}

/// The order lines that the run saw and that count.
pub(super) fn lines_seen(view: &RunView, prefix: &str) -> String {
    format!("{} AND {prefix}{PAID} AND {prefix}quantity > 0", before(view, prefix))
}

fn before(view: &RunView, prefix: &str) -> String {
    format!("{prefix}ordered_at < TIMESTAMP '{}T00:00:00'", view.as_of())
}

const PAID: &str = "status IN ('completed', 'returned', 'partly_returned')";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_complete_quarters_count() {
        let last = |day: &str| name(last_quarter(day.parse().expect("a day")));
        assert_eq!(last("2025-07-01"), "2025-Q2");
        assert_eq!(last("2025-06-30"), "2025-Q1");
        assert_eq!(last("2025-01-15"), "2024-Q4");
        assert_eq!(first_day(2025 * 4 + 1).to_string(), "2025-04-01");
        assert_eq!(first_day(2025 * 4 + 4).to_string(), "2026-01-01");
    }

    fn sold(buyers: u64, orders: u64) -> Sold {
        Sold { buyers, orders, revenue: i128::from(orders) * 10_000 }
    }

    fn demand(before: Sold, now: Sold) -> Vec<CategoryDemand> {
        let quarters = [(7, before), (8, now)].into_iter().collect();
        let categories = of_class([("tea".to_owned(), quarters)].into(), 4, 8, 5);
        let mut classes = vec![ClassDemand { class: "a".to_owned(), categories }];
        settle(&mut classes);
        classes.remove(0).categories
    }

    #[test]
    fn large_and_sure_changes_are_told() {
        let found = &demand(sold(400, 500), sold(250, 300))[0];
        assert_eq!((found.direction, found.change), (DemandDirection::Falls, Some(-0.4)));
        assert_eq!(demand(sold(250, 300), sold(400, 500))[0].direction, DemandDirection::Rises);
        assert_eq!(demand(sold(0, 0), sold(30, 30))[0].direction, DemandDirection::Rises);
    }

    #[test]
    fn chance_and_small_groups_are_not() {
        // Twice as many, but of twelve buyers; and 5 % of many.
        assert_eq!(demand(sold(6, 6), sold(12, 12))[0].direction, DemandDirection::Steady);
        assert_eq!(demand(sold(100_000, 1), sold(105_000, 1))[0].direction, DemandDirection::Steady);
        assert!(demand(sold(4, 4), sold(40, 40)).is_empty());
    }
}
