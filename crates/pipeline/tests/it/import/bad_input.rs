//! What cannot be imported gives an error with the cure, and leaves the workspace as it was.

use clientele_model::Language;
use clientele_pipeline::collect::{BatchOutcome, ImportError};

use super::fixture::Shop;

const GOOD: &str = "order_id,customer_id,ordered_at,amount\n1,a,2024-01-01,10\n";

#[tokio::test(flavor = "multi_thread")]
async fn errors_name_the_cure_and_change_nothing() {
    let shop = Shop::new("CNY").await;
    shop.import("good.csv", GOOD).await;
    let before = shop.state().await;
    for (name, bytes, part) in [
        ("empty.csv", &b""[..], "empty"),
        ("unknown.csv", b"foo,bar\n1,2\n3,4\n", "--source"),
        ("twice.csv", b"order_id,order_id,amount\n1,2,3\n", "order_id"),
        ("dates.csv", b"order_id,customer_id,ordered_at,amount\n1,a,1/2/2024,3\n", "--map dates=dmy"),
        ("fake.xlsx", b"order_id,customer_id\n1,2\n", "xlsx"),
    ] {
        let path = shop.file(name, bytes);
        let error = shop.run(&shop.request(path)).await.expect_err(name);
        for language in [Language::En, Language::Zh] {
            let message = error.problem().sentence(language);
            assert!(message.to_lowercase().contains(part) || language == Language::Zh, "{name}: {message}");
            assert!(!message.is_empty());
        }
    }
    assert_eq!(shop.state().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_column_is_named() {
    let shop = Shop::new("CNY").await;
    let path = shop.file("a.csv", "order_id,who,ordered_at,amount\n1,a,2024-01-01,10\n");
    let mut request = shop.request(path);
    request.source = Some("generic-orders".into());
    let error = shop.run(&request).await.expect_err("no customer");
    assert!(matches!(error, ImportError::MissingField { .. }), "{error}");
    assert!(error.to_string().contains("--map customer_id=COLUMN"), "{error}");
    request.by_hand.set("customer_id", "who").expect("a field");
    let report = shop.run(&request).await.expect("an import");
    assert_eq!(report.report.accepted, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_leaves_no_trace() {
    let shop = Shop::new("CNY").await;
    let mut request = shop.request(shop.file("good.csv", GOOD));
    request.dry_run = true;
    let report = shop.run(&request).await.expect("a report");
    assert_eq!(report.outcome, BatchOutcome::DryRun);
    assert_eq!(report.report.accepted, 1);
    assert_eq!(shop.workspace.lake().await.expect("a lake").snapshot().generation(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_at_once_do_not_mix() {
    let shop = Shop::new("CNY").await;
    let lock = shop.workspace.lake().await.expect("a lake").begin().await.expect("the lock");
    let error = shop.run(&shop.request(shop.file("good.csv", GOOD))).await.expect_err("locked");
    assert!(error.problem().sentence(Language::En).contains("try again"), "{error}");
    drop(lock);
    shop.import("good.csv", GOOD).await;
}
