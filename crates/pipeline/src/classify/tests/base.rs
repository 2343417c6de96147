//! Random customers, and the tiers that compiled schemes give them.

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_engine::arrow::array::{
    ArrayRef, AsArray, BooleanArray, Decimal128Array, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray,
};
use clientele_engine::arrow::compute::cast;
use clientele_engine::arrow::datatypes::{DataType, Field, Int32Type, Schema};
use clientele_engine::{EngineSettings, Session};
use clientele_model::spec::Scheme;
use clientele_model::{MetricId, Unit};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::classify::compile::{Compiled, compile, cut_requests};
use crate::classify::cuts::SchemeCuts;
use crate::classify::{base, labels};
use crate::session::session;

/// A customer's metrics. Equal values are common, and so are unknown ones.
#[derive(Debug, Clone)]
pub struct Customer {
    pub id: String,
    /// A count.
    pub orders: Option<i64>,
    /// Money in ten-thousandths.
    pub spend: Option<i64>,
    /// Days.
    pub gap: Option<f64>,
    /// Yes or no.
    pub liked: Option<bool>,
}

impl Customer {
    /// A numeric metric's value. Money here is in quarters, so that doubles hold it exactly.
    pub fn number(&self, metric: &str) -> Option<f64> {
        match metric {
            "orders" => self.orders.map(|o| o as f64),
            "spend" => self.spend.map(|s| s as f64 / 10_000.0),
            "gap" => self.gap,
            other => panic!("{other} is no number"),
        }
    }
}

pub const NUMBERS: [&str; 3] = ["orders", "spend", "gap"];

fn units() -> BTreeMap<MetricId, Unit> {
    BTreeMap::from([
        ("orders".into(), Unit::Count),
        ("spend".into(), Unit::Money),
        ("gap".into(), Unit::Days),
        ("liked".into(), Unit::YesNo),
    ])
}

/// Bases of up to forty customers. Ids do not sort as the customers come, and some want quoting.
pub fn customers() -> impl Strategy<Value = Vec<Customer>> {
    let orders = proptest::option::weighted(0.9, 0..6i64);
    let spend = proptest::option::weighted(0.9, (-4..12i64).prop_map(|quarters| quarters * 2_500));
    let gap = proptest::option::weighted(0.7, (0..20u8).prop_map(|quarters| f64::from(quarters) / 4.0));
    let liked = proptest::option::weighted(0.8, any::<bool>());
    vec((orders, spend, gap, liked, any::<u8>()), 0..40).prop_map(|rows| {
        let customer = |(i, (orders, spend, gap, liked, salt)): (usize, (_, _, _, _, u8))| {
            let id = match salt % 5 {
                0 => format!("O'{salt}-{i}"),
                1 => format!("客户{salt}-{i}"),
                _ => format!("{salt}-{i}"),
            };
            Customer { id, orders, spend, gap, liked }
        };
        rows.into_iter().enumerate().map(customer).collect()
    })
}

fn table(customers: &[Customer]) -> RecordBatch {
    let spend = Decimal128Array::from_iter(customers.iter().map(|c| c.spend.map(i128::from)));
    let columns: [(&str, ArrayRef); 7] = [
        ("customer_key", Arc::new(Int32Array::from_iter_values(0..customers.len() as i32))),
        ("source", Arc::new(StringArray::from_iter_values(customers.iter().map(|_| "test")))),
        ("customer_id", Arc::new(StringArray::from_iter_values(customers.iter().map(|c| &c.id)))),
        ("orders", Arc::new(Int64Array::from_iter(customers.iter().map(|c| c.orders)))),
        ("spend", Arc::new(spend.with_precision_and_scale(18, 4).expect("money"))),
        ("gap", Arc::new(Float64Array::from_iter(customers.iter().map(|c| c.gap)))),
        ("liked", Arc::new(BooleanArray::from_iter(customers.iter().map(|c| c.liked)))),
    ];
    let fields: Vec<Field> =
        columns.iter().map(|(name, c)| Field::new(*name, c.data_type().clone(), true)).collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("a table")
}

