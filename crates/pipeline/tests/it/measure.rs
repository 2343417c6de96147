//! Figures per customer: what the day that is looked from hides, where windows end, what absence means.

use std::collections::{BTreeMap, BTreeSet};

use clientele_model::Unit;
use clientele_model::spec::{Absent, MetricSource};
use clientele_pipeline::measure::registry::MetricRegistry;
use clientele_pipeline::understand::rows::Value;

use crate::support::{Base, fixture, per_customer, tiers_of};

/// Every metric and label of every customer.
async fn everything(base: &Base) -> BTreeMap<String, Vec<Value>> {
    let view = base.view(None).await;
    let metrics: Vec<&str> = view.run.metrics.keys().map(String::as_str).collect();
    let labels: Vec<String> = view.run.schemes.keys().map(|s| s.replace('-', "_")).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let mut all = per_customer(&view, "metrics", &metrics).await;
    for (customer, values) in per_customer(&view, "labels", &labels).await {
        all.get_mut(&customer).expect("a customer with metrics").extend(values);
    }
    all
}

#[tokio::test]
async fn a_day_in_the_past_hides_what_came_later() {
    let orders = std::fs::read_to_string(fixture("tiny_shop/orders.csv")).expect("orders");
    let (header, rows) = orders.split_once('\n').expect("a header");
    let full = Base::tiny_shop().await;
    let day = "2025-05-12";
    full.refresh(day, &[]).await;
    let then = Base::new(20).await;
    then.import(fixture("tiny_shop/customers.csv")).await;
    let known: Vec<&str> =
        rows.lines().filter(|row| row.split(',').nth(2).is_some_and(|at| at < day)).collect();
    assert_eq!(known.len(), 49);
    then.import_text("orders.csv", &format!("{header}\n{}\n", known.join("\n"))).await;
    then.refresh(day, &[]).await;
    assert_eq!(everything(&full).await, everything(&then).await, "{day}");
}

/// One order a customer; the customer's name says when.
async fn one_order_each(times: &[&str]) -> Base {
    let base = Base::new(4).await;
    let rows: Vec<String> =
        times.iter().enumerate().map(|(i, at)| format!("A{i},at {at},{at},10.00")).collect();
    base.import_text("orders.csv", &format!("order_id,customer_id,ordered_at,amount\n{}\n", rows.join("\n")))
        .await;
    base
}

#[tokio::test]
async fn windows_hold_whole_days() {
    // Age in whole days, then whether the order is in the last 30 days, 90 days and 365 days, and in the 30
    // days a year before. The thirty days before 1 July are those from 1 June on, the first moment included.
    let cases = [
        ("2025-06-30 23:59:59", Some((0.0, [1, 1, 1, 0]))),
        ("2025-06-30 00:00:00", Some((1.0, [1, 1, 1, 0]))),
        ("2025-06-01 00:00:00", Some((30.0, [1, 1, 1, 0]))),
        ("2025-05-31 23:59:59", Some((30.0, [0, 1, 1, 0]))),
        ("2025-04-02 00:00:00", Some((90.0, [0, 1, 1, 0]))),
        ("2025-04-01 23:59:59", Some((90.0, [0, 0, 1, 0]))),
        ("2024-07-01 00:00:00", Some((365.0, [0, 0, 1, 0]))),
        ("2024-06-30 23:59:59", Some((365.0, [0, 0, 0, 1]))),
        ("2024-06-01 00:00:00", Some((395.0, [0, 0, 0, 1]))),
        ("2024-05-31 23:59:59", Some((395.0, [0, 0, 0, 0]))),
        ("2025-07-01 00:00:00", None),
        ("2025-12-24 18:00:00", None),
    ];
    let base = one_order_each(&cases.map(|c| c.0)).await;
    base.refresh("2025-07-01", &[]).await;
    let columns =
        ["recency_days", "orders_30d", "orders_90d", "orders_365d", "orders_30d_prior_year", "spend_30d"];
    let found = per_customer(&base.view(None).await, "metrics", &columns).await;
    for (at, expected) in cases {
        let (age, counts) =
            expected.map_or((Value::Unknown, [0; 4]), |(age, counts)| (Value::Float(age), counts));
        let spend = Value::Money(i128::from(counts[0]) * 100_000);
        let expected: Vec<Value> = [age].into_iter().chain(counts.map(Value::Int)).chain([spend]).collect();
        assert_eq!(found[&format!("at {at}")], expected, "{at}");
    }
}

