//! Checklists, questionnaires, attributes, estimates and clusters, worked out by hand over a few customers.

use std::collections::BTreeMap;

use clientele_engine::EngineSettings;
use clientele_model::spec::Scheme;
use clientele_model::{MetricId, Unit};

use super::base::scheme;
use crate::classify::cluster::Centres;
use crate::classify::compile::compile;
use crate::classify::cuts::SchemeCuts;
use crate::classify::{base, labels};
use crate::rows::{rows, text};
use crate::session::session;

/// The tiers of customers, whose figures are written as SQL, by a scheme; and the numbers behind them.
async fn tiers(scheme: &Scheme, columns: &str, customers: &[&str]) -> (Vec<String>, SchemeCuts) {
    let settings = EngineSettings { target_partitions: 1, ..EngineSettings::default() };
    let session = session(&settings).await.expect("a session");
    let list: Vec<String> = customers.iter().enumerate().map(|(i, c)| format!("({i}, {c})")).collect();
    let sql = format!(
        "SELECT CAST(k AS INT) AS customer_key, 'shop' AS source, CAST(k AS VARCHAR) AS customer_id, \
         {columns} FROM (VALUES {}) AS t(k, {columns})",
        list.join(", ")
    );
    let batches = session.sql(&sql).await.expect("SQL").collect().await.expect("rows");
    session.register_batches("metrics", batches[0].schema(), batches).expect("a table");
    let units: BTreeMap<MetricId, Unit> =
        columns.split(", ").map(|c| (MetricId::new(c), Unit::Ratio)).collect();
    let cuts = base::cut_all(&session, "metrics", [scheme].into_iter(), &units, &|_| None, true);
    let cuts = cuts.await.expect("cuts").remove(&scheme.id).unwrap_or_default();
    let compiled = compile(scheme, &cuts, &units);
    let day = "2025-07-01".parse().expect("a day");
    let sql = labels::query(&[compiled], "metrics", &BTreeMap::new(), &BTreeMap::new(), day);
    let sql = format!("SELECT \"{}\" FROM ({sql}) ORDER BY customer_key", scheme.id.column());
    let batches = session.sql(&sql).await.expect("SQL").collect().await.expect("labels");
    (rows(&batches).map(|r| text(&r[0])).collect(), cuts)
}

fn owned<'a>(tiers: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    tiers.iter().map(|(id, keys)| (*id, (*keys).to_owned())).collect()
}

#[tokio::test]
async fn a_checklist_counts_what_holds() {
    // The grades of the intent scheme: two must-haves, three signs here.
    let check = |name: &str| format!("{{ when = \"{name}\", name = {{ en = \"{name}\", zh = \"条\" }} }}");
    let keys = format!(
        "must = [{}, {}]\nsigns = [{}, {}, {}]\nneeds = [\"able\"]\n",
        check("able"),
        check("happy"),
        check("calls > 1"),
        check("visits > 0"),
        check("asked")
    );
    let tiers_of = [
        ("a", "grades = [\"2/3\"]"),
        ("b", "grades = [\"2/2\"]"),
        ("c", "grades = [\"2/0\", \"1/3\"]"),
        ("d", "grades = [\"1/0\"]"),
        ("e", "otherwise = true"),
    ];
    let scheme = scheme("intent", "checklist", &keys, &owned(&tiers_of));
    let customers = [
        "true, true, 2, 1, true",
        "true, true, 2, 1, false",
        "true, true, 1, 1, NULL", // an unknown sign does not hold
        "true, NULL, 2, 1, true", // an unknown must-have does not hold
        "true, false, 2, 0, true",
        "false, false, 2, 1, true",
        "NULL, true, 2, 1, true", // needed and not known
    ];
    let (found, _) = tiers(&scheme, "able, happy, calls, visits, asked", &customers).await;
    assert_eq!(found, ["a", "b", "c", "c", "d", "e", "unknown"]);
}

