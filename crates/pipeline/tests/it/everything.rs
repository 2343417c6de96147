//! Generated facts of every kind: imported by recognition alone, and put to every metric and scheme.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use clientele_generate::{Facts, Format, GenerateRequest, Generated, generate};
use clientele_model::SchemeId;
use clientele_model::progress::{Progress, Quiet};
use clientele_model::spec::scheme::{Matching, Rule};
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::rows::{Value, text};

use crate::support::{Base, ask};

const CUSTOMERS: u64 = 500;
/// Tiers that made-up customers do not come to, each with its scheme.
const NOBODY: [(&str, &str); 0] = [];

fn made(folder: &Path, format: Format) -> Generated {
    let request = GenerateRequest {
        customers: CUSTOMERS,
        orders: 10_000,
        seed: 3,
        format,
        currency: "GBP".parse().expect("a currency"),
        lines: true,
        facts: Facts::everything(CUSTOMERS),
        questionnaires: clientele_pipeline::library::built_in_questionnaires().expect("questionnaires"),
    };
    let progress: Arc<dyn Progress> = Arc::new(Quiet);
    generate(folder, &request, &progress).expect("data")
}

/// Imports all files as they are, and insists that each is recognised and every row taken.
async fn imported(made: &Generated) -> Base {
    let base = Base::new(128).await;
    for file in &made.files {
        let batch = base.import(file.clone()).await;
        let stem = file.file_stem().expect("a name").to_string_lossy().replace('_', "-");
        assert_eq!(batch.layout, format!("generic-{stem}"));
        let report = &batch.report;
        assert!(report.rows_read > 0, "{stem}");
        let taken = report.accepted + report.unchanged;
        assert_eq!(taken, report.rows_read, "{stem}: {:?}", report.rules);
    }
    base
}

/// Answers of a query of one row.
async fn counts(view: &RunView, columns: &[String], from: &str) -> Vec<i64> {
    let rows = ask(view, &format!("SELECT {} FROM {from}", columns.join(", "))).await;
    let whole = |value: &Value| match value {
        Value::Int(n) => *n,
        other => panic!("a count is {other:?}"),
    };
    rows[0].iter().map(whole).collect()
}

async fn everybody_has_one_tier_of_each(view: &RunView, people: i64) {
    for scheme in view.catalogue.schemes.iter() {
        let id = scheme.spec.id.as_str();
        let column = SchemeId::new(id).column();
        let mut tiers: Vec<String> = scheme.spec.tiers.iter().map(|t| format!("'{}'", t.id)).collect();
        tiers.push("'unknown'".to_owned());
        let is_tier = match scheme.spec.rule.kind() {
            "cluster" => format!("regexp_like(\"{column}\", '^c[1-8]$') OR \"{column}\" = 'unknown'"),
            _ => format!("\"{column}\" IN ({})", tiers.join(", ")),
        };
        let asked = [
            "count(*)".to_owned(),
            "count(DISTINCT customer_key)".to_owned(),
            format!("count(CASE WHEN {is_tier} THEN 1 END)"),
            format!("count(CASE WHEN \"{column}\" <> 'unknown' THEN 1 END)"),
        ];
        let found = counts(view, &asked, "labels").await;
        assert_eq!(found[..3], [people; 3], "{id}");
        assert!(found[3] > 0 || scheme.spec.rule.kind() == "manual", "{id}: nobody is known");
    }
}

/// Whoever is unknown is not of those that the scheme is about, or lacks a fact that it reads.
async fn unknown_only_where_facts_are_missing(view: &RunView) {
    for scheme in view.catalogue.schemes.iter().filter(|s| s.spec.rule.kind() != "manual") {
        let id = SchemeId::new(scheme.spec.id.as_str());
        let read = view.catalogue.only(std::slice::from_ref(&id), &[]).expect("the scheme alone");
        let known: Vec<String> =
            read.metrics.ids().into_iter().map(|m| format!("m.\"{m}\" IS NOT NULL")).collect();
        let about = scheme.spec.population.as_deref().unwrap_or("true");
        let asked = format!(
            "count(CASE WHEN l.\"{}\" = 'unknown' AND coalesce(({about}), false) AND {} THEN 1 END)",
            id.column(),
            known.join(" AND ")
        );
        let from = "labels l JOIN metrics m ON l.customer_key = m.customer_key";
        assert_eq!(counts(view, &[asked], from).await, [0], "{id}");
    }
}

async fn every_metric_is_known_for_somebody(view: &RunView) {
    let ids: Vec<String> = view.catalogue.metrics.iter().map(|m| m.spec.id.to_string()).collect();
    let asked: Vec<String> = ids.iter().map(|id| format!("count(\"{id}\") AS \"{id}\"")).collect();
    let known = counts(view, &asked, "metrics").await;
    let unknown: Vec<&String> =
        ids.iter().zip(known).filter(|(_, known)| *known == 0).map(|(id, _)| id).collect();
    assert!(unknown.is_empty(), "known for nobody: {unknown:?}");
}

/// A tier that nobody is in is never seen in a demo, and its rule may be one that nobody can meet.
async fn every_tier_has_somebody(view: &RunView) {
    let mut empty = BTreeSet::new();
    for scheme in view.catalogue.schemes.iter().map(|s| &s.spec) {
        // Whom people set by hand, and tiers that are made at the run or stand for every code.
        let is_open = match &scheme.rule {
            Rule::Codes { matching, .. } => matches!(matching, Matching::EveryCode(_)),
            rule => matches!(rule.kind(), "manual" | "cluster"),
        };
        if is_open {
            continue;
        }
        let column = SchemeId::new(scheme.id.as_str()).column();
        let found = ask(view, &format!("SELECT DISTINCT \"{column}\" FROM labels")).await;
        let found: BTreeSet<String> = found.iter().map(|row| text(&row[0])).collect();
        let unmet = scheme.tiers.iter().map(|t| t.id.to_string()).filter(|tier| !found.contains(tier));
        empty.extend(unmet.map(|tier| (scheme.id.to_string(), tier)));
    }
    let expected: BTreeSet<_> = NOBODY.iter().map(|(s, t)| ((*s).to_owned(), (*t).to_owned())).collect();
    assert_eq!(empty, expected, "tiers without anybody, against those of which that is known");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn generated_facts_of_every_kind_reach_every_metric_and_scheme() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = made(folder.path(), Format::Csv);
    let base = imported(&made).await;
    base.refresh(&made.as_of.to_string(), &[]).await;
    let view = base.view(None).await;
    let people = i64::try_from(made.customers).expect("a number");
    everybody_has_one_tier_of_each(&view, people).await;
    unknown_only_where_facts_are_missing(&view).await;
    every_metric_is_known_for_somebody(&view).await;
    every_tier_has_somebody(&view).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_parquet_files_hold_the_same_facts() {
    let folder = tempfile::tempdir().expect("a folder");
    let [csv, parquet] =
        [Format::Csv, Format::Parquet].map(|format| made(&folder.path().join(format!("{format:?}")), format));
    assert_eq!(csv.facts, parquet.facts);
    imported(&parquet).await;
}