#[tokio::test]
async fn habits_are_the_most_frequent_values() {
    // A Friday morning twice, a Saturday night, a Sunday evening; and one order without a time.
    let times =
        ["2025-05-02 06:00", "2025-05-09 11:59", "2025-05-10 05:59", "2025-05-11 18:00", "2025-05-16"];
    let rows: Vec<String> = times.iter().enumerate().map(|(i, at)| format!("A{i},C1,{at},10")).collect();
    let tie = "B0,C2,2025-05-04 12:00,10\nB1,C2,2025-05-05 17:59,10\nB2,C2,2025-05-11 00:01,10\nB3,C2,2025-05-12 00:01,10";
    let base = Base::new(10).await;
    let text = format!("order_id,customer_id,ordered_at,amount\n{}\n{tie}\n", rows.join("\n"));
    base.import_text("orders.csv", &text).await;
    base.refresh("2025-07-01", &[]).await;
    let columns = [
        "favourite_weekday",
        "favourite_weekday_share",
        "favourite_daypart",
        "favourite_daypart_share",
        "weekend_share",
    ];
    let found = per_customer(&base.view(None).await, "metrics", &columns).await;
    let text = |text: &str| Value::Text(text.to_owned());
    let first = [text("friday"), Value::Float(0.6), text("morning"), Value::Float(0.5), Value::Float(0.4)];
    assert_eq!(found["C1"], first);
    // Sunday and Monday twice each: the earlier day of the week. Night and afternoon: the first by name.
    let second = [text("monday"), Value::Float(0.5), text("afternoon"), Value::Float(0.5), Value::Float(0.5)];
    assert_eq!(found["C2"], second);
}

#[tokio::test]
async fn who_never_ordered_has_what_absence_means() {
    let base = Base::tiny_shop().await;
    let run = base.refresh("2025-07-01", &[]).await;
    let view = base.view(None).await;
    let ids: Vec<&str> = run.metrics.keys().map(String::as_str).collect();
    let found = per_customer(&view, "metrics", &ids).await;
    for (id, value) in ids.iter().zip(&found["C20"]) {
        let metric = &view.catalogue.metrics.get(&(*id).into()).expect("a metric").spec;
        let sources = sources_of(&view.catalogue.metrics, id);
        let expected = match (metric.absent, metric.unit) {
            _ if *id == "orders_on_record" => Value::Int(0),
            // The customers' file says when each registered, and perhaps more.
            _ if ["registered_at", "days_since_registration"].contains(id) => {
                assert_ne!(*value, Value::Unknown, "{id}");
                continue;
            }
            _ if sources.contains(&MetricSource::Customers) => continue,
            // What was never brought in is not 0; a metric derived from it may make something of that.
            _ if sources.iter().any(|s| !matches!(s, MetricSource::Orders | MetricSource::OrderLines)) => {
                assert!(
                    metric.source == MetricSource::Derived || *value == Value::Unknown,
                    "{id}: {value:?}"
                );
                continue;
            }
            (Absent::Unknown, _) => Value::Unknown,
            (Absent::Zero, Unit::Count) => Value::Int(0),
            (Absent::Zero, Unit::Money) => Value::Money(0),
            (Absent::Zero, Unit::YesNo) => Value::Bool(false),
            (Absent::Zero, _) => Value::Float(0.0),
        };
        assert_eq!(*value, expected, "{id}");
    }
}

