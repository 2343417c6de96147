//! Sixty customers with facts of every kind: figures, tiers and opinions against DuckDB, PageRank against networkx,
//! and all of it against totals counted in the files (`fixtures/feedback/README.md`).

use std::collections::BTreeSet;

use clientele_model::Text;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::persona::Group;
use clientele_pipeline::understand::rows::{Value, int};
use serde_json::Value as Json;

use super::retail::duckdb::{self, Answers};
use super::support::{Base, ask, fixture, per_customer};

const DAY: &str = "2026-01-01";
/// The files with their rows.
const FILES: [(&str, u64); 11] = [
    ("customers", 56),
    ("orders", 280),
    ("events", 599),
    ("interactions", 198),
    ("tickets", 90),
    ("responses", 511),
    ("opportunities", 90),
    ("relations", 108),
    ("service_costs", 120),
    ("consents", 60),
    ("memberships", 20),
];

async fn base() -> Base {
    let base = Base::new(16).await;
    for (file, rows) in FILES {
        let report = base.import(fixture(&format!("feedback/{file}.csv"))).await.report;
        assert_eq!((report.accepted, report.rejected), (rows, 0), "{file}: {report:?}");
    }
    base
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_tiers_and_opinions_are_those_of_duckdb() {
    let Some(answers) = duckdb::answers("fixtures/feedback", DAY) else { return };
    let base = base().await;
    base.refresh(DAY, &[]).await;
    let view = base.view(None).await;
    for table in ["metrics", "tiers"] {
        let expected = answers.table(table);
        let columns: Vec<&str> = expected.columns().collect();
        let mine = if table == "tiers" { "labels" } else { table };
        // Scores and hours are kept to nine places, so that their sums do not depend on the order of rows.
        expected.compare_within(&per_customer(&view, mine, &columns).await, 1e-8);
    }
    same_ranks(&view, &answers).await;
    same_opinions(&view, &answers).await;
    same_totals(&view).await;
}

/// PageRank is found by steps, and so the same to nine digits only.
async fn same_ranks(view: &RunView, answers: &Answers) {
    let theirs = answers.table("ranks").column("pagerank");
    let mine = per_customer(view, "metrics", &["pagerank"]).await;
    assert!(theirs.len() > 40, "{}", theirs.len());
    for (customer, row) in &mine {
        match (row[0].number(), theirs.get(customer.as_str()).and_then(|rank| rank.as_f64())) {
            (Some(mine), Some(theirs)) => {
                assert!((mine - theirs).abs() < 1e-9, "{customer}: {mine}, {theirs}")
            }
            (None, None) => {}
            (mine, theirs) => panic!("{customer}: {mine:?}, networkx {theirs:?}"),
        }
    }
}

/// The opinions of everybody, and of the tiers of churn risk that are large enough to speak of.
async fn same_opinions(view: &RunView, answers: &Answers) {
    let opinions = answers.table("opinions");
    let theirs = |class: &str, figure: &str| opinions.column(figure)[class].as_f64();
    let everybody = Group::of_condition("all", Text::new("all", "全部"), "true", BTreeSet::new());
    let all = view.persona(&everybody).await.expect("a persona").satisfaction;
    let scheme = view.scheme("churn-risk").expect("the scheme").clone();
    let classes = view.satisfaction(&scheme).await.expect("opinions");
    let mut told = 0;
    for (class, measures) in
        [("all", &all)].into_iter().chain(classes.iter().map(|c| (c.class.as_str(), &c.measures)))
    {
        for measure in measures {
            if measure.metric == "nps_last" {
                let expected = theirs(class, "nps").expect("a score");
                assert!((measure.nps.expect("a score") - expected).abs() < 1e-9, "{class}: {measure:?}");
                let answered = opinions.column("answered")[class].as_u64();
                assert_eq!(Some(measure.answered), answered, "{class}");
                told += 1;
            } else if opinions.columns().any(|column| column == measure.metric) {
                let expected = theirs(class, &measure.metric).expect("a mean");
                assert!((measure.mean - expected).abs() < 1e-8, "{class}: {measure:?}, DuckDB {expected}");
                told += 1;
            }
        }
    }
    assert!(told >= 12, "four figures of everybody and of two tiers at least: {told}");
    let score = all.iter().find(|m| m.metric == "nps_last").and_then(|m| m.nps).expect("a score");
    assert!((score - (5.0 - 19.0) / 30.0 * 100.0).abs() < 1e-9, "{score}");
}

/// The totals of the README.
async fn same_totals(view: &RunView) {
    let sums = [
        ("frequency", 265),
        ("monetary", 426_454_000),
        ("cost_to_serve", 21_003_900),
        ("complaints", 42),
        ("open_opportunities", 59),
        ("opportunities_won", 13),
        ("opportunities_lost", 18),
        ("pipeline_value", 2_496_496_400),
    ];
    for (metric, total) in sums {
        let row = ask(view, &format!("SELECT sum({metric}) FROM metrics")).await.remove(0);
        let found = match row[0] {
            Value::Money(money) => money,
            ref other => i128::from(int(other)),
        };
        assert_eq!(found, total, "{metric}");
    }
    let sql = "SELECT count(CASE WHEN nps = 'promoter' THEN 1 END), count(CASE WHEN nps = 'passive' THEN 1 END), \
               count(CASE WHEN nps = 'detractor' THEN 1 END) FROM labels";
    let row = ask(view, sql).await.remove(0);
    assert_eq!(row.iter().map(int).collect::<Vec<_>>(), [5, 6, 19]);
}

/// The independent computation reads the same files, not what was made of them.
#[test]
fn duckdb_counts_what_is_in_the_files() {
    let Some(answers) = duckdb::answers("fixtures/feedback", DAY) else { return };
    let control = answers.table("control");
    assert!(control.columns().eq([
        "orders",
        "events",
        "contacts",
        "tickets",
        "answers",
        "sales",
        "costs",
        "net",
        "cost_to_serve"
    ]));
    let row: Vec<Option<i64>> = control.row(0).iter().map(Json::as_i64).collect();
    let expected = [60, 265, 592, 196, 90, 511, 90, 118, 426_454_000, 21_003_900];
    assert_eq!(row, expected.map(Some));
}
