//! Who came back: customers by the month of their first order.

use std::collections::BTreeMap;

use clientele_engine::{EngineError, Session};
use clientele_model::AsOf;

use super::facts::{MONTH, MonthNumber, before, last_month};
use crate::measure::facts::COUNTS;
use crate::understand::rows::{int, rows};

/// How many months back the first cohort shown began.
const MONTHS: i64 = 12;

/// Customers who first ordered in the same month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    pub month: MonthNumber,
    pub customers: i64,
    /// How many of them ordered in the same month, one month later, and so on to the run's month.
    pub ordered: Vec<i64>,
    /// Whether the cohort's month is the first of all orders: some of its customers may have bought
    /// before the data begin.
    pub first_of_all: bool,
}

/// Counts the cohorts of the last thirteen months; those without customers are left out.
pub async fn cohorts(session: &Session, as_of: AsOf) -> Result<Vec<Cohort>, EngineError> {
    let (last, _) = last_month(as_of);
    let sql = format!(
        "WITH active AS (SELECT customer_key, {MONTH} AS month FROM orders \
         WHERE {} AND {COUNTS} GROUP BY 1, 2), \
         born AS (SELECT customer_key, min(month) AS first FROM active GROUP BY customer_key), \
         beginning AS (SELECT min(first) AS beginning FROM born) \
         SELECT b.first, a.month, beginning, count(*) FROM active a \
         JOIN born b ON a.customer_key = b.customer_key CROSS JOIN beginning \
         WHERE b.first >= {} GROUP BY 1, 2, 3 ORDER BY 1, 2",
        before(as_of),
        last.0 - MONTHS
    );
    let batches = session.sql(&sql).await?.collect().await?;
    let mut cohorts: BTreeMap<MonthNumber, Cohort> = BTreeMap::new();
    for r in rows(&batches) {
        let (first, month) = (int(&r[0]), int(&r[1]));
        let since = usize::try_from(month - first).unwrap_or(0);
        let reached = usize::try_from(last.0 - first).unwrap_or(0) + 1;
        let cohort = cohorts.entry(MonthNumber(first)).or_insert_with(|| Cohort {
            month: MonthNumber(first),
            customers: 0,
            ordered: vec![0; reached],
            first_of_all: first == int(&r[2]),
        });
        if let Some(count) = cohort.ordered.get_mut(since) {
            *count = int(&r[3]);
        }
        if since == 0 {
            cohort.customers = int(&r[3]);
        }
    }
    Ok(cohorts.into_values().collect())
}
