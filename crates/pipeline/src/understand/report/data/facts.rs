//! Totals over the orders before the run's day.

use chrono::NaiveDate;
use clientele_engine::{EngineError, Session};
use clientele_model::AsOf;

use crate::measure::facts::{COUNTS, EARNS};
use crate::quote::midnight;
use crate::understand::rows::{Value, int, money, rows, text};

/// The month of an order, counted from the year 0.
pub const MONTH: &str =
    "CAST(date_part('year', ordered_at) * 12 + date_part('month', ordered_at) - 1 AS BIGINT)";

/// How many months the chart over time shows.
const MONTHS: i64 = 36;

/// The totals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Orders that count.
    pub orders: i64,
    /// Customers with such an order.
    pub buyers: i64,
    /// Net revenue in ten-thousandths of the currency's unit.
    pub revenue: i128,
    /// What was given back, in ten-thousandths.
    pub refunded: i128,
    /// The days of the first and the last of these orders.
    pub period: Option<(NaiveDate, NaiveDate)>,
}

/// The revenue of a calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    pub month: MonthNumber,
    pub orders: i64,
    /// In ten-thousandths.
    pub revenue: i128,
}

/// A calendar month: months since the year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthNumber(pub i64);

impl MonthNumber {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> MonthNumber {
        use chrono::Datelike;
        MonthNumber(i64::from(day.year()) * 12 + i64::from(day.month0()))
    }
}

impl std::fmt::Display for MonthNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// The last month that facts before `as_of` can be of, and whether all its days are before it.
pub fn last_month(as_of: AsOf) -> (MonthNumber, bool) {
    use chrono::Datelike;
    let month = MonthNumber::of(as_of.date());
    match as_of.date().day() {
        1 => (MonthNumber(month.0 - 1), true),
        _ => (month, false),
    }
}

/// Orders of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceOrders {
    pub source: String,
    pub orders: i64,
    pub customers: i64,
    /// In ten-thousandths.
    pub revenue: i128,
}

/// Only facts that the run saw.
pub fn before(as_of: AsOf) -> String {
    format!("ordered_at < {}", midnight(as_of.date()))
}

/// Computes the totals.
pub async fn facts(session: &Session, as_of: AsOf) -> Result<Facts, EngineError> {
    let sql = format!(
        "SELECT count(*) FILTER (WHERE {COUNTS}), \
         count(DISTINCT customer_key) FILTER (WHERE {COUNTS}), \
         CAST(sum(amount - refunded) AS DECIMAL(38,4)), CAST(sum(refunded) AS DECIMAL(38,4)), \
         CAST(min(ordered_at) FILTER (WHERE {COUNTS}) AS DATE), \
         CAST(max(ordered_at) FILTER (WHERE {COUNTS}) AS DATE) \
         FROM orders WHERE {} AND {EARNS}",
        before(as_of)
    );
    let batches = session.sql(&sql).await?.collect().await?;
    let found = rows(&batches).next().map(|r| Facts {
        orders: int(&r[0]),
        buyers: int(&r[1]),
        revenue: money(&r[2]),
        refunded: money(&r[3]),
        period: day(&r[4]).zip(day(&r[5])),
    });
    Ok(found.unwrap_or_default())
}

fn day(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::Date(day) => Some(*day),
        _ => None,
    }
}

/// The revenue of the last three years, month by month; months without orders are there too.
pub async fn months(session: &Session, as_of: AsOf) -> Result<Vec<Month>, EngineError> {
    let (last, _) = last_month(as_of);
    let sql = format!(
        "SELECT {MONTH} AS month, count(*) FILTER (WHERE {COUNTS}), \
         CAST(sum(amount - refunded) AS DECIMAL(38,4)) \
         FROM orders WHERE {} AND {EARNS} AND {MONTH} > {} GROUP BY 1 ORDER BY 1",
        before(as_of),
        last.0 - MONTHS
    );
    let batches = session.sql(&sql).await?.collect().await?;
    let found: Vec<Month> = rows(&batches)
        .map(|r| Month { month: MonthNumber(int(&r[0])), orders: int(&r[1]), revenue: money(&r[2]) })
        .collect();
    let Some(first) = found.first() else { return Ok(found) };
    let empty = |month| Month { month, orders: 0, revenue: 0 };
    let of = |month| found.iter().find(|m| m.month == month).copied().unwrap_or(empty(month));
    Ok((first.month.0..=last.0).map(|number| of(MonthNumber(number))).collect())
}

/// Orders by source, the largest first.
pub async fn sources(session: &Session, as_of: AsOf) -> Result<Vec<SourceOrders>, EngineError> {
    let sql = format!(
        "SELECT source, count(*) FILTER (WHERE {COUNTS}) AS orders, count(DISTINCT customer_key), \
         CAST(sum(amount - refunded) AS DECIMAL(38,4)) \
         FROM orders WHERE {} AND {EARNS} GROUP BY source ORDER BY orders DESC, source",
        before(as_of)
    );
    let batches = session.sql(&sql).await?.collect().await?;
    let source = rows(&batches).map(|r| SourceOrders {
        source: text(&r[0]),
        orders: int(&r[1]),
        customers: int(&r[2]),
        revenue: money(&r[3]),
    });
    Ok(source.collect())
}
