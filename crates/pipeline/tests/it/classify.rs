//! What holds for every base: one tier each, shares of a whole, and the same answer however it is asked.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use clientele_engine::EngineSettings;
use clientele_model::TierId;
use clientele_model::progress::{Progress, Quiet};
use clientele_pipeline::RefreshError;
use clientele_pipeline::act::export::{ExportFormat, What, export};
use clientele_pipeline::understand::rows::{Value, int, text};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::support::{Base, ask, fixture, tiers_of};

const DAY: &str = "2025-07-01";

/// A row of an orders file, without its number.
type Row = String;

const HEADER: &str =
    "order_id,customer_id,ordered_at,amount,refunded,status,discount,cost,category,channel,payment_method";

/// Orders of few customers with few different values, so that ties are everywhere.
fn orders() -> impl Strategy<Value = Vec<Row>> {
    let ids = ["17", "3", "O'Brien", "\"a, b\"", "客户一", "Zoë", "20", "200", "x--", "1e3"];
    let customer = (0..ids.len(), 0..4u8).prop_map(move |(i, salt)| match salt {
        0 => ids[i].to_owned(),
        salt => format!("c{i}{salt}"),
    });
    let at = (0..700u32, prop_oneof![Just("00:00:00"), Just("05:30:00"), Just("13:00:00"), Just("20:15:00")])
        .prop_map(|(back, time)| {
            let day: chrono::NaiveDate = DAY.parse().expect("a day");
            format!("{} {time}", day - chrono::Days::new(u64::from(back)) + chrono::Days::new(5))
        });
    let money =
        prop_oneof![Just("0"), Just("10"), Just("10.50"), Just("99.99"), Just("5000"), Just("12000.01")];
    let status = prop_oneof![
        6 => Just("completed"), 1 => Just("returned"), 1 => Just("cancelled"), 1 => Just("pending")
    ];
    let extras = prop_oneof![
        Just(",,,,"),
        Just("1,5,tea,web,card"),
        Just("0,,oil,store,cash"),
        Just("2,50,tea,app,alipay")
    ];
    let order = (customer, at, money, prop_oneof![3 => Just("0"), 1 => Just("3.30")], status, extras)
        .prop_map(|(customer, at, amount, refunded, status, extras)| {
            format!("{customer},{at},{amount},{refunded},{status},{extras}")
        });
    // Two at least: the second base is given them in two files, and a file without rows is refused.
    vec(order, 2..120)
}

fn file(rows: &[(usize, &Row)]) -> String {
    let mut text = format!("{HEADER}\n");
    for (number, row) in rows {
        writeln!(text, "A{number:04},{row}").expect("text");
    }
    text
}

/// The metrics and labels of the last run as exported bytes.
async fn exported(base: &Base) -> [Vec<u8>; 2] {
    let view = base.view(None).await;
    let quiet: Arc<dyn Progress> = Arc::new(Quiet);
    let mut out = [Vec::new(), Vec::new()];
    for (bytes, what) in out.iter_mut().zip([What::Metrics, What::Labels]) {
        let path = base.folder.path().join("export.csv");
        export(&view, what, &path, ExportFormat::Csv { byte_order_mark: false }, &quiet)
            .await
            .expect("an export");
        *bytes = std::fs::read(path).expect("the export");
    }
    out
}

