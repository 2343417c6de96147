//! Stay rules and tiers set by hand, worked out by hand over a few customers.

use std::collections::{BTreeMap, BTreeSet};

use clientele_engine::arrow::compute::concat_batches;
use clientele_engine::{EngineSettings, Session};
use clientele_model::spec::Scheme;
use clientele_model::{MetricId, Unit};

use super::history::Followers;
use super::*;
use crate::classify::compile::compile;
use crate::classify::cuts::SchemeCuts;
use crate::classify::tests::base::scheme;
use crate::rows::{Value, rows};
use crate::session::session;

/// Labels customers by their spend, after the labels that they had. A row of `then` is a customer's number,
/// tier, since when, pending date and override; a row of `spends` a number and a figure.
async fn label(
    schemes: &[Scheme],
    spends: &[&str],
    then: &[&str],
    held: &HeldTiers,
    columns: &str,
) -> String {
    let settings = EngineSettings { target_partitions: 1, ..EngineSettings::default() };
    let session = session(&settings).await.expect("a session");
    let first = &schemes[0].id;
    register(
        &session,
        &format!(
            "SELECT CAST(k AS INT) AS customer_key, {tier}, CAST(s AS DATE) AS {tier}__since, \
         CAST(NULL AS VARCHAR) AS {tier}__previous, CAST(p AS DATE) AS {tier}__pending, b AS {tier}__by \
         FROM (VALUES {}) AS t(k, {tier}, s, p, b)",
            then.iter().map(|row| format!("({row})")).collect::<Vec<_>>().join(", "),
            tier = first.column(),
        ),
    )
    .await;
    let metrics = format!(
        "(SELECT CAST(k AS INT) AS customer_key, 'shop' AS source, CAST(k AS VARCHAR) AS customer_id, \
         CAST(v AS DOUBLE) AS spend FROM (VALUES {}) AS t(k, v))",
        spends.iter().map(|row| format!("({row})")).collect::<Vec<_>>().join(", "),
    );
    let units = BTreeMap::from([(MetricId::new("spend"), Unit::Ratio)]);
    let compiled: Vec<_> = schemes.iter().map(|s| compile(s, &SchemeCuts::new(), &units)).collect();
    let names = ["", "__since", "__previous", "__pending", "__by"].map(|c| format!("{}{c}", first.column()));
    let before = Before { table: "earlier".into(), columns: BTreeSet::from(names) };
    let previous = BTreeMap::from([(first.clone(), before)]);
    let followers = Followers { schemes: vec![first.clone()], before: previous.get(first).cloned() };
    let day = "2025-07-01".parse().expect("a day");
    let asked = |sql: String| {
        let session = &session;
        async move {
            let batches = session.sql(&sql).await.expect("SQL").collect().await.expect("rows");
            concat_batches(&batches[0].schema(), &batches).expect("one batch")
        }
    };
    let labels = asked(query(&compiled, &metrics, &previous, held, day)).await;
    let earlier = asked(format!("{} ORDER BY customer_key", followers.query().expect("SQL"))).await;
    let labels = history::add(&labels, &[followers], &[earlier], day).expect("labels");
    session.register_batches("labels", labels.schema(), vec![labels]).expect("a table");
    let sql = format!("SELECT customer_id, {columns} FROM labels ORDER BY customer_key");
    let batches = session.sql(&sql).await.expect("SQL").collect().await.expect("labels");
    let shown = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        Value::Date(day) => day.to_string(),
        Value::Unknown => "–".to_owned(),
        other => panic!("{other:?}"),
    };
    let lines: Vec<String> =
        rows(&batches).map(|r| r.iter().map(shown).collect::<Vec<_>>().join(" ")).collect();
    lines.join("\n")
}

async fn register(session: &Session, sql: &str) {
    let batches = session.sql(sql).await.expect("SQL").collect().await.expect("rows");
    session.register_batches("earlier", batches[0].schema(), batches).expect("a table");
}

fn bands(stay: &str) -> Scheme {
    let tiers = [("high", "min = 200"), ("middle", "min = 100\nbelow = 200"), ("low", "below = 100")];
    let keys = format!("metric = \"spend\"\n{stay}");
    scheme("mine", "bands", &keys, &tiers.map(|(id, keys)| (id, keys.to_owned())))
}

