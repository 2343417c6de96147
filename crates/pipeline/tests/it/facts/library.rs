//! Every metric that comes with the product, over a base with a little of everything.

use clientele_pipeline::library::{DocumentKind, built_in};
use clientele_pipeline::measure::registry::MetricRegistry;
use clientele_pipeline::understand::rows::Value;

use super::Shop;

/// One record of each kind, all of ann; bob has none.
const RECORDS: [(&str, &str, &str); 13] = [
    (
        "customers",
        "customer_id name email gender birth_date attributes",
        r#"ann | Ann | a@x.uk | female | 1990-02-03 | {"need":"clear"}"#,
    ),
    (
        "orders",
        "customer_id order_id ordered_at paid_at status gross amount refunded cost discount category",
        ORDER,
    ),
    (
        "order_lines",
        "customer_id order_id ordered_at status product_id category quantity amount",
        "ann | o1 | 2025-06-01T00:00:00 | completed | p1 | tea | 2 | 10",
    ),
    ("events", "customer_id occurred_at kind session_id", "ann | 2025-06-30T23:00:00 | view | s1"),
    ("interactions", "customer_id occurred_at kind direction", "ann | 2025-06-10T09:00:00 | call | in"),
    (
        "tickets",
        "customer_id ticket_id opened_at closed_at kind status satisfaction reopened",
        "ann | t1 | 2025-06-10T10:00:00 | 2025-06-12T10:00:00 | complaint | closed | 3 | 0",
    ),
    (
        "responses",
        "customer_id answered_at survey question value scale_min scale_max",
        "ann | 2025-06-10T10:00:00 | nps | nps | 9 | 0 | 10",
    ),
    (
        "opportunities",
        "customer_id opportunity_id created_at stage stage_rank amount probability expected_close outcome",
        "ann | p1 | 2025-05-01T00:00:00 | proposal | 4 | 1000 | 0.6 | 2025-07-11 | open",
    ),
    ("relations", "customer_id to_id kind since", "ann | bob | referral | 2025-01-01T00:00:00"),
    ("consents", "customer_id channel status changed_at", "ann | email | given | 2025-01-01T00:00:00"),
    (
        "memberships",
        "customer_id programme level points joined_at",
        "ann | club | gold | 120.5 | 2024-07-01T00:00:00",
    ),
    ("service_costs", "customer_id occurred_at kind amount", "ann | 2025-06-01T00:00:00 | call | 2.50"),
    ("orders", "customer_id order_id ordered_at status amount refunded", ORDER_BEFORE),
];

const ORDER: &str =
    "ann | o1 | 2025-06-01T00:00:00 | 2025-06-02T00:00:00 | completed | 12 | 10 | 0 | 4 | 2 | tea";
const ORDER_BEFORE: &str = "ann | o0 | 2025-01-01T00:00:00 | completed | 20 | 0";

#[tokio::test]
async fn every_metric_can_be_measured() {
    let shop = Shop::with(&["ann", "bob"]).await;
    let documents = built_in(DocumentKind::Metrics);
    // Over nothing at all, then over something.
    let found = shop.measure("2025-07-01", &documents).await;
    assert_eq!(found.len(), 2);
    for (table, columns, record) in RECORDS {
        shop.add(table, columns, &[record]).await;
    }
    let found = shop.measure("2025-07-01", &documents).await;
    let registry = MetricRegistry::build(&documents).expect("the library is sound");
    let mut ids = registry.ids();
    ids.sort_unstable();
    let of = |id: &str| &found["ann"][ids.iter().position(|i| *i == id).unwrap_or_else(|| panic!("no {id}"))];
    for (id, expected) in [
        ("frequency", Value::Int(2)),
        ("complaints", Value::Int(1)),
        ("nps_last", Value::Float(9.0)),
        ("pipeline_value", Value::Money(10_000_000)),
        ("referrals_made", Value::Int(1)),
        ("email_consent", Value::Bool(true)),
        ("is_member", Value::Bool(true)),
        ("cost_to_serve", Value::Money(25_000)),
        ("need_state", Value::Text("clear".to_owned())),
    ] {
        assert_eq!(*of(id), expected, "{id}");
    }
}
