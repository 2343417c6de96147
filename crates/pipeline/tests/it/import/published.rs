//! Real data sets and their published totals.

use std::path::PathBuf;

use clientele_pipeline::clean::Rule;
use clientele_pipeline::workspace::Settings;

use super::fixture::Shop;
use crate::support::root;

/// CDNOW has no licence that would let it be kept here: it is read where it lies, if it does.
fn cdnow(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CLIENTELE_CDNOW")
        .map_or_else(|| root().join("../shared/data/cdnow"), PathBuf::from);
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there; set CLIENTELE_CDNOW to its folder", path.display());
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn online_retail_adds_up() {
    let mut settings = Settings::new("GBP".parse().expect("a currency"));
    settings.timezone = chrono_tz::Europe::London;
    let shop = Shop::with(settings).await;
    let path = root().join("data/online_retail/online_retail.parquet");
    let report = shop.run(&shop.request(path)).await.expect("an import");
    assert_eq!(report.layout, "uci-online-retail");
    let quality = &report.report;
    let totals = &quality.totals;
    assert_eq!(totals.rows, 541_909);
    assert_eq!(totals.orders, 25_900);
    assert_eq!(totals.customers, 4_372);
    assert_eq!(totals.rows_without_customer, 135_080);
    assert_eq!(totals.cancellation_rows, 9_288);
    assert_eq!(totals.control_sum, "9747747.934");
    assert!(totals.first_at.as_deref().is_some_and(|at| at.starts_with("2010-12-01")));
    assert!(totals.last_at.as_deref().is_some_and(|at| at.starts_with("2011-12-09")));
    // Two lines without a customer are write-offs with a negative price besides.
    assert_eq!(quality.count(Rule::MissingCustomer) + quality.count(Rule::NegativeAmount), 135_080);
    assert_eq!((quality.accepted, quality.rejected), (406_829, 135_080));
    let sums = shop.rows("orders", "count(*), count(distinct customer_id), sum(amount), sum(refunded)").await;
    // What customers paid and what they got back, as one query over the source gives it:
    // sum of positive and of negative Quantity × UnitPrice where CustomerID is not null.
    assert_eq!(sums, ["22190|4372|8911407.9040|611342.0900"]);
    assert_eq!(shop.rows("order_lines", "count(*)").await, ["406829"]);
    assert_eq!(quality.credit_notes_matched + quality.credit_notes_unmatched, 3_654);
    assert!(quality.credit_notes_matched > 2_500, "{}", quality.credit_notes_matched);
}

#[tokio::test(flavor = "multi_thread")]
async fn cdnow_needs_no_mapping() {
    for (name, layout, rows, customers) in [
        ("CDNOW_master.txt", "cdnow-master", 69_659, 23_570),
        ("CDNOW_sample.txt", "cdnow-sample", 6_919, 2_357),
    ] {
        let Some(path) = cdnow(name) else { continue };
        let shop = Shop::with(Settings::new("USD".parse().expect("a currency"))).await;
        let report = shop.run(&shop.request(path)).await.expect("an import");
        assert_eq!(report.layout, layout);
        assert_eq!(report.report.accepted, rows, "{:?}", report.report.rules);
        assert_eq!(report.report.totals.customers, customers);
        let counts = shop.rows("orders", "count(*), count(distinct order_id)").await;
        assert_eq!(counts, [format!("{rows}|{rows}")]);
    }
}
