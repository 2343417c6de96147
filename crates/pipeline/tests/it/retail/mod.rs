//! The UCI Online Retail data: every figure and every tier against DuckDB; CDNOW against its file.

mod cdnow;
pub mod duckdb;

use std::collections::{BTreeMap, BTreeSet};

use clientele_model::spec::Scheme;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::rows::Value;

use super::support::{Base, per_customer, tiers_of};
use duckdb::Answers;

const FILE: &str = "data/online_retail/online_retail.parquet";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_and_tier_is_that_of_duckdb() {
    let Some(september) = duckdb::answers(FILE, "2011-09-01") else { return };
    let december = duckdb::answers(FILE, "2011-12-10").expect("DuckDB is here");
    let (base, imported) = Base::online_retail().await;
    let control = &imported.report.totals;
    let totals = [
        control.rows,
        control.orders,
        control.customers,
        control.rows_without_customer,
        control.cancellation_rows,
    ];
    assert_eq!(totals, [541_909, 25_900, 4_372, 135_080, 9_288]);
    assert_eq!(control.control_sum, "9747747.934");
    december.control(&totals, &control.control_sum);

    let first = base.refresh("2011-09-01", &[]).await;
    let last = base.refresh("2011-12-10", &[]).await;
    for (run, answers) in [(&first, &september), (&last, &december)] {
        let view = base.view(Some(&run.id)).await;
        assert_eq!(run.customers, 4_372);
        same_metrics(&view, answers).await;
        same_tiers(&view, answers).await;
        same_sizes(&view, answers).await;
    }
    same_movement(&base.view(None).await, &september, &december).await;
}

/// Metrics that are there but were not computed by DuckDB: they go by the square root of a difference of large sums,
/// of which the last digits are chance.
const NOT_COMPARED: [&str; 4] = ["clv_high", "clv_low", "clv_spread", "order_value_stddev"];

/// Every metric that DuckDB computed; the file tells nothing of the others.
async fn same_metrics(view: &RunView, answers: &Answers) {
    let metrics = answers.table("metrics");
    let columns: Vec<&str> = metrics.columns().collect();
    metrics.compare(&per_customer(view, "metrics", &columns).await);
    let answered: BTreeSet<&str> = columns.into_iter().collect();
    let is_other = |m: &&str| !answered.contains(m) && !NOT_COMPARED.contains(m);
    let others: Vec<&str> = view.run.metrics.keys().map(String::as_str).filter(is_other).collect();
    for (customer, values) in per_customer(view, "metrics", &others).await {
        for (metric, value) in others.iter().zip(values) {
            assert_eq!(value, Value::Unknown, "{metric} of {customer}");
        }
    }
    insta::assert_snapshot!("metrics_that_the_file_cannot_tell", others.join("\n"));
}

/// The tiers that the rules say, before what keeps a customer in an earlier one. Schemes that DuckDB did not compute
/// need facts that the file does not tell: they say that nothing is known, but for clusters.
async fn same_tiers(view: &RunView, answers: &Answers) {
    let tiers = answers.table("tiers");
    let computed: Vec<String> = tiers
        .columns()
        .map(|c| match format!("{c}__computed") {
            computed if view.has_label(&computed) => computed,
            _ => c.to_owned(),
        })
        .collect();
    let computed: Vec<&str> = computed.iter().map(String::as_str).collect();
    tiers.compare(&per_customer(view, "labels", &computed).await);
    let answered: BTreeSet<&str> = tiers.columns().collect();
    for scheme in view.schemes().filter(|s| !answered.contains(s.id.column().as_str())) {
        let known = tiers_of(view, scheme.id.as_str()).await.into_values().any(|tier| tier != "unknown");
        assert_eq!(known, scheme.id.as_str() == "clusters", "{} was not compared", scheme.id);
    }
}

/// The schemes whose tiers DuckDB computed and that keep nobody in a tier against the rule.
fn comparable(view: &RunView, answers: &Answers) -> Vec<Scheme> {
    let answered: BTreeSet<&str> = answers.table("tiers").columns().collect();
    view.schemes()
        .filter(|s| s.stay.is_none() && answered.contains(s.id.column().as_str()))
        .cloned()
        .collect()
}

/// The sizes and the revenue of tiers, and that shares are parts of a whole.
async fn same_sizes(view: &RunView, answers: &Answers) {
    let tiers = answers.table("tiers");
    let revenue = answers.table("metrics").column("monetary");
    for scheme in comparable(view, answers) {
        let mut expected: BTreeMap<String, (i64, i128)> = BTreeMap::new();
        for (customer, tier) in tiers.column(&scheme.id.column()) {
            let size = expected.entry(tier.as_str().expect("a tier").to_owned()).or_default();
            size.0 += 1;
            size.1 += i128::from(revenue[customer].as_i64().expect("money"));
        }
        let found = view.tiers(&scheme).await.expect("sizes");
        let sizes: BTreeMap<String, (i64, i128)> = found
            .tiers
            .iter()
            .filter(|t| t.customers > 0)
            .map(|t| (t.tier.clone(), (t.customers, t.revenue)))
            .collect();
        assert_eq!(sizes, expected, "{}", scheme.id);
        let shares = found.tiers.iter().map(|t| t.customer_share).sum::<f64>();
        let of_revenue = found.tiers.iter().map(|t| t.revenue_share).sum::<f64>();
        assert!((shares - 1.0).abs() < 1e-12 && (of_revenue - 1.0).abs() < 1e-12, "{}", scheme.id);
    }
}

/// Who went from where to where between the two days.
async fn same_movement(view: &RunView, before: &Answers, after: &Answers) {
    for scheme in comparable(view, before) {
        let column = scheme.id.column();
        let mut expected: BTreeMap<(String, String), i64> = BTreeMap::new();
        let later = after.table("tiers").column(&column);
        for (customer, from) in before.table("tiers").column(&column) {
            let name = |value: &serde_json::Value| value.as_str().expect("a tier").to_owned();
            *expected.entry((name(from), name(later[customer]))).or_default() += 1;
        }
        let movement = view.movement(&scheme, None).await.expect("a movement").expect("a run before");
        // Those who went the same way up or sideways are told apart, which DuckDB's count does not.
        let mut flows: BTreeMap<(String, String), i64> = BTreeMap::new();
        for flow in movement.flows {
            let ends = (flow.from.expect("known before"), flow.to.expect("known after"));
            *flows.entry(ends).or_default() += flow.customers;
        }
        assert_eq!(flows, expected, "{}", scheme.id);
    }
}