#[tokio::test]
async fn a_questionnaire_goes_by_the_dimension_in_the_lead() {
    let keys = "survey = \"s-s\"\nmargin = 0.1";
    let tiers_of = [("out", "dimension = \"o\""), ("in", "dimension = \"i\""), ("mid", "otherwise = true")];
    let margin = scheme("style", "questionnaire", keys, &owned(&tiers_of));
    let columns = "answers_s_s_o, answers_s_s_i";
    // 0.6 - 0.5 is a little less than 0.1 in binary, and still a lead of a tenth.
    let customers = ["0.9, 0.2", "0.6, 0.5", "0.55, 0.5", "0.2, 0.31", "0.5, 0.5", "0.9, NULL"];
    let (found, _) = tiers(&margin, columns, &customers).await;
    assert_eq!(found, ["out", "out", "mid", "in", "mid", "unknown"]);

    let three = [("x", "dimension = \"x\""), ("y", "dimension = \"y\""), ("z", "dimension = \"z\"")];
    let first = scheme("motive", "questionnaire", "survey = \"m\"", &owned(&three));
    let columns = "answers_m_x, answers_m_y, answers_m_z";
    let (found, _) = tiers(&first, columns, &["0.5, 0.5, 0.5", "0.1, 0.4, 0.4", "0, 0, 1"]).await;
    assert_eq!(found, ["x", "y", "z"]);

    let bands = [("good", "min = 0.6"), ("poor", "below = 0.6")];
    let whole = scheme("value", "questionnaire", "survey = \"v\"", &owned(&bands));
    let (found, _) = tiers(&whole, "answers_v", &["0.6", "0.59", "NULL"]).await;
    assert_eq!(found, ["good", "poor", "unknown"]);
}

#[tokio::test]
async fn an_attribute_is_compared_without_case_and_blanks() {
    let tiers_of = [("f", "values = [\"Female\", \"女\"]"), ("m", "values = [\"male\"]")];
    let customers = ["' FEMALE '", "'女'", "'Male'", "'other'", "''", "'  '", "NULL"];
    let closed = scheme("sex", "attribute", "metric = \"gender\"", &owned(&tiers_of));
    let (found, _) = tiers(&closed, "gender", &customers).await;
    assert_eq!(found, ["f", "f", "m", "unknown", "unknown", "unknown", "unknown"]);
    let with_rest = [&tiers_of[..], &[("o", "otherwise = true")]].concat();
    let open = scheme("sex", "attribute", "metric = \"gender\"", &owned(&with_rest));
    let (found, _) = tiers(&open, "gender", &customers).await;
    assert_eq!(found, ["f", "f", "m", "o", "unknown", "unknown", "unknown"]);
    let hostile = scheme(
        "sex",
        "attribute",
        "metric = \"gender\"",
        &owned(&[("x", "values = [\"x' OR '1'='1\"]"), ("o", "otherwise = true")]),
    );
    let (found, _) = tiers(&hostile, "gender", &["'x'' or ''1''=''1'", "'x'"]).await;
    assert_eq!(found, ["x", "o"]);
}

#[tokio::test]
async fn an_estimate_is_cut_by_bounds_or_by_share() {
    let keys = "metric = \"risk\"\nestimate = { en = \"Simple.\", zh = \"简单。\" }\n";
    let bands = [("high", "min = 0.7"), ("low", "below = 0.7")];
    let (found, _) =
        tiers(&scheme("churn", "model", keys, &owned(&bands)), "risk", &["0.7", "0.1", "NULL"]).await;
    assert_eq!(found, ["high", "low", "unknown"]);
    let shares = [("top", "share = 0.25"), ("rest", "share = 0.75")];
    let customers = ["4.0", "1.0", "2.0", "3.0", "NULL"];
    let (found, _) = tiers(&scheme("clv", "model", keys, &owned(&shares)), "risk", &customers).await;
    assert_eq!(found, ["top", "rest", "rest", "rest", "unknown"]);
}

