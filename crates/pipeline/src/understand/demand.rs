//! Which categories rise and fall in each class, quarter on quarter.

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_engine::EngineError;
use clientele_engine::arrow::array::{Array, AsArray, RecordBatch};
use clientele_engine::arrow::datatypes::{Decimal128Type, Int32Type, TimestampMicrosecondType};
use clientele_model::spec::Scheme;
use clientele_predict::stats::{benjamini_hochberg, counts_differ};

use super::columns::{Names, keys_of};
use super::groups::{Group, InsightError, Sides, TELLING_P};
pub use super::quarters::Sold;
use super::quarters::{Counter, Quarters, SoldBy, name};
use super::view::{RunView, viewed};
use crate::classify::compile::tier_column;
use crate::measure::facts::{line_counts, order_counts};
use crate::quote::midnight;

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
        if !self.has("orders").await? {
            return Ok(Vec::new());
        }
        let Some(codes) = self.codes("labels", &[tier_column(&scheme.id)]).await?.pop() else {
            return Ok(Vec::new());
        };
        let classes = codes.names().to_vec();
        let class = move |key: i32| codes.get(usize::try_from(key).ok()?);
        let sold = self.sold(classes, Arc::new(class)).await?;
        let mut found = told(sold, Quarters::before(self.as_of()), self.minimum_group());
        found.sort_by_key(|class| scheme.position(&class.class).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// The demand of a group.
    pub async fn group_demand(&self, group: &Group) -> Result<Vec<CategoryDemand>, InsightError> {
        let sides = self.sides(group).await?;
        let class = move |key: i32| sides.get(key).filter(|side| *side == Sides::HERE).map(|_| 0);
        let sold = self.sold(vec!["here".to_owned()], Arc::new(class)).await?;
        Ok(group_told(self, sold))
    }

    /// What customers of each class ordered in the last quarters. `class` gives the class of a customer key.
    async fn sold(
        &self,
        classes: Vec<String>,
        class: Arc<dyn Fn(i32) -> Option<usize> + Send + Sync>,
    ) -> Result<SoldBy, EngineError> {
        let quarters = Quarters::before(self.as_of());
        let [from, to] = quarters.days();
        let sql = format!(
            "SELECT customer_key, ordered_at, amount, refunded, category FROM {} WHERE {} AND category IS NOT NULL \
             AND ordered_at >= {} AND ordered_at < {}",
            viewed(&self.session, "orders"),
            orders_seen(self, ""),
            midnight(from),
            midnight(to),
        );
        let (customers, classes) = (self.settings.bucket_customers.max(1), Arc::new(classes));
        let found = self
            .each_bucket(|_, session| {
                let (sql, classes, class) = (sql.clone(), Arc::clone(&classes), Arc::clone(&class));
                async move {
                    let (mut counter, mut names) = (quarters.counter(customers as usize), Names::default());
                    let mut stream = session.sql_partitioned(&sql, 1).await?.stream().await?;
                    while let Some(batch) = stream.next().await? {
                        let taken = take(&mut counter, &mut names, &batch, customers, class.as_ref());
                        taken.map_err(|cause| EngineError::Query { cause, sql: sql.clone() })?;
                    }
                    Ok(counter.finish(&classes, names.names()))
                }
            })
            .await?;
        let mut sold = SoldBy::default();
        found.into_iter().for_each(|part| sold.add(part));
        Ok(sold)
    }
}

/// Takes orders: customer key, time, amount, what was refunded, category.
fn take(
    counter: &mut Counter,
    names: &mut Names,
    batch: &RecordBatch,
    customers: i32,
    class: &(dyn Fn(i32) -> Option<usize> + Send + Sync),
) -> Result<(), String> {
    let wrong = || "orders have columns of other types than expected".to_owned();
    let keys = keys_of(batch)?;
    let keys = keys.as_primitive::<Int32Type>();
    let times = batch.column(1).as_primitive_opt::<TimestampMicrosecondType>().ok_or_else(wrong)?;
    let money = |at: usize| batch.column(at).as_primitive_opt::<Decimal128Type>().ok_or_else(wrong);
    let (amounts, refunded) = (money(2)?, money(3)?);
    names.numbers(batch.column(4), |row, category| {
        let key = keys.value(row);
        let Some(class) = class(key).filter(|_| category > 0) else { return };
        let worth = match amounts.is_valid(row) && refunded.is_valid(row) {
            true => i64::try_from(amounts.value(row) - refunded.value(row)).unwrap_or_default(),
            false => 0,
        };
        counter.take(class, key.rem_euclid(customers) as usize, category, times.value(row), worth);
    });
    Ok(())
}

/// The demand of a group, out of what its customers ordered.
pub(super) fn group_told(view: &RunView, sold: SoldBy) -> Vec<CategoryDemand> {
    let mut classes = told(sold, Quarters::before(view.as_of()), view.minimum_group());
    classes.pop().map(|class| class.categories).unwrap_or_default()
}

fn told(sold: SoldBy, quarters: Quarters, minimum: u64) -> Vec<ClassDemand> {
    let classes = sold.0.into_iter().map(|(class, categories)| ClassDemand {
        class,
        categories: of_class(categories, quarters.first, quarters.last, minimum),
    });
    let mut found: Vec<ClassDemand> = classes.filter(|class| !class.categories.is_empty()).collect();
    settle(&mut found);
    found
}

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

/// The orders that the run saw and that count: paid for, with an amount. `prefix` names the table: `o.`.
pub(super) fn orders_seen(view: &RunView, prefix: &str) -> String {
    format!("{} AND {}", before(view, prefix), order_counts(prefix))
}

/// The order lines that the run saw and that count.
pub(super) fn lines_seen(view: &RunView, prefix: &str) -> String {
    format!("{} AND {}", before(view, prefix), line_counts(prefix))
}

fn before(view: &RunView, prefix: &str) -> String {
    format!("{prefix}ordered_at < {}", midnight(view.as_of().date()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
