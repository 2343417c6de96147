//! The queries over a handful of orders, worked by hand.

use std::sync::Arc;

use clientele_engine::arrow::array::{
    ArrayRef, Decimal128Array, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use clientele_engine::{EngineSettings, Session};
use clientele_model::AsOf;

use super::cohorts::cohorts;
use super::concentration::concentration;
use super::facts::{MonthNumber, facts, months, sources};
use super::grid::{GridCell, grid};

const AS_OF: &str = "2024-04-10";

/// Customer, source, time, status, amount, refunded.
type Order = (i32, &'static str, &'static str, &'static str, i128, i128);

const ORDERS: [Order; 9] = [
    (0, "shop", "2024-01-05T10:00:00", "completed", 100, 0),
    (0, "shop", "2024-02-29T23:59:59", "partly_returned", 50, 20),
    (0, "web", "2024-04-09T00:00:00", "completed", 10, 0),
    (1, "shop", "2024-01-31T00:00:00", "returned", 30, 30),
    (1, "shop", "2024-03-01T00:00:00", "cancelled", 70, 0),
    // A credit note: it takes revenue but is no order.
    (1, "shop", "2024-02-01T00:00:00", "returned", 0, 5),
    (2, "web", "2024-03-15T00:00:00", "completed", 200, 0),
    (2, "web", "2024-03-20T00:00:00", "pending", 40, 0),
    // After the run's day.
    (2, "web", "2024-04-10T00:00:00", "completed", 999, 0),
];

fn money(values: impl Iterator<Item = i128>) -> ArrayRef {
    let array: Decimal128Array = values.map(|v| Some(v * 10_000)).collect();
    Arc::new(array.with_precision_and_scale(18, 4).expect("a decimal type"))
}

async fn session() -> Session {
    let settings = EngineSettings { target_partitions: 2, ..EngineSettings::default() };
    let session = crate::session::session(&settings).await.expect("a session");
    let time = |text: &str| {
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S")
            .expect("a time")
            .and_utc()
            .timestamp_micros()
    };
    let texts = |of: fn(&Order) -> &'static str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(ORDERS.iter().map(of)))
    };
    let orders = RecordBatch::try_from_iter([
        ("customer_key", Arc::new(Int32Array::from_iter_values(ORDERS.iter().map(|o| o.0))) as ArrayRef),
        ("source", texts(|o| o.1)),
        (
            "ordered_at",
            Arc::new(TimestampMicrosecondArray::from_iter_values(ORDERS.iter().map(|o| time(o.2)))),
        ),
        ("status", texts(|o| o.3)),
        ("amount", money(ORDERS.iter().map(|o| o.4))),
        ("refunded", money(ORDERS.iter().map(|o| o.5))),
    ])
    .expect("orders");
    let metrics = RecordBatch::try_from_iter([
        ("customer_key", Arc::new(Int32Array::from(vec![0, 1, 2, 3])) as ArrayRef),
        ("monetary", money([140, -5, 200, 0].into_iter())),
    ])
    .expect("metrics");
    let labels = RecordBatch::try_from_iter_with_nullable([
        ("customer_key", Arc::new(Int32Array::from(vec![0, 1, 2, 3])) as ArrayRef, false),
        (
            "rfm_11__code",
            Arc::new(StringArray::from(vec![Some("553"), Some("121"), Some("555"), None])) as ArrayRef,
            true,
        ),
    ])
    .expect("labels");
    for (name, batch) in [("orders", orders), ("metrics", metrics), ("labels", labels)] {
        session.register_batches(name, batch.schema(), vec![batch]).expect("a table");
    }
    session
}

fn as_of() -> AsOf {
    AS_OF.parse().expect("a day")
}

#[tokio::test]
async fn totals_count_what_was_paid_before_the_day() {
    let facts = facts(&session().await, as_of()).await.expect("totals");
    assert_eq!((facts.orders, facts.buyers), (5, 3));
    assert_eq!((facts.revenue, facts.refunded), (335 * 10_000, 55 * 10_000));
    let (first, last) = facts.period.expect("a period");
    assert_eq!((first.to_string(), last.to_string()), ("2024-01-05".into(), "2024-04-09".into()));
}

#[tokio::test]
async fn months_are_without_gaps() {
    let months = months(&session().await, as_of()).await.expect("months");
    let shown: Vec<_> = months.iter().map(|m| (m.month.to_string(), m.orders, m.revenue / 10_000)).collect();
    let expected = [("2024-01", 2, 100), ("2024-02", 1, 25), ("2024-03", 1, 200), ("2024-04", 1, 10)];
    assert_eq!(shown, expected.map(|(month, orders, revenue)| (month.to_owned(), orders, revenue)));
}

#[tokio::test]
async fn sources_come_with_the_largest_first() {
    let sources = sources(&session().await, as_of()).await.expect("sources");
    let shown: Vec<_> = sources.iter().map(|s| (s.source.as_str(), s.orders, s.customers)).collect();
    assert_eq!(shown, [("shop", 3, 2), ("web", 2, 2)]);
}

#[tokio::test]
async fn cohorts_follow_first_buyers_month_by_month() {
    let cohorts = cohorts(&session().await, as_of()).await.expect("cohorts");
    let month = |m: i64| MonthNumber(2024 * 12 + m - 1);
    let shown: Vec<_> =
        cohorts.iter().map(|c| (c.month, c.customers, c.ordered.as_slice(), c.first_of_all)).collect();
    assert_eq!(
        shown,
        [(month(1), 2, [2, 1, 0, 1].as_slice(), true), (month(3), 1, [1, 0].as_slice(), false)]
    );
}

#[tokio::test]
async fn the_distribution_leaves_out_who_brought_nothing() {
    let spread = concentration(&session().await, "monetary").await.expect("an answer").expect("a curve");
    assert_eq!((spread.customers, spread.revenue, spread.half), (2, 340 * 10_000, 1));
    // |200 − 140| · 2 / (2 · 2² · 170)
    assert!((spread.gini - 120.0 / 1_360.0).abs() < 1e-12);
    let none = concentration(&session().await, "CAST(0 AS DECIMAL(18,4))").await.expect("an answer");
    assert_eq!(none, None);
}

#[tokio::test]
async fn the_grid_counts_codes() {
    let grid = grid(&session().await, "monetary").await.expect("a grid");
    let cell = |recency, frequency, customers, revenue: i128| GridCell {
        recency,
        frequency,
        customers,
        revenue: revenue * 10_000,
    };
    assert_eq!(grid, [cell(1, 2, 1, -5), cell(5, 5, 2, 340)]);
}
