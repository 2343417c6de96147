//! Rewriting history: rows leave every version, and nothing else changes.

use std::path::Path;

use chrono::{DateTime, Utc};
use clientele_engine::arrow::array::{AsArray, BooleanArray};
use clientele_engine::arrow::compute::filter_record_batch;
use clientele_engine::arrow::datatypes::{DataType, Int32Type};
use clientele_engine::lake::search::{Texts, search};
use clientele_engine::{Lake, Transaction};

use crate::support::{files_below, import, lake, location, session, table};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// The keys of a generation, in order.
async fn keys(lake: &Lake) -> String {
    let session = session().await;
    let schema = lake.schema("orders").await.unwrap().unwrap();
    let files = lake.files("orders").await.unwrap();
    let partitions = [("bucket", DataType::Int32), ("batch", DataType::Utf8)];
    session.register_files("orders", schema, &files, &partitions).unwrap();
    table(&session, "select bucket, batch, key, name, amount from orders order by key, batch").await
}

async fn generations(lake: &Lake, from: u64) -> Vec<String> {
    let mut all = Vec::new();
    for generation in from..=lake.snapshot().generation() {
        all.push(keys(&lake.at(generation).await.unwrap()).await);
    }
    all
}

/// Writes each file anew that holds the key, without it.
async fn without(
    transaction: &Transaction,
    key: i32,
) -> Vec<(String, clientele_engine::DataFile, clientele_engine::DataFile)> {
    let mut replaced = Vec::new();
    for file in transaction.history("orders").await.unwrap() {
        let is_other = |batch: &clientele_engine::arrow::array::RecordBatch| -> BooleanArray {
            let keys = batch.column_by_name("key").unwrap().as_primitive::<Int32Type>();
            keys.iter().map(|found| Some(found != Some(key))).collect()
        };
        let looked = transaction.rows("orders", &file, Some(&["key"])).await.unwrap();
        if looked.iter().all(|batch| is_other(batch).false_count() == 0) {
            continue;
        }
        let partitions: Vec<(&str, &str)> =
            file.partitions.iter().map(|(column, value)| (column.as_str(), value.as_str())).collect();
        let mut writer = transaction.writer("orders", &partitions).unwrap();
        for batch in transaction.rows("orders", &file, None).await.unwrap() {
            writer.write(&filter_record_batch(&batch, &is_other(&batch)).unwrap()).unwrap();
        }
        replaced.push(("orders".to_owned(), file, writer.finish().unwrap()));
    }
    replaced
}

/// A lake of many versions, past a checkpoint: a file is taken out and put back again.
async fn of_many_versions(folder: &Path) -> Lake {
    let mut lake = lake(folder).await;
    let first = import(&mut lake, "b0001", 0..10).await;
    let mut change = lake.begin().await.unwrap();
    change.remove("orders", first.clone()).unwrap();
    change.commit("take out").await.unwrap();
    lake.refresh().await.unwrap();
    let mut change = lake.begin().await.unwrap();
    change.add("orders", first).unwrap();
    change.commit("put back").await.unwrap();
    lake.refresh().await.unwrap();
    for batch in 0..20 {
        import(&mut lake, &format!("c{batch:04}"), batch * 2..batch * 2 + 4).await;
    }
    lake
}

fn without_lines(text: &str, key: i32) -> Vec<&str> {
    let cell = format!("| {key} ");
    // Cells are as wide as the widest, which may be the one that goes.
    text.lines().filter(|line| !line.contains(&cell) && !line.starts_with('+')).collect()
}