/// Every customer is in exactly one tier of every scheme, and the tiers make up the whole.
async fn is_sound(base: &Base, customers: usize) {
    let view = base.view(None).await;
    assert_eq!(view.run.customers, customers as u64);
    let counts = ask(&view, "SELECT count(*), count(DISTINCT customer_key) FROM labels").await;
    assert_eq!((int(&counts[0][0]), int(&counts[0][1])), (customers as i64, customers as i64));
    for scheme in view.schemes() {
        let known: BTreeSet<&str> =
            scheme.tiers.iter().map(|t| t.id.as_str()).chain([TierId::UNKNOWN]).collect();
        let column = scheme.id.column();
        let sql = format!("SELECT {column}, count(*) FROM labels GROUP BY {column}");
        for row in ask(&view, &sql).await {
            assert!(known.contains(text(&row[0]).as_str()), "{}: {row:?}", scheme.id);
        }
        let sizes = view.tiers(scheme).await.expect("sizes");
        assert_eq!(sizes.tiers.iter().map(|t| t.customers).sum::<i64>(), customers as i64, "{}", scheme.id);
        let share: f64 = sizes.tiers.iter().map(|t| t.customer_share).sum();
        assert!((share - 1.0).abs() < 1e-9, "{}: {share}", scheme.id);
        let revenue: i128 = sizes.tiers.iter().map(|t| t.revenue).sum();
        let share: f64 = sizes.tiers.iter().map(|t| t.revenue_share).sum();
        assert!(revenue == 0 || (share - 1.0).abs() < 1e-9, "{}: {share}", scheme.id);
    }
}

