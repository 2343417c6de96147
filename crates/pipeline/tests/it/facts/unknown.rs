//! What was never brought in is not known of anybody.

use clientele_pipeline::understand::rows::Value;

use super::{Shop, document};

const COMPLAINTS: (&str, &str, &str, &str) = ("complaints", "count", "count(*)", "is_complaint");

#[tokio::test]
async fn no_records_at_all_say_nothing() {
    let shop = Shop::with(&["ann", "bob", "cid"]).await;
    let mut documents = vec![
        document("tickets", &COMPLAINTS, "zero"),
        document("orders", &("orders_made", "count", "count(*)", ""), "zero"),
        document("derived", &("per_order", "ratio", "complaints / orders_made", ""), "zero"),
        document("derived", &("trouble", "ratio", "coalesce(per_order, 0) + 1", ""), "zero"),
        document("derived", &("twice", "ratio", "orders_made * 2.0", ""), "zero"),
    ];
    // In the order of ids: complaints, orders_made, per_order, trouble, twice.
    let nothing = Value::Unknown;
    let found = shop.measure("2025-07-01", &documents).await;
    let expected =
        [&nothing, &Value::Int(0), &nothing, &Value::Float(1.0), &Value::Float(0.0)].map(Clone::clone);
    assert_eq!(found["ann"], expected);
    // A table without rows is no record either; tables are all made at the first import.
    shop.add(
        "tickets",
        "customer_id ticket_id opened_at kind",
        &["zoe | t0 | 2025-01-01T00:00:00 | complaint"],
    )
    .await;
    assert_eq!(shop.measure("2025-07-01", &documents).await["ann"], expected);
    // Once one customer has one, the others have none: also those of another bucket.
    shop.add(
        "tickets",
        "customer_id ticket_id opened_at kind",
        &["ann | t1 | 2025-01-01T00:00:00 | complaint"],
    )
    .await;
    let found = shop.measure("2025-07-01", &documents).await;
    for (customer, complaints) in [("ann", 1), ("bob", 0), ("cid", 0)] {
        let expected =
            [Value::Int(complaints), Value::Int(0), Value::Float(0.0), Value::Float(1.0), Value::Float(0.0)];
        assert_eq!(found[customer], expected, "{customer}");
    }
    documents.truncate(1);
    assert_eq!(shop.measure("2025-07-01", &documents).await["cid"], [Value::Int(0)]);
}
