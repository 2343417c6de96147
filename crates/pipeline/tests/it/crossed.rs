//! Causes of movement in a matrix: those of the two schemes that it crosses.

use std::collections::BTreeMap;

use clientele_pipeline::act::overrides;
use clientele_pipeline::understand::movement::Cause;

use crate::causes::{base, file, moves, only, scheme, wish};
use crate::support::Base;

/// `rows` × freshness: the better row and fresh is good, one of both middling, none poor.
fn crossed(version: u32, rows: &str, [better, worse]: [&str; 2]) -> String {
    let cells = |cells: &[(&str, &str)]| {
        let cells: Vec<String> = cells.iter().map(|(row, column)| format!("\"{row}/{column}\"")).collect();
        format!("cells = [{}]", cells.join(", "))
    };
    let good = cells(&[(better, "fresh")]);
    let middling = cells(&[(better, "stale"), (worse, "fresh")]);
    let poor = cells(&[(worse, "stale")]);
    let keys = format!("rows = \"{rows}\"\ncolumns = \"by-recency\"");
    let tiers = [("good", good.as_str()), ("middling", middling.as_str()), ("poor", poor.as_str())];
    scheme("crossed", version, "matrix", &keys, &tiers)
}

async fn found(base: &Base) -> BTreeMap<(String, Cause), i64> {
    moves(&base.view(None).await, "crossed").await
}

/// A, B and C have two orders at most, D three; all were last seen within 60 days before July.
async fn by_orders() -> Base {
    let base = base().await;
    let many = [("many", "min = 3"), ("few", "below = 3")];
    base.document(
        "schemes",
        "by-orders.toml",
        &scheme("by-orders", 1, "bands", "metric = \"frequency\"", &many),
    );
    base.document("schemes", "crossed.toml", &crossed(1, "by-orders", ["many", "few"]));
    base
}

async fn set(base: &Base, until: Option<&str>) {
    let wish = wish("A", "by-orders", "many", until);
    overrides::set(&base.workspace, wish).await.expect("an override");
}

#[tokio::test]
async fn a_persons_word_in_a_crossed_scheme_and_its_end_are_people() {
    let base = by_orders().await;
    base.refresh("2025-07-01", &["crossed"]).await;
    set(&base, Some("2025-07-02")).await;
    base.refresh("2025-07-02", &["crossed"]).await;
    assert_eq!(found(&base).await, only(&[("middling>good", Cause::People, 1)]));
    base.refresh("2025-07-05", &["crossed"]).await;
    assert_eq!(found(&base).await, only(&[("good>middling", Cause::People, 1)]));
}

#[tokio::test]
async fn a_persons_word_that_stays_is_no_cause() {
    let base = by_orders().await;
    base.refresh("2025-07-01", &["crossed"]).await;
    set(&base, None).await;
    base.refresh("2025-07-02", &["crossed"]).await;
    base.refresh("2025-08-01", &["crossed"]).await;
    // A (61 days) and B (73) went stale. A has many by somebody's word all along, B few.
    let ageing = [("good>middling", Cause::Ageing, 1), ("middling>poor", Cause::Ageing, 1)];
    assert_eq!(found(&base).await, only(&ageing));
}

#[tokio::test]
async fn what_a_stay_rule_keeps_in_a_crossed_scheme_is_no_cause() {
    let base = base().await;
    let stay = "metric = \"recency_days\"\n[stay]\ngrace_days = 30";
    let tiers = [("fresh", "below = 60"), ("stale", "min = 60")];
    base.document("schemes", "by-recency.toml", &scheme("by-recency", 1, "bands", stay, &tiers));
    base.document("schemes", "crossed.toml", &crossed(1, "by-half", ["upper", "lower"]));
    base.refresh("2025-07-01", &["crossed"]).await;
    base.refresh("2025-08-01", &["crossed"]).await;
    assert_eq!(found(&base).await, only(&[]), "A and B are due but kept");
    base.import_text("second.csv", &file(100, &[("A", "2025-08-03", 500)])).await;
    base.refresh("2025-08-10", &["crossed"]).await;
    // A bought so much that B (still kept fresh) is in the lower half now.
    let expected = [("middling>good", Cause::Behaviour, 1), ("good>middling", Cause::BaseShift, 1)];
    assert_eq!(found(&base).await, only(&expected));
    // B has been due since August.
    base.refresh("2025-09-01", &["crossed"]).await;
    assert_eq!(found(&base).await, only(&[("middling>poor", Cause::Ageing, 1)]));
}

#[tokio::test]
async fn other_cells_are_another_definition() {
    let base = by_orders().await;
    base.refresh("2025-07-01", &["crossed"]).await;
    base.document("schemes", "crossed.toml", &crossed(2, "by-orders", ["few", "many"]));
    base.refresh("2025-07-01", &["crossed"]).await;
    let definition = [("middling>good", Cause::Definition, 3), ("good>middling", Cause::Definition, 1)];
    assert_eq!(found(&base).await, only(&definition));
}