#[tokio::test]
async fn a_tier_is_kept_as_long_as_its_cut_is_near() {
    let spends =
        ["1, 95", "2, 90", "3, 105", "4, 112", "5, 95", "6, 105", "7, NULL", "8, 95", "9, 95", "10, 0"];
    let then = [
        "1, 'middle', '2025-01-01', NULL, NULL", // 95 × 1.1 = 104.5: the cut is near
        "2, 'middle', '2025-01-01', NULL, NULL", // 90 × 1.1 = 99: it is not
        "3, 'low', '2025-01-01', NULL, NULL",    // 105 × 0.9 = 94.5: near from above too
        "4, 'low', '2025-01-01', NULL, NULL",    // 112 × 0.9 = 100.8
        "5, 'unknown', '2025-01-01', NULL, NULL", // nothing to keep
        "7, 'middle', '2025-01-01', NULL, NULL", // not known any more
        "8, 'middle', '2025-01-01', NULL, 'o0001'", // a person had said so: the rule decides again
        "9, 'high', '2025-01-01', NULL, NULL",   // two tiers down
        "10, 'gone', '2025-01-01', NULL, NULL",  // a tier that is no more
    ];
    let schemes = [bands("[stay]\nhysteresis = 0.1")];
    let found = label(&schemes, &spends, &then, &HeldTiers::new(), "mine__computed, mine, mine__since").await;
    assert_eq!(
        found,
        "1 low middle 2025-01-01\n2 low low 2025-07-01\n3 middle low 2025-01-01\n4 middle middle 2025-07-01\n\
         5 low low 2025-07-01\n6 middle middle 2025-07-01\n7 unknown unknown 2025-07-01\n\
         8 low low 2025-07-01\n9 low low 2025-07-01\n10 low low 2025-07-01"
    );
}

#[tokio::test]
async fn a_worse_tier_must_last_and_not_come_too_soon() {
    let spends = ["1, 50", "2, 50", "3, 50", "4, 50", "5, 300", "6, 150", "7, NULL", "8, 50"];
    let then = [
        "1, 'middle', '2025-01-01', NULL, NULL",         // due from today on
        "2, 'middle', '2025-01-01', '2025-06-01', NULL", // due for 30 days: it counts
        "3, 'middle', '2025-01-01', '2025-06-02', NULL", // for 29 days: not yet
        "4, 'middle', '2025-05-15', '2025-06-01', NULL", // entered 47 days ago: too soon
        "5, 'low', '2025-06-30', NULL, NULL",            // better ones count at once
        "6, 'middle', '2025-01-01', '2025-06-10', NULL", // no longer due
        "7, 'middle', '2025-06-30', NULL, NULL",         // unknown is neither worse nor better
        "8, 'middle', '2025-05-02', '2025-06-01', NULL", // entered 60 days ago
    ];
    let schemes = [bands("[stay]\ngrace_days = 30\nminimum_days = 60")];
    let columns = "mine__computed, mine, mine__since, mine__previous, mine__pending";
    let found = label(&schemes, &spends, &then, &HeldTiers::new(), columns).await;
    assert_eq!(
        found,
        "1 low middle 2025-01-01 – 2025-07-01\n2 low low 2025-07-01 middle –\n\
         3 low middle 2025-01-01 – 2025-06-02\n4 low middle 2025-05-15 – 2025-06-01\n\
         5 high high 2025-07-01 low –\n6 middle middle 2025-01-01 – –\n\
         7 unknown unknown 2025-07-01 middle –\n8 low low 2025-07-01 middle –"
    );
}

#[tokio::test]
async fn what_people_set_comes_last_and_crossed_schemes_see_it() {
    let mine = bands("[stay]\ngrace_days = 30");
    let plain = scheme(
        "plain",
        "bands",
        "metric = \"spend\"",
        &[("much", "min = 100".to_owned()), ("little", "below = 100".to_owned())],
    );
    let cells = |row: &str| format!("cells = [\"{row}/much\", \"{row}/little\"]");
    let crossed = scheme(
        "crossed",
        "matrix",
        "rows = \"mine\"\ncolumns = \"plain\"",
        &[("top", cells("high")), ("mid", cells("middle")), ("end", cells("low"))],
    );
    let held = |key: i64, tier: &str, id: &str| OverriddenTier {
        customer_key: key,
        tier: tier.into(),
        id: id.into(),
    };
    let by_hand = HeldTiers::from([
        ("mine".into(), vec![held(1, "high", "o0001"), held(3, "middle", "o0002")]),
        ("plain".into(), Vec::new()),
    ]);
    let spends = ["1, 50", "2, 50", "3, NULL"];
    let then = ["1, 'middle', '2025-01-01', NULL, NULL", "2, 'middle', '2025-01-01', NULL, NULL"];
    let columns = "mine__computed, mine, mine__by, mine__pending, plain__computed, plain, plain__by, crossed";
    let found = label(&[mine, plain, crossed], &spends, &then, &by_hand, columns).await;
    assert_eq!(
        found,
        "1 low high o0001 – little little – top\n2 low middle – 2025-07-01 little little – mid\n\
         3 unknown middle o0002 – unknown unknown – unknown"
    );
}

#[test]
fn the_table_has_the_columns_that_a_scheme_needs() {
    let stay = bands("[stay]\ngrace_days = 30");
    let names = |schemes: &[Scheme], overridden: &[&str]| -> Vec<String> {
        let overridden = overridden.iter().map(|id| SchemeId::new(*id)).collect();
        let schema = schema(schemes.iter(), &overridden);
        schema.fields().iter().skip(3).map(|f| f.name().clone()).collect()
    };
    assert_eq!(names(&[bands("")], &[]), ["mine", "mine__since", "mine__previous"]);
    let all = ["mine", "mine__computed", "mine__pending", "mine__by", "mine__since", "mine__previous"];
    assert_eq!(names(&[stay], &["mine"]), all);
}
