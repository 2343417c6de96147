//! The same facts again: repeated, newer, taken back.

use clientele_pipeline::clean::Rule;
use clientele_pipeline::collect::BatchOutcome;

use super::super::fixture::{Shop, batch_of};

const TICKETS: &str = "ticket_id,customer_id,opened_at,closed_at,status\n";
const EVENTS: &str = "customer_id,event_time,event_type,product_id\n";

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_changes_nothing_and_the_same_facts_neither() {
    let shop = Shop::new("CNY").await;
    let text = format!("{EVENTS}a,2025-01-01,view,P\na,2025-01-01,view,P\nb,2025-01-02,view,P\n");
    shop.import("a.csv", &text).await;
    let before = shop.state().await;
    let report = shop.import("copy.csv", &text).await;
    assert!(matches!(report.outcome, BatchOutcome::AlreadyImported { .. }));
    assert_eq!(shop.state().await, before);
    let more = format!(
        "{EVENTS}a,2025-01-01,view,P\nb,2025-01-02,view,P\na,2025-01-01,view,P\na,2025-01-01,view,P\n"
    );
    let report = shop.import("more.csv", more).await;
    assert_eq!((report.report.accepted, report.report.unchanged), (1, 3));
    assert_eq!(
        shop.rows("events", "customer_id, occurrence, batch").await,
        ["a|2|b0001", "a|3|b0002", "a||b0001", "b||b0001"]
    );
    shop.undo("b0001").await;
    assert_eq!(
        shop.rows("events", "customer_id, occurrence, batch").await,
        ["a|2|b0002", "a|3|b0002", "a||b0002", "b||b0002"]
    );
    shop.undo("b0002").await;
    assert_eq!(shop.rows("events", "*").await, Vec::<String>::new());
    assert_eq!(shop.rows("customer_keys", "*").await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_export_updates_tickets_and_undo_brings_them_back() {
    let shop = Shop::new("CNY").await;
    shop.import("a.csv", format!("{TICKETS}T1,a,2025-01-01,,open\nT2,b,2025-01-02,,open\n")).await;
    let before = shop.state().await;
    let report = shop
        .import(
            "b.csv",
            format!(
                "{TICKETS}T1,a,2025-01-01,2025-01-05,solved\nT2,b,2025-01-02,,open\nT3,c,2025-01-03,,new\n"
            ),
        )
        .await;
    let quality = &report.report;
    assert_eq!((quality.accepted, quality.unchanged, quality.updated), (2, 1, 1));
    assert_eq!(
        shop.rows("tickets", "ticket_id, status, batch").await,
        ["T1|closed|b0002", "T2|open|b0001", "T3|open|b0002"]
    );
    assert_eq!(shop.rows("superseded_tickets", "ticket_id, status, superseded_by").await, ["T1|open|b0002"]);
    shop.undo(batch_of(&report)).await;
    assert_eq!(shop.state().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_with_ids_update_and_repeat_by_id() {
    let shop = Shop::new("CNY").await;
    let head = "event_id,customer_id,event_time,event_type\n";
    let report = shop
        .import(
            "a.csv",
            format!(
                "{head}e1,a,2025-01-01,view\ne1,a,2025-01-01,view\ne1,a,2025-01-01,cart\n,a,2025-01-01,view\n"
            ),
        )
        .await;
    let quality = &report.report;
    assert_eq!((quality.accepted, quality.duplicates, quality.count(Rule::DuplicateKey)), (2, 1, 1));
    let report = shop.import("b.csv", format!("{head}e1,a,2025-01-02,search\n")).await;
    assert_eq!(report.report.updated, 1);
    assert_eq!(shop.rows("events", "event_id, kind").await, ["e1|search", "|view"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_without_ids_go_by_what_tells_them_apart() {
    let shop = Shop::new("CNY").await;
    let head = "customer_id,programme,level,points,joined_at\n";
    shop.import("a.csv", format!("{head}a,club,silver,10,2024-01-01\n")).await;
    let report = shop.import("b.csv", format!("{head}a,club,gold,90,2024-01-01\n")).await;
    assert_eq!(report.report.updated, 1);
    assert_eq!(shop.rows("memberships", "level, points, batch").await, ["gold|90.0|b0002"]);
    let head = "customer_id,answered_at,survey,question,value\n";
    let report = shop
        .import(
            "c.csv",
            format!("{head}a,2024-01-01,nps,nps,9\na,2024-01-01,nps,nps,9\na,2024-01-01,nps,nps,3\n"),
        )
        .await;
    let quality = &report.report;
    assert_eq!((quality.accepted, quality.duplicates, quality.rejected), (1, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn newer_versions_of_opportunities_leave_their_stages() {
    let shop = Shop::new("CNY").await;
    let head = "opportunity_id,customer_id,created_at,stage,amount,closed_at\n";
    shop.import("a.csv", format!("{head}O1,a,2025-01-01,Prospecting,10,\nO2,b,2025-01-02,Proposal,5,\n"))
        .await;
    shop.import("b.csv", format!("{head}O1,a,2025-01-01,Negotiation,10,\nO2,b,2025-01-02,Proposal,7,\n"))
        .await;
    let stages = "opportunity_id, stage, entered_at, batch";
    let two = [
        "O1|negotiation|2025-07-01T12:00:00|b0002",
        "O1|prospecting|2025-01-01T00:00:00|b0001",
        "O2|proposal|2025-01-02T00:00:00|b0001",
    ];
    assert_eq!(shop.rows("opportunity_stages", stages).await, two);
    let state = shop.state().await;
    shop.import("c.csv", format!("{head}O1,a,2025-01-01,Closed Won,10,2025-03-01\n")).await;
    assert_eq!(
        shop.rows("opportunity_stages", stages).await,
        [two[0], two[1], "O1|won|2025-03-01T00:00:00|b0003", two[2]]
    );
    shop.undo("b0003").await;
    assert_eq!(shop.state().await, state);
    shop.undo("b0001").await;
    assert_eq!(
        shop.rows("opportunity_stages", stages).await,
        ["O1|negotiation|2025-01-01T00:00:00|b0002", "O2|proposal|2025-01-02T00:00:00|b0002"]
    );
}
