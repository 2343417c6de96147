//! Rejected rows: kept, exported, corrected, imported again.

use clientele_model::BatchId;
use clientele_pipeline::clean::Rule;
use clientele_pipeline::collect::ImportError;
use clientele_pipeline::collect::quarantine::{quarantine_export, quarantine_list};

use super::fixture::Shop;

const FILE: &str = "order_id,customer_id,ordered_at,amount,status\n\
    1,a,2024-01-01,10,completed\n\
    2,a,yesterday,10,completed\n\
    3,a,2030-01-01,10,completed\n\
    ,a,2024-01-01,10,completed\n\
    5,,2024-01-01,10,completed\n\
    6,a,2024-01-01,ten,completed\n\
    7,a,2024-01-01,99999999999999999,completed\n\
    8,a,2024-01-01,-10,completed\n\
    9,a,2024-01-01,10,on its way\n\
    10,a,2024-01-01,,completed\n\
    11,a,2024-01-01\n\
    12,****,2024-01-01,10,completed\n\
    13,a,2024-01-01,-10,returned\n";

#[tokio::test(flavor = "multi_thread")]
async fn every_rule_has_its_row() {
    let shop = Shop::new("CNY").await;
    let report = shop.import("a.csv", FILE).await;
    let quality = &report.report;
    for rule in [
        Rule::BadDate,
        Rule::FutureDate,
        Rule::MissingOrder,
        Rule::BadNumber,
        Rule::AbsurdNumber,
        Rule::NegativeAmount,
        Rule::UnknownStatus,
        Rule::MissingAmount,
        Rule::BadShape,
    ] {
        assert_eq!(quality.count(rule), 1, "{rule:?} in {:?}", quality.rules);
    }
    assert_eq!(quality.count(Rule::MissingCustomer), 2);
    assert_eq!((quality.rows_read, quality.accepted, quality.rejected), (13, 2, 11));
    let listed = quarantine_list(&shop.workspace, None, 100).await.expect("a list");
    assert_eq!(listed.len(), 11);
    assert_eq!(
        (listed[0].row, listed[0].rule.as_str(), listed[0].value.as_str()),
        (2, "unparseable_date", "yesterday")
    );
    assert!(listed[0].raw.contains("\"ordered_at\":\"yesterday\""));
    assert_eq!(
        shop.rows("orders", "order_id, status, amount, refunded").await,
        ["13|returned|0.0000|10.0000", "1|completed|10.0000|0.0000"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_export_can_be_imported() {
    let shop = Shop::new("CNY").await;
    shop.import("a.csv", FILE).await;
    let path = shop.folder.path().join("fix.csv");
    let count = quarantine_export(&shop.workspace, &BatchId::new("b0001"), &path).await.expect("an export");
    assert_eq!(count, 11);
    let text = std::fs::read_to_string(&path).expect("the export");
    assert!(
        text.lines().next().is_some_and(|l| l.ends_with("clientele_row,clientele_rule,clientele_message"))
    );
    let fixed: String = text
        .lines()
        .filter(|line| line.contains("ordered_at") || line.contains("yesterday"))
        .map(|line| format!("{}\n", line.replace("yesterday", "2024-02-02")))
        .collect();
    let report = shop.import("fixed.csv", fixed).await;
    assert_eq!(report.layout, "generic-orders");
    assert_eq!((report.report.accepted, report.report.rejected), (1, 0), "{:?}", report.report);
    assert_eq!(
        shop.rows("orders", "order_id, attributes").await,
        ["13|", "1|", "2|"].map(str::to_owned).to_vec()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_with_a_bad_line_is_not_taken_by_half() {
    let shop = Shop::new("CNY").await;
    let report = shop
        .import("a.csv", "order_id,customer_id,ordered_at,sku,quantity,unit_price\n1,a,2024-01-01,X,1,10\n1,a,2024-01-01,Y,many,5\n2,,,X,1,10\n2,b,2024-01-02,Z,1,1\n")
        .await;
    let quality = &report.report;
    assert_eq!((quality.count(Rule::BadNumber), quality.count(Rule::IncompleteOrder)), (1, 1));
    assert_eq!((quality.accepted, quality.rejected, quality.records), (2, 2, 1));
    assert_eq!(shop.rows("orders", "order_id, customer_id, amount").await, ["2|b|11.0000"]);
    assert_eq!(quality.count(Rule::MissingCustomer), 0, "{:?}", quality.rules);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_no_formulas() {
    let shop = Shop::new("CNY").await;
    let head = "order_id,customer_id,ordered_at,amount,note\n";
    shop.import("a.csv", format!("{head}1,@a,soon,-10.5,=1+1\n\"=\"\"312\"\"\",b,soon,+3,-note\n")).await;
    let path = shop.folder.path().join("fix.csv");
    quarantine_export(&shop.workspace, &BatchId::new("b0001"), &path).await.expect("an export");
    let text = std::fs::read_to_string(&path).expect("the export");
    assert!(text.contains("\n1,'@a,soon,-10.5,'=1+1,"), "{text}");
    assert!(text.contains("\n\"'=\"\"312\"\"\",b,soon,+3,'-note,"), "{text}");
    shop.import("fixed.csv", text.replace("soon", "2024-02-02").replace("-10.5", "10.5")).await;
    assert_eq!(
        shop.rows("orders", "order_id, customer_id, attributes").await,
        ["1|@a|{\"note\":\"=1+1\"}", "312|b|{\"note\":\"-note\"}"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_customer_is_told_with_its_order() {
    let shop = Shop::new("CNY").await;
    shop.import("a.csv", FILE).await;
    shop.import("b.csv", "order_id,customer_id,ordered_at,sku,quantity,unit_price\n77,,2024-01-01,X,1,10\n")
        .await;
    for (batch, order) in [("b0001", "5"), ("b0002", "77")] {
        let listed = quarantine_list(&shop.workspace, Some(&BatchId::new(batch)), 100).await.expect("a list");
        let row = listed.iter().find(|row| row.rule == "missing_customer_id").expect("the row");
        assert_eq!((row.field.as_deref(), row.value.as_str()), (Some("customer_id"), ""));
        assert!(
            row.message.contains(&format!("order {order}")) || row.message.contains(&format!("订单 {order}")),
            "{}",
            row.message
        );
    }
    let error =
        quarantine_list(&shop.workspace, Some(&BatchId::new("b0009")), 10).await.expect_err("no batch");
    assert!(matches!(error, ImportError::NoSuchBatch { .. }));
    assert!(error.to_string().contains("b0001, b0002"), "{error}");
}