/// The kinds of facts that a metric is computed from, through whichever metrics.
fn sources_of(metrics: &MetricRegistry, id: &str) -> BTreeSet<MetricSource> {
    let metric = metrics.get(&id.into()).expect("a metric");
    match metric.spec.source {
        MetricSource::Derived => metric.reads.iter().flat_map(|read| sources_of(metrics, read)).collect(),
        source => BTreeSet::from([source]),
    }
}

#[tokio::test]
async fn customers_without_any_order_are_a_base_too() {
    let base = Base::new(7).await;
    base.import(fixture("tiny_shop/customers.csv")).await;
    let run = base.refresh("2025-07-01", &[]).await;
    assert_eq!(run.customers, 20);
    let view = base.view(None).await;
    for values in
        per_customer(&view, "labels", &["rfm_11", "abc", "lifecycle", "frequency_tier"]).await.values()
    {
        assert_eq!(*values, ["unknown", "unknown", "prospect", "none"].map(|t| Value::Text(t.to_owned())));
    }
}

#[tokio::test]
async fn a_first_run_of_few_schemes_does_not_narrow_later_ones() {
    // The first makes tables without any column of times; the second adds some.
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &["abc"]).await;
    base.document("metrics", "seen.toml", &SEEN.replace("ID", "last_seen_at"));
    let run = base.refresh("2025-07-01", &[]).await;
    assert!(run.metrics.contains_key("last_order_at"));
    let found = per_customer(&base.view(None).await, "metrics", &["last_order_at", "last_seen_at"]).await;
    assert!(found["C01"][0] != Value::Unknown && found["C01"][0] == found["C01"][1]);
    let first = &base.view(None).await.runs[0].id.clone();
    let old = per_customer(&base.view(Some(first)).await, "metrics", &["monetary", "last_order_at"]).await;
    assert_eq!(old["C01"], [Value::Money(24_000_000), Value::Unknown]);
}

const SEEN: &str = r#"id = "ID"
version = 1
unit = "time"
source = "orders"
expression = "max(ordered_at)"
filter = "is_order"
absent = "unknown"
direction = "none"
name = { en = "Last seen", zh = "最后出现" }
meaning = { en = "When the customer was seen last.", zh = "客户最后一次出现的时间。" }
formula = { en = "latest order", zh = "最晚一单" }
absent_means = { en = "No order.", zh = "没有订单。" }
"#;

/// A share of money that is exactly five in a hundred is told as that, whatever the amounts: a cut point there puts
/// all such customers on the same side.
#[tokio::test]
async fn shares_of_money_are_exact_at_round_percentages() {
    let base = Base::new(64).await;
    let mut orders = "order_id,customer_id,ordered_at,gross,discount,amount,cost\n".to_owned();
    for number in 1..=300_u32 {
        // In cents: 5 % off, and a margin of 15 % of what was paid.
        let gross = 400 * (number * 7 + 1);
        let (discount, paid) = (gross / 20, gross - gross / 20);
        let cost = paid - paid * 15 / 100;
        let money = |cents: u32| format!("{}.{:02}", cents / 100, cents % 100);
        let cells = [gross, discount, paid, cost].map(money).join(",");
        orders += &format!("O{number},C{number},2025-06-01 10:00:00,{cells}\n");
    }
    base.import_text("orders.csv", &orders).await;
    base.refresh_metrics("2025-07-01", &["price-sensitivity"], &["discount_depth", "margin_rate"]).await;
    let view = base.view(None).await;
    let found = per_customer(&view, "metrics", &["discount_depth", "margin_rate"]).await;
    assert_eq!(found.len(), 300);
    for (customer, figures) in found {
        assert_eq!(figures[0], Value::Float(0.05), "{customer}");
        assert_eq!(figures[1], Value::Float(0.15), "{customer}");
    }
    let tiers: BTreeSet<String> = tiers_of(&view, "price-sensitivity").await.into_values().collect();
    assert_eq!(tiers.len(), 1, "equal figures, equal tier: {tiers:?}");
}
