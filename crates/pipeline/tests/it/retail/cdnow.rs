//! CDNOW: four columns between blanks, taken as they are.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clientele_pipeline::understand::rows::Value;

use crate::support::{Base, per_customer, root};

/// CDNOW has no licence that would let it be kept here: it is read where it lies, if it does.
fn master() -> Option<PathBuf> {
    let folder = std::env::var_os("CLIENTELE_CDNOW")
        .map_or_else(|| root().join("../shared/data/cdnow"), PathBuf::from);
    let path = folder.join("CDNOW_master.txt");
    if !path.exists() {
        eprintln!("SKIPPED: {} is not there; set CLIENTELE_CDNOW to its folder", path.display());
        return None;
    }
    Some(path)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cdnow_orders_and_spend_are_those_of_the_file() {
    let Some(path) = master() else { return };
    let text = std::fs::read_to_string(&path).expect("a text");
    let base = Base::new(10_000).await;
    let report = base.import(path).await;
    assert_eq!((report.report.totals.rows, report.report.totals.customers), (69_659, 23_570));
    let run = base.refresh("1998-07-01", &["rfm-11", "abc", "lifecycle"]).await;
    assert_eq!(run.customers, 23_570);

    // Under a heading: customer, date, number of discs, dollars. Orders of nothing do not count.
    let mut expected: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in text.lines().skip(1).filter(|l| !l.trim().is_empty()) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let dollars: rust_decimal::Decimal = cells[3].parse().expect("dollars");
        let units: i128 = (dollars * rust_decimal::Decimal::from(10_000)).try_into().expect("a sum");
        let mine = expected.entry(cells[0].to_owned()).or_insert(vec![Value::Int(0), Value::Money(0)]);
        if let [Value::Int(orders), Value::Money(spend)] = mine.as_mut_slice() {
            *orders += i64::from(units > 0);
            *spend += units;
        }
    }
    assert_eq!(expected.len(), 23_570);
    let view = base.view(None).await;
    assert_eq!(per_customer(&view, "metrics", &["frequency", "monetary"]).await, expected);
}
