//! What was never brought in is not known of anybody.

use clientele_pipeline::understand::rows::Value;

use super::{Shop, document};
use crate::support::{Base, per_customer};

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

/// A column of zeros is no discount that was brought in: a shop system writes it whether anybody gives any or not.
#[tokio::test]
async fn discounts_and_refunds_that_never_were_are_unknown_until_there_is_one() {
    let base = Base::new(2).await;
    let orders = "order_id,customer_id,ordered_at,amount,discount,refunded\n\
        1,a,2025-01-01,10,0,0\n2,b,2025-01-02,20,0,0\n3,c,2025-01-03,30,0,0\n";
    base.import_text("orders.csv", orders).await;
    let metrics = ["discount_share", "discount_depth", "refunded_amount", "refund_share", "frequency"];
    let figures = async || {
        base.refresh_metrics("2025-02-01", &["abc"], &metrics).await;
        per_customer(&base.view(None).await, "metrics", &metrics).await
    };
    for (customer, row) in figures().await {
        assert_eq!(row[..4], [const { Value::Unknown }; 4], "{customer}");
        assert_eq!(row[4], Value::Int(1));
    }
    // Once somebody got one, in whatever bucket, the others are known to have had none.
    let more = "order_id,customer_id,ordered_at,amount,discount,refunded\n4,d,2025-01-04,40,10,5\n";
    base.import_text("more.csv", more).await;
    let found = figures().await;
    for customer in ["a", "b", "c"] {
        let none = [Value::Float(0.0), Value::Float(0.0), Value::Money(0), Value::Float(0.0)];
        assert_eq!(found[customer][..4], none, "{customer}");
    }
    let some = [Value::Float(1.0), Value::Float(0.2), Value::Money(50_000), Value::Float(0.125)];
    assert_eq!(found["d"][..4], some);
}