#[test]
fn the_answer_does_not_depend_on_how_it_is_asked() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let config = ProptestConfig {
        cases: 3,
        max_shrink_iters: 20,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let shuffled = orders().prop_flat_map(|rows| {
        let order: Vec<usize> = (0..rows.len()).collect();
        (Just(rows), Just(order).prop_shuffle())
    });
    let check = async |rows: &[Row], order: &[usize]| {
        let in_order: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
        let base = Base::new(1000).await;
        let imported = base.import_text("orders.csv", &file(&in_order)).await;
        let customers = imported.report.totals.customers as usize;
        base.refresh_with(DAY, &[], EngineSettings { target_partitions: 1, ..EngineSettings::default() }, 1)
            .await
            .expect("a run");
        is_sound(&base, customers).await;
        let first = exported(&base).await;

        // Once more: the same bytes.
        base.refresh(DAY, &[]).await;
        assert!(first == exported(&base).await, "a second run differs");

        // Rows in another order and in two files, small buckets, small batches, more threads.
        let other = Base::new(9).await;
        let shuffled: Vec<(usize, &Row)> = order.iter().map(|&i| (i, &rows[i])).collect();
        let (some, rest) = shuffled.split_at(shuffled.len() / 2);
        other.import_text("some.csv", &file(some)).await;
        other.import_text("rest.csv", &file(rest)).await;
        let engine = EngineSettings { target_partitions: 3, batch_size: 2, ..EngineSettings::default() };
        other.refresh_with(DAY, &[], engine, 3).await.expect("a run");
        let [metrics, labels] = exported(&other).await;
        assert_eq!(String::from_utf8_lossy(&metrics), String::from_utf8_lossy(&first[0]), "metrics");
        assert_eq!(String::from_utf8_lossy(&labels), String::from_utf8_lossy(&first[1]), "labels");
    };
    TestRunner::new(config)
        .run(&shuffled, |(rows, order)| {
            runtime.block_on(check(&rows, &order));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test]
async fn nobody_is_no_base() {
    let base = Base::new(10).await;
    let error = base.try_refresh(DAY, &[]).await.expect_err("nobody to classify");
    assert!(matches!(error, RefreshError::Empty), "{error}");
    let lake = base.workspace.lake().await.expect("a lake");
    assert_eq!(lake.schema("labels").await.expect("a lake"), None, "nothing was begun");
}

/// So many customers with the same two orders.
async fn alike(customers: usize) -> Base {
    let base = Base::new(2).await;
    let mut text = "order_id,customer_id,ordered_at,amount\n".to_owned();
    for i in 0..customers {
        writeln!(text, "A{i},C{i},2025-05-01 10:00:00,20\nB{i},C{i},2025-06-01 10:00:00,30").expect("text");
    }
    base.import_text("orders.csv", &text).await;
    base
}

#[tokio::test]
async fn one_customer_is_a_base() {
    let base = alike(1).await;
    base.refresh(DAY, &[]).await;
    is_sound(&base, 1).await;
    let view = base.view(None).await;
    // The only one is in the first, the weakest, of five parts.
    assert_eq!(tiers_of(&view, "rfm-11").await["C0"], "lost");
    assert_eq!(tiers_of(&view, "abc").await["C0"], "a");
    assert_eq!(tiers_of(&view, "purchase-power").await["C0"], "low");
    assert_eq!(tiers_of(&view, "rfm-8").await["C0"], "important_value");
}

#[tokio::test]
async fn customers_who_are_all_alike_are_parted_by_id() {
    let base = alike(5).await;
    base.refresh(DAY, &[]).await;
    is_sound(&base, 5).await;
    let view = base.view(None).await;
    let codes = ask(&view, "SELECT rfm_11__code FROM labels ORDER BY customer_id").await;
    assert_eq!(codes.iter().map(|r| text(&r[0])).collect::<Vec<_>>(), ["111", "222", "333", "444", "555"]);
    let abc: Vec<String> = tiers_of(&view, "abc").await.into_values().collect();
    // A fifth each: 0, 20, 40 and 60 % are below 70 %, 80 % is below 90 %.
    assert_eq!(abc, ["a", "a", "a", "a", "b"]);
    // Where no part is made, everyone alike is in one tier.
    for scheme in ["lifecycle", "four-types", "purchase-cycle", "loyalty-power", "rfm-8"] {
        let tiers: BTreeSet<String> = tiers_of(&view, scheme).await.into_values().collect();
        assert_eq!(tiers.len(), 1, "{scheme}: {tiers:?}");
    }
}

#[tokio::test]
async fn two_refreshes_at_once_make_two_runs_or_one_and_an_error() {
    let base = Base::tiny_shop().await;
    let (one, other) = tokio::join!(base.try_refresh(DAY, &["abc"]), base.try_refresh(DAY, &["abc"]));
    let made = [&one, &other].into_iter().filter(|run| run.is_ok()).count();
    assert!(made > 0, "{one:?} {other:?}");
    let view = base.view(None).await;
    assert_eq!(view.runs.len(), made);
    let ids: BTreeSet<&str> = view.runs.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids.len(), made);
    is_sound(&base, 20).await;
}

#[tokio::test]
async fn a_scheme_that_is_not_there_is_named_and_nothing_is_made() {
    let base = Base::new(7).await;
    base.import(fixture("tiny_shop/orders.csv")).await;
    let error = base.try_refresh(DAY, &["rfm-12"]).await.expect_err("no such scheme");
    assert_eq!(error.to_string(), "there is no scheme `rfm-12`; did you mean `rfm-11`?");
}

#[tokio::test]
async fn schemes_that_nobody_can_be_placed_by_name_everybody_unknown() {
    let base = Base::tiny_shop().await;
    // No answers to any questionnaire were ever brought in.
    base.refresh(DAY, &["nps", "satisfaction"]).await;
    let view = base.view(None).await;
    for scheme in ["nps", "satisfaction"] {
        let tiers = tiers_of(&view, scheme).await;
        assert_eq!(tiers.len(), 20, "{scheme}");
        assert!(tiers.values().all(|tier| tier == "unknown"), "{scheme}: {tiers:?}");
    }
    // Beside schemes that some can be placed by, and with the labels of before.
    base.refresh("2025-07-02", &["nps", "abc"]).await;
    let view = base.view(None).await;
    let since = "SELECT DISTINCT nps, nps__since, nps__previous, abc__since FROM labels";
    let found = ask(&view, since).await;
    assert_eq!(found.len(), 1, "{found:?}");
    let days = ["2025-07-01", "2025-07-02"].map(|day| Value::Date(day.parse().expect("a day")));
    let [first, second] = days;
    assert_eq!(found[0], [Value::Text("unknown".to_owned()), first, Value::Unknown, second]);
    is_sound(&base, 20).await;
}
