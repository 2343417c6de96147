//! Orders' payments and opportunities.

use super::Shop;

#[tokio::test]
async fn payments() {
    let shop = Shop::with(&["ann", "bob"]).await;
    shop.add(
        "orders",
        "customer_id order_id ordered_at paid_at status amount refunded",
        &[
            "ann | o1 | 2025-06-01T00:00:00 | 2025-06-11T12:00:00 | completed | 10 | 0",
            "ann | o2 | 2025-06-02T00:00:00 | 2025-06-02T00:00:00 | completed | 10 | 0",
            // Paid later, so not yet.
            "ann | o3 | 2025-06-30T00:00:00 | 2025-07-10T00:00:00 | completed | 10 | 0",
            "bob | o4 | 2025-06-01T00:00:00 | | completed | 10 | 0",
        ],
    )
    .await;
    shop.gives(
        "2025-07-01",
        "orders",
        &[
            ("delay", "days", "avg(payment_delay_days)", "is_order"),
            ("paid", "count", "count(paid_at)", ""),
            ("paid_last", "time", "max(paid_at)", ""),
        ],
        &[("ann", &["5.25", "2", "2025-06-11 12:00:00"]), ("bob", &["", "0", ""])],
    )
    .await;
}

#[tokio::test]
async fn opportunities() {
    let shop = Shop::with(&["ann", "bob", "cid"]).await;
    shop.add(
        "opportunities",
        "customer_id opportunity_id created_at stage stage_rank amount probability expected_close closed_at outcome \
         owner product attributes",
        &[
            r#"ann | p1 | 2025-05-01T00:00:00 | proposal | 4 | 1000 | 0.6 | 2025-07-11 | | open | kim | desk | {"k":"v"}"#,
            "ann | p2 | 2025-06-01T00:00:00 | qualification | 2 | 500 | 0.1 | 2025-06-21 | | open | lee | lamp | ",
            "ann | p3 | 2025-01-01T00:00:00 | won | 6 | 200 | 1 | 2025-02-01 | 2025-01-31T12:00:00 | won | kim | lamp | ",
            // Decided later: open, at an unknown stage.
            "ann | p4 | 2025-06-10T00:00:00 | won | 6 | 700 | 1 | 2025-08-01 | 2025-07-01T00:00:00 | won | lee | desk | ",
            "bob | p5 | 2025-01-01T00:00:00 | lost | 6 | 300 | 0 | | | lost | kim | lamp | ",
            "cid | p6 | 2025-07-01T00:00:00 | proposal | 4 | 300 | 0.5 | | | open | kim | lamp | ",
        ],
    )
    .await;
    shop.gives(
        "2025-07-01",
        "opportunities",
        &[
            ("opened", "count", "count(*)", "is_open"),
            ("won", "count", "count(*)", "is_won"),
            ("lost", "count", "count(*)", "is_lost"),
            ("pipeline", "money", "sum(amount)", "is_open"),
            ("weighted", "money", "sum(amount * probability)", "is_open"),
            ("stage", "text", "last_value_by(stage, created_at)", "is_open"),
            ("furthest", "count", "max(stage_rank)", "is_open"),
            ("age", "days", "max(age_days)", "is_open"),
            ("next_close", "count", "min(days_to_expected)", "is_open and days_to_expected >= 0"),
            ("overdue", "count", "min(days_to_expected)", "is_open"),
            ("to_close", "days", "avg(days_to_close)", ""),
            ("closed", "time", "max(closed_at)", ""),
            ("outcomes", "count", "count(distinct outcome)", ""),
            ("owner", "text", "favourite(owner)['value']", ""),
            ("products", "count", "count(distinct product)", ""),
            ("expected", "date", "max(expected_close)", ""),
            ("day", "date", "min(day)", ""),
            ("k", "text", "max(attribute(attributes, 'k'))", ""),
        ],
        &[
            (
                "ann",
                &[
                    "3",
                    "1",
                    "0",
                    "2200",
                    "650",
                    "qualification",
                    "4",
                    "61",
                    "10",
                    "-10",
                    "30.5",
                    "2025-01-31 12:00:00",
                    "2",
                    "kim",
                    "2",
                    "2025-08-01",
                    "2025-01-01",
                    "v",
                ],
            ),
            (
                "bob",
                &["0", "0", "1", "", "", "", "", "", "", "", "", "", "1", "kim", "1", "", "2025-01-01", ""],
            ),
            ("cid", &["", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""]),
        ],
    )
    .await;
}
