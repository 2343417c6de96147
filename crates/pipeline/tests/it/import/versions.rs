//! The same records again: repeated, newer, contradictory.

use clientele_pipeline::clean::{Figure, Rule};
use clientele_pipeline::collect::BatchOutcome;

use super::fixture::{Shop, batch_of};

const HEADER: &str = "order_id,customer_id,ordered_at,amount,status,refunded\n";

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_changes_nothing() {
    let shop = Shop::new("CNY").await;
    let text = format!("{HEADER}1,a,2024-01-01,10,completed,\n2,b,2024-01-02,20,completed,\n");
    shop.import("a.csv", &text).await;
    let before = shop.state().await;
    let report = shop.import("copy.csv", &text).await;
    assert!(matches!(report.outcome, BatchOutcome::AlreadyImported { batch } if batch.as_str() == "b0001"));
    assert_eq!((report.report.accepted, report.report.unchanged), (0, 2));
    assert_eq!(shop.state().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_export_updates_what_changed() {
    let shop = Shop::new("CNY").await;
    shop.import("a.csv", format!("{HEADER}1,a,2024-01-01,10,completed,\n2,b,2024-01-02,20,pending,\n")).await;
    let report = shop
        .import("b.csv", format!("{HEADER}1,a,2024-01-01,10,completed,\n2,b,2024-01-02,20,completed,5\n3,c,2024-01-03,30,completed,\n"))
        .await;
    assert_eq!(batch_of(&report), "b0002");
    let quality = &report.report;
    assert_eq!((quality.accepted, quality.unchanged, quality.updated), (2, 1, 1));
    assert_eq!(
        shop.rows("orders", "order_id, batch, status, amount, refunded").await,
        [
            "1|b0001|completed|10.0000|0.0000",
            "2|b0002|partly_returned|20.0000|5.0000",
            "3|b0002|completed|30.0000|0.0000"
        ]
    );
    assert_eq!(
        shop.rows("superseded_orders", "order_id, batch, superseded_by, status").await,
        ["2|b0001|b0002|pending"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_a_newer_export_replace_the_orders_lines() {
    let shop = Shop::new("CNY").await;
    let header = "order_id,customer_id,ordered_at,sku,quantity,unit_price\n";
    shop.import(
        "a.csv",
        format!("{header}1,a,2024-01-01,X,1,10\n1,a,2024-01-01,Y,2,5\n2,b,2024-01-01,X,1,10\n"),
    )
    .await;
    let report = shop
        .import(
            "b.csv",
            format!("{header}2,b,2024-01-01,X,1,10\n1,a,2024-01-01,X,1,10\n1,a,2024-01-01,Y,1,5\n"),
        )
        .await;
    assert_eq!((report.report.accepted, report.report.unchanged, report.report.updated), (2, 1, 1));
    assert_eq!(
        shop.rows("order_lines", "order_id, line_no, batch, product_id, quantity").await,
        ["1|1|b0002|X|1.0000", "1|2|b0002|Y|1.0000", "2|1|b0001|X|1.0000"]
    );
    assert_eq!(
        shop.rows("superseded_order_lines", "order_id, line_no, quantity").await,
        ["1|1|1.0000", "1|2|2.0000"]
    );
    assert_eq!(shop.rows("orders", "order_id, batch, amount").await, ["1|b0002|15.0000", "2|b0001|10.0000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn repetitions_within_a_file_count_once() {
    let shop = Shop::new("CNY").await;
    let report = shop
        .import("a.csv", format!("{HEADER}1,a,2024-01-01,10,completed,\n1,a,2024-01-01,10,completed,\n1,a,2024-01-01,11,completed,\n"))
        .await;
    let quality = &report.report;
    assert_eq!((quality.accepted, quality.duplicates, quality.count(Rule::DuplicateKey)), (1, 1, 1));
    assert_eq!(quality.totals.orders, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn credit_notes_find_their_orders() {
    let shop = Shop::new("GBP").await;
    let text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
        1,X,Mug,5,2011-01-01 10:00:00,2.50,17850.0,UK\n\
        1,Y,Pen,2,2011-01-01 10:00:00,1.00,17850.0,UK\n\
        2,X,Mug,1,2011-01-02 10:00:00,2.50,17850.0,UK\n\
        C3,X,Mug,-2,2011-01-03 10:00:00,2.50,17850.0,UK\n\
        C4,Z,Cup,-1,2011-01-04 10:00:00,2.50,17850.0,UK\n\
        A5,B,Debt,1,2011-01-04 10:00:00,-11.00,17850.0,UK\n\
        6,X,Mug,1,2011-01-04 10:00:00,2.50,,UK\n";
    let report = shop.import("retail.csv", text).await;
    assert_eq!(report.layout, "uci-online-retail");
    let quality = &report.report;
    assert_eq!((quality.credit_notes_matched, quality.credit_notes_unmatched), (1, 1));
    assert_eq!((quality.count(Rule::NegativeAmount), quality.count(Rule::MissingCustomer)), (1, 1));
    assert_eq!(
        shop.rows("orders", "order_id, customer_id, status, amount, refunded, refunds_order_id").await,
        [
            "1|17850|completed|14.5000|0.0000|",
            "2|17850|completed|2.5000|0.0000|",
            "C3|17850|returned|0.0000|5.0000|1",
            "C4|17850|returned|0.0000|2.5000|",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tidied_rows_are_counted_and_old_dates_are_no_fault() {
    let shop = Shop::new("CNY").await;
    let report = shop
        .import("a.csv", "order_id,customer_id,ordered_at,product_name,sku,quantity,unit_price\n1,a,2001-01-01, Mug ,X,1,10\n2,a,2001-01-02,Pen,Y,1,10\n3,a,1960-01-02,Pen,Y,1,10\n4,a,never,Pen,Y,1,10\n")
        .await;
    assert_eq!((report.report.changed, report.report.count(Rule::Whitespace)), (1, 1));
    assert_eq!(report.report.figures.overall.get(&Figure::Timeliness), Some(&0.5));
    let report = shop.import("c.csv", "customer_id,name,city\na,Ann,Town\n").await;
    assert_eq!(report.report.totals.orders, 0);
    assert_eq!(report.report.figures.overall.get(&Figure::Timeliness), None);
}
