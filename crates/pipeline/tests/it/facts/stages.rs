//! Opportunities as they stood on earlier days, by the history of their stages.

use super::Shop;
use crate::support::{Base, per_customer, tiers_of};

const WANTED: [(&str, &str, &str, &str); 9] = [
    ("opened", "count", "count(*)", "is_open"),
    ("won", "count", "count(*)", "is_won"),
    ("lost", "count", "count(*)", "is_lost"),
    ("pipeline", "money", "sum(amount)", "is_open"),
    ("weighted", "money", "sum(amount * probability)", "is_open"),
    ("furthest", "count", "max(stage_rank)", "is_open"),
    ("stage", "text", "last_value_by(stage, created_at)", ""),
    ("longest", "days", "max(stage_days)", "is_open"),
    ("shortest", "days", "min(stage_days)", "is_open"),
];

/// How the rows are marked that imports make from versions of opportunities.
const FIRST: &str = r#"{"from":"opportunities","entered":"after creation"}"#;
const LATER: &str = r#"{"from":"opportunities","entered":"before import"}"#;

async fn shop() -> Shop {
    let shop = Shop::with(&["ann", "bob", "cid", "dee"]).await;
    shop.add(
        "opportunities",
        "customer_id opportunity_id created_at stage stage_rank amount probability closed_at outcome",
        &[
            "ann | p1 | 2025-01-10T09:00:00 | negotiation | 5 | 1000 | 0.8 | | open",
            "ann | p2 | 2025-02-01T00:00:00 | won | 6 | 500 | 1 | 2025-05-01T00:00:00 | won",
            "bob | p3 | 2025-01-01T00:00:00 | lost | 6 | 300 | 0 | | lost",
            "bob | p4 | 2025-01-05T00:00:00 | qualification | 2 | 100 | 0.2 | | open",
            "cid | p5 | 2025-01-01T00:00:00 | engaging | 3 | 50 | 0.3 | | open",
        ],
    )
    .await;
    let first = format!("ann | p1 | negotiation | 2025-01-10T09:00:00 | 0.8 | {FIRST}");
    let before = format!("bob | p3 | proposal | 2025-01-01T00:00:00 | 0.5 | {FIRST}");
    let after = format!("bob | p3 | lost | 2025-04-15T12:00:00 | 0 | {LATER}");
    shop.add(
        "opportunity_stages",
        "customer_id opportunity_id stage entered_at probability attributes",
        &[
            &first,
            "ann | p1 | prospecting | 2025-01-12T09:00:00 | 0.1 | ",
            "ann | p1 | qualification | 2025-02-01T00:00:00 | 0.2 | ",
            "ann | p1 | proposal | 2025-03-01T00:00:00 | 0.5 | ",
            // Told again with another chance: the stage did not begin anew.
            "ann | p1 | proposal | 2025-03-20T00:00:00 | 0.6 | ",
            "ann | p1 | negotiation | 2025-04-01T00:00:00 | 0.8 | ",
            "ann | p2 | engaging | 2025-02-10T00:00:00 | | ",
            "ann | p2 | won | 2025-05-01T00:00:00 | | ",
            &before,
            &after,
            // Two stages on one day: the further one is the later one. Then lost, and opened again.
            "cid | p5 | prospecting | 2025-01-05T00:00:00 | | ",
            "cid | p5 | proposal | 2025-01-05T00:00:00 | | ",
            "cid | p5 | lost | 2025-02-01T00:00:00 | | ",
            "cid | p5 | engaging | 2025-03-01T00:00:00 | 0.3 | ",
        ],
    )
    .await;
    shop
}

#[tokio::test]
async fn an_earlier_day_sees_the_stages_of_then() {
    let shop = shop().await;
    let gives = async |day: &str, expected: &[(&str, &[&str])]| {
        shop.gives(day, "opportunities", &WANTED, expected).await;
    };
    // Nothing is told of p1 before its first stage: that it is in negotiation now says nothing.
    gives("2025-01-11", &[("ann", &["1", "0", "0", "1000", "", "", "", "", ""])]).await;
    // p1: 1000 × 0.2; of p2 no chance is told.
    gives(
        "2025-02-15",
        &[
            ("ann", &["2", "0", "0", "1500", "200", "3", "engaging", "14", "5"]),
            ("bob", &["2", "0", "0", "400", "170", "4", "qualification", "", ""]),
            ("cid", &["0", "0", "1", "", "", "", "lost", "", ""]),
            ("dee", &["", "", "", "", "", "", "", "", ""]),
        ],
    )
    .await;
    gives("2025-01-20", &[("cid", &["1", "0", "0", "50", "", "4", "proposal", "15", "15"])]).await;
    // p1: 1000 × 0.6, in its stage since the first of March.
    gives(
        "2025-03-25",
        &[
            ("ann", &["2", "0", "0", "1500", "600", "4", "engaging", "43", "24"]),
            ("bob", &["2", "0", "0", "400", "170", "4", "qualification", "", ""]),
            ("cid", &["1", "0", "0", "50", "15", "3", "engaging", "24", "24"]),
        ],
    )
    .await;
}

#[tokio::test]
async fn today_sees_opportunities_as_they_stand() {
    let shop = shop().await;
    shop.gives(
        "2025-07-01",
        "opportunities",
        &WANTED,
        &[
            ("ann", &["1", "1", "0", "1000", "800", "5", "won", "91", "91"]),
            ("bob", &["1", "0", "1", "100", "20", "2", "qualification", "", ""]),
            ("cid", &["1", "0", "0", "50", "15", "3", "engaging", "122", "122"]),
        ],
    )
    .await;
    // On the day on which the file came in that told of the loss.
    let lost = [("lost", "count", "count(*)", "is_lost")];
    shop.gives("2025-04-14", "opportunities", &lost, &[("bob", &["0"])]).await;
    shop.gives("2025-04-15", "opportunities", &lost, &[("bob", &["1"])]).await;
}

#[tokio::test]
async fn files_of_stages_tell_past_funnels() {
    let base = Base::new(4).await;
    base.import_text(
        "opportunities.csv",
        "opportunity_id,customer_id,created_at,stage,amount,probability,closed_at\n\
         O1,ann,2026-01-01,Negotiation,1000,80%,\n\
         O2,bob,2026-01-05,Closed Won,200,100%,2026-04-10\n",
    )
    .await;
    base.import_text(
        "stages.csv",
        "opportunity_id,customer_id,stage,entered_at,probability\n\
         O1,ann,Prospecting,2026-01-02,10%\nO1,ann,Proposal,2026-03-01,60%\n\
         O1,ann,Negotiation,2026-05-01,80%\nO2,bob,Qualification,2026-01-06,20%\n",
    )
    .await;
    let metrics = ["furthest_stage", "weighted_pipeline", "open_opportunities", "days_in_stage"];
    for (day, ann, bob, tiers) in [
        ("2026-04-01", "proposal 600 1 31", "qualification 40 1 85", ["proposal", "qualification"]),
        ("2026-06-01", "negotiation 800 1 31", " 0 0 ", ["negotiation", "won"]),
    ] {
        base.refresh_metrics(day, &["funnel-stage"], &metrics).await;
        let view = base.view(None).await;
        let found = per_customer(&view, "metrics", &metrics).await;
        let shown = |who: &str| found[who].iter().map(super::shown).collect::<Vec<_>>().join(" ");
        assert_eq!([shown("ann"), shown("bob")], [ann, bob], "{day}");
        let found = tiers_of(&view, "funnel-stage").await;
        assert_eq!(["ann", "bob"].map(|who| found[who].as_str()), tiers, "{day}");
    }
}