#[tokio::test]
async fn rows_leave_every_version_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("客户 资料");
    let lake = of_many_versions(&place).await;
    assert!(files_below(&place).iter().any(|f| f.starts_with("orders") && f.contains(".checkpoint.")));
    let before = generations(&lake, 1).await;
    let texts = Texts { anywhere: vec!["客户 7".into()], values: Vec::new() };
    assert!(!search(lake.location(), &texts).await.unwrap().found.is_empty());

    let transaction = lake.begin().await.unwrap();
    assert!(!transaction.has_completed_rewriting());
    let replaced = without(&transaction, 7).await;
    assert_eq!(replaced.len(), 3);
    let old: Vec<String> = replaced.iter().map(|(_, old, _)| old.path.clone()).collect();
    transaction.rewrite(replaced, "forget", now()).await.unwrap();

    let again = Lake::open(location(&place)).await.unwrap();
    assert_eq!(again.snapshot().generation(), lake.snapshot().generation() + 1);
    assert_eq!(again.snapshot().message(), "forget");
    let after = generations(&again, 1).await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(without_lines(before, 7), without_lines(after, 7));
        assert!(!after.contains("客户 7 "), "{after}");
    }
    assert!(before.iter().any(|text| text.contains("客户 7 ")));
    assert_eq!(search(again.location(), &texts).await.unwrap().found, []);
    let files = files_below(&place);
    assert!(old.iter().all(|path| !files.contains(&format!("orders/{path}"))));
    assert!(!files.iter().any(|file| file.starts_with("_rewrite") || file.starts_with("_staged")));
    // A lake that was open all the time reads on.
    assert_eq!(generations(&lake, 1).await, after[..after.len() - 1]);
}

#[tokio::test]
async fn a_log_that_was_cut_is_rewritten_too() {
    let folder = tempfile::tempdir().unwrap();
    let lake = of_many_versions(folder.path()).await;
    let log = folder.path().join("orders/_delta_log");
    for version in 0..20 {
        std::fs::remove_file(log.join(format!("{version:020}.json"))).unwrap();
    }
    let from = 21;
    let before = generations(&Lake::open(location(folder.path())).await.unwrap(), from).await;
    let transaction = lake.begin().await.unwrap();
    let replaced = without(&transaction, 3).await;
    assert!(replaced.iter().any(|(_, old, _)| old.partitions["batch"] == "b0001"), "from the checkpoint");
    transaction.rewrite(replaced, "forget", now()).await.unwrap();
    let after = generations(&Lake::open(location(folder.path())).await.unwrap(), from).await;
    for (before, after) in before.iter().zip(&after) {
        assert!(before.contains("客户 3 ") && !after.contains("客户 3 "));
        assert_eq!(without_lines(before, 3), without_lines(after, 3));
    }
}

#[tokio::test]
async fn what_is_not_rewritten_in_the_end_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let lake = of_many_versions(folder.path()).await;
    let (files, before) = (files_below(folder.path()), generations(&lake, 1).await);
    let transaction = lake.begin().await.unwrap();
    assert!(!without(&transaction, 7).await.is_empty());
    drop(transaction);
    assert_eq!(files_below(folder.path()), files);
    assert_eq!(generations(&lake, 1).await, before);
}

#[tokio::test]
async fn a_lake_that_is_open_elsewhere_learns_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = of_many_versions(folder.path()).await;
    // More commits than one after the rewriting, few and many.
    for (key, commits) in [(7, 0), (8, 3), (9, 12)] {
        let kept = Lake::open(location(folder.path())).await.unwrap();
        let generation = kept.snapshot().generation();
        assert!(keys(&kept).await.contains(&format!("客户 {key} ")));
        let transaction = lake.begin().await.unwrap();
        let replaced = without(&transaction, key).await;
        transaction.rewrite(replaced, "forget", now()).await.unwrap();
        lake.refresh().await.unwrap();
        for commit in 0..commits {
            import(&mut lake, &format!("d{key:02}{commit:02}"), 100..101).await;
        }
        let kept = kept.newest().await.unwrap();
        let anew = Lake::open(location(folder.path())).await.unwrap();
        assert_eq!(kept.snapshot(), anew.snapshot());
        assert_eq!(keys(&kept).await, keys(&anew).await);
        let before = keys(&kept.at(generation).await.unwrap()).await;
        assert_eq!(before, keys(&anew.at(generation).await.unwrap()).await);
        assert!(!before.contains(&format!("客户 {key} ")));
    }
}
