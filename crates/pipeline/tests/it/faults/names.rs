//! A lake lives where people put it: on paths with spaces and Chinese characters.

use std::sync::Arc;

use clientele_engine::arrow::array::{ArrayRef, Int32Array, RecordBatch};
use clientele_engine::{Lake, Location};

use super::place::{Ground, Place};

/// More commits than a table goes without a checkpoint, twice over.
const COMMITS: i32 = 43;

async fn live(ground: Ground) {
    let place = Place::new(ground);
    let location = match &place.bucket {
        Some(_) => Location::parse(&place.lake()),
        None => Location::folder(place.folder().join("湖 #1 (50 %)")),
    };
    let location = location.expect("a location");
    let mut lake = Lake::create(location.clone()).await.expect("a lake");
    for number in 0..COMMITS {
        let mut change = lake.begin().await.expect("a transaction");
        let column: ArrayRef = Arc::new(Int32Array::from(vec![number]));
        let rows = RecordBatch::try_from_iter([("number", column)]).expect("rows");
        if number == 0 {
            change.create_table("numbers", rows.schema(), &[]).expect("a table");
        }
        let mut writer = change.writer("numbers", &[]).expect("a writer");
        writer.write(&rows).expect("rows");
        let file = writer.finish().expect("a file");
        change.add("numbers", vec![file]).expect("a file of the table");
        change.commit("one more").await.unwrap_or_else(|error| panic!("{number}: {error}"));
        lake.refresh().await.expect("the newest generation");
    }
    // As somebody who comes anew finds it.
    let again = Lake::open(location).await.expect("a lake");
    let files = again.files("numbers").await.expect("files");
    assert_eq!(files.len(), COMMITS as usize);
    assert_eq!(again.snapshot().generation(), COMMITS as u64);
    let early = again.at(3).await.expect("an early generation");
    assert_eq!(early.files("numbers").await.expect("files").len(), 3);
    let checkpoints = place.content().await;
    let found = checkpoints.keys().filter(|name| name.ends_with(".checkpoint.parquet")).count();
    assert!(found >= 4, "there are checkpoints of both tables: {found}");
}

#[tokio::test]
async fn a_lake_in_a_folder_outlives_its_checkpoints() {
    live(Ground::Folder).await;
}

#[tokio::test]
async fn a_lake_in_a_bucket_outlives_its_checkpoints() {
    live(Ground::Bucket).await;
}