/// Labels by customer, in the customers' order, of every scheme: the tier, and the code if there is one.
pub type Labels = Vec<BTreeMap<String, (String, Option<String>)>>;

/// Labels the customers by cut points and SQL, as a refresh does.
pub async fn label(session: &Session, customers: &[Customer], schemes: &[Scheme]) -> Labels {
    let rows = table(customers);
    session.register_batches("base", rows.schema(), vec![rows]).expect("a table");
    let mut compiled: Vec<Compiled> = Vec::new();
    for scheme in schemes {
        let requests = cut_requests(scheme);
        let answers = base::cuts(session, "base", &requests, &units()).await.expect("cuts");
        let cuts: SchemeCuts = requests.into_iter().map(|r| r.key).zip(answers).collect();
        // Cuts are kept with the run as JSON, and receipts read them from there.
        let kept: SchemeCuts =
            serde_json::from_str(&serde_json::to_string(&cuts).expect("JSON")).expect("cuts");
        assert_eq!(kept, cuts);
        compiled.push(compile(scheme, &kept, &units()));
    }
    let sql = labels::query(
        &compiled,
        "base",
        &BTreeMap::new(),
        &BTreeMap::new(),
        "2025-07-01".parse().expect("a day"),
    );
    let batches = session.sql(&sql).await.expect("SQL").collect().await.expect("labels");
    let mut out = vec![BTreeMap::new(); customers.len()];
    for batch in &batches {
        let text = |column: &str, row: usize| {
            let column = cast(batch.column_by_name(column)?, &DataType::Utf8).expect("a text");
            column.as_string::<i32>().iter().nth(row).flatten().map(str::to_owned)
        };
        let keys = batch.column(0).as_primitive::<Int32Type>();
        for (row, key) in keys.values().iter().enumerate() {
            for scheme in &compiled {
                let column = scheme.scheme.column();
                let tier = text(&column, row).expect("a tier");
                let label = (tier, text(&format!("{column}__code"), row));
                let before = out[*key as usize].insert(scheme.scheme.to_string(), label);
                assert_eq!(before, None, "a customer was labelled twice");
            }
        }
    }
    assert!(out.iter().all(|of| of.len() == schemes.len()), "a customer was left out");
    out
}

/// Runs a property over random bases with something random beside them.
pub fn for_all<T: std::fmt::Debug>(
    beside: impl Strategy<Value = T>,
    check: impl AsyncFn(&Session, Vec<Customer>, T),
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let settings = EngineSettings { target_partitions: 1, ..EngineSettings::default() };
    let session = runtime.block_on(session(&settings)).expect("a session");
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() });
    runner
        .run(&(customers(), beside), |(customers, beside)| {
            runtime.block_on(check(&session, customers, beside));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// A scheme document, read.
pub fn scheme(id: &str, kind: &str, keys: &str, tiers: &[(&str, String)]) -> Scheme {
    let text = |key: &str| format!("{key} = {{ en = \"x\", zh = \"文\" }}\n");
    let mut document = format!("id = \"{id}\"\nversion = 1\nkind = \"{kind}\"\n");
    document += &["name", "question", "origin", "rule"].map(text).concat();
    document += keys;
    for (tier, keys) in tiers {
        document += &format!("\n[[tiers]]\nid = \"{tier}\"\n{}{}", text("name"), text("goal"));
        document += "owner = \"sales\"\n";
        document += "actions = [{ en = \"Do.\", zh = \"做。\", channel = \"app\", cadence = \"once\" }]\n";
        document += &format!("{}{}{keys}\n", text("offer"), text("kpi"));
    }
    Scheme::parse("test.toml", &document).unwrap_or_else(|error| panic!("{error}\n{document}"))
}

/// `DataType` of the columns, to be sure that the test table is like a real one.
#[test]
fn the_test_table_has_the_types_of_metrics() {
    let schema = table(&[]).schema();
    for (metric, unit) in units() {
        let data_type: DataType = crate::measure::sql::data_type(unit);
        assert_eq!(*schema.field_with_name(metric.as_str()).expect("a column").data_type(), data_type);
    }
}