#[tokio::test]
async fn nobody_has_a_tier_in_a_scheme_that_people_decide() {
    let (found, cuts) =
        tiers(&scheme("m", "manual", "", &owned(&[("a", ""), ("b", "")])), "x", &["1", "2"]).await;
    assert_eq!((found, cuts), (vec!["unknown".to_owned(); 2], SchemeCuts::new()));
}

fn clusters(features: &str, keys: &str) -> Scheme {
    let text = |key: &str| format!("{key} = {{ en = \"x\", zh = \"文\" }}\n");
    let mut document = "id = \"c\"\nversion = 1\nkind = \"cluster\"\n".to_owned();
    document += &["name", "question", "origin", "rule"].map(text).concat();
    document += &format!("features = [{features}]\n{keys}\n[cluster_tiers]\nowner = \"sales\"\n");
    document += "actions = [{ en = \"Do.\", zh = \"做。\", channel = \"app\", cadence = \"once\" }]\n";
    document += &["goal", "offer", "kpi"].map(text).concat();
    Scheme::parse("test.toml", &document).unwrap_or_else(|error| panic!("{error}\n{document}"))
}

#[tokio::test]
async fn clusters_are_the_groups_that_anyone_sees() {
    // Nine who come often and spend little, six who come rarely and spend much, one of whom little is known.
    let often: Vec<String> = (0..9).map(|i| format!("{}.0, {}.0", 20 + i % 3, 10 + i / 3)).collect();
    let rarely: Vec<String> = (0..6).map(|i| format!("{}.0, {}.0", 1 + i % 2, 900 + i)).collect();
    let mut customers: Vec<&str> = often.iter().chain(&rarely).map(String::as_str).collect();
    customers.push("5.0, NULL");
    let scheme = clusters("\"orders\", \"spend\"", "log = [\"spend\"]\nmax_clusters = 4");
    let (found, cuts) = tiers(&scheme, "orders, spend", &customers).await;
    let expected = [vec!["c1"; 9], vec!["c2"; 6], vec!["unknown"]].concat();
    assert_eq!(found, expected);
    let centres = Centres::of(&cuts, 2).expect("centres");
    let value = |cluster: usize, feature: usize, log| centres.value(&centres.centres[cluster], feature, log);
    // Centres are found by steps that end when they hardly move any more.
    let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 0.01, "{found} for {wanted}");
    near(value(0, 0, false), 21.0);
    near(value(1, 0, false), 1.5);
    // The mean of logarithms is that of the figures' products.
    let product: f64 = (0..9).map(|i| (11.0 + f64::from(i / 3)).ln()).sum::<f64>() / 9.0;
    near(value(0, 1, true), product.exp() - 1.0);
    let best = centres.tried.iter().max_by(|a, b| a.silhouette.total_cmp(&b.silhouette)).expect("trials");
    assert_eq!(best.clusters, 2);
}

#[tokio::test]
async fn few_customers_and_figures_that_are_all_alike_make_one_cluster_or_none() {
    let scheme = clusters("\"orders\", \"spend\"", "");
    let of = async |customers: &[&str]| tiers(&scheme, "orders, spend", customers).await.0;
    assert_eq!(of(&["CAST(NULL AS DOUBLE), 1.0"]).await, ["unknown"]);
    assert_eq!(of(&["3.0, 1.0"]).await, ["c1"]);
    assert_eq!(of(&["3.0, 1.0", "3.0, 1.0", "3.0, 1.0", "3.0, 1.0", "3.0, 1.0"]).await, ["c1"; 5]);
    assert_eq!(of(&["3.0, 1.0", "4.0, 1.0"]).await, ["c1", "c1"]);
    // One figure is the same for all and does not stand in the way.
    let found = of(&["1.0, 7.0", "1.1, 7.0", "9.0, 7.0", "9.1, 7.0", "9.2, 7.0"]).await;
    assert_eq!(found, ["c2", "c2", "c1", "c1", "c1"]);
    assert_eq!(of(&["-3.0, -1.0", "0.0, 0.0"]).await.len(), 2);
}
