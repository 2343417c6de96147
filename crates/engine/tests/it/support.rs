//! What the tests share.

use std::path::Path;
use std::sync::Arc;

use clientele_engine::arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use clientele_engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use clientele_engine::arrow::util::pretty::pretty_format_batches;
use clientele_engine::{DataFile, EngineSettings, FunctionSet, Lake, Location, Session};

pub fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("bucket", DataType::Int32, false),
        Field::new("batch", DataType::Utf8, false),
        Field::new("key", DataType::Int32, false),
        Field::new("name", DataType::Utf8, true),
        Field::new("amount", DataType::Decimal128(18, 4), true),
        Field::new("at", DataType::Timestamp(TimeUnit::Microsecond, None), true),
        Field::new("day", DataType::Date32, true),
    ]))
}

/// Rows with the keys given; the other columns follow from the key.
pub fn rows(keys: impl IntoIterator<Item = i32>) -> RecordBatch {
    let keys: Vec<i32> = keys.into_iter().collect();
    let wide = |f: &dyn Fn(i64) -> i64| keys.iter().map(|key| f(i64::from(*key))).collect::<Vec<_>>();
    let names: StringArray = keys.iter().map(|key| (key % 5 != 0).then(|| format!("客户 {key}"))).collect();
    let amounts = Decimal128Array::from_iter_values(keys.iter().map(|key| i128::from(*key) * 10_000))
        .with_precision_and_scale(18, 4)
        .unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("key", Arc::new(Int32Array::from(keys.clone()))),
        ("name", Arc::new(names)),
        ("amount", Arc::new(amounts)),
        ("at", Arc::new(TimestampMicrosecondArray::from(wide(&|key| key * 86_400_000_000)))),
        ("day", Arc::new(Date32Array::from(keys.clone()))),
    ];
    RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, name != "key")),
    )
    .unwrap()
}

pub fn location(folder: &Path) -> Location {
    Location::folder(folder).unwrap()
}

/// A lake with the table `orders`, empty.
pub async fn lake(folder: &Path) -> Lake {
    lake_at(location(folder)).await
}

/// A lake with the table `orders`, empty, wherever it is.
pub async fn lake_at(place: Location) -> Lake {
    let mut lake = Lake::create(place).await.unwrap();
    let mut change = lake.begin().await.unwrap();
    change.create_table("orders", schema(), &["bucket", "batch"]).unwrap();
    change.commit("make").await.unwrap();
    lake.refresh().await.unwrap();
    lake
}

/// Commits one batch: a file for each of two buckets.
pub async fn import(lake: &mut Lake, batch: &str, keys: std::ops::Range<i32>) -> Vec<DataFile> {
    let mut change = lake.begin().await.unwrap();
    let files: Vec<DataFile> = ["0", "1"]
        .into_iter()
        .map(|bucket| {
            let mut writer = change.writer("orders", &[("bucket", bucket), ("batch", batch)]).unwrap();
            let odd: i32 = bucket.parse().unwrap();
            writer.write(&rows(keys.clone().filter(|key| key % 2 == odd))).unwrap();
            writer.finish().unwrap()
        })
        .collect();
    change.add("orders", files.clone()).unwrap();
    change.commit(batch).await.unwrap();
    lake.refresh().await.unwrap();
    files
}

pub async fn session() -> Session {
    let settings = EngineSettings { target_partitions: 2, ..EngineSettings::default() };
    Session::open(&settings, &FunctionSet::default()).await.unwrap()
}

/// Names the lake's `orders` in the session.
pub async fn register(session: &Session, lake: &Lake) {
    let schema = lake.schema("orders").await.unwrap().unwrap();
    let files = lake.files("orders").await.unwrap();
    let partitions = [("bucket", DataType::Int32), ("batch", DataType::Utf8)];
    session.register_files("orders", schema, &files, &partitions).unwrap();
}

pub async fn table(session: &Session, sql: &str) -> String {
    let batches = session.sql(sql).await.unwrap().collect().await.unwrap();
    pretty_format_batches(&batches).unwrap().to_string()
}

/// The one whole number that a query yields.
pub async fn number(session: &Session, sql: &str) -> i64 {
    let batches = session.sql(sql).await.unwrap().collect().await.unwrap();
    batches[0].column(0).as_any().downcast_ref::<Int64Array>().unwrap().value(0)
}

pub async fn count(lake: &Lake) -> i64 {
    let session = session().await;
    session.register_location(lake.location()).unwrap();
    register(&session, lake).await;
    number(&session, "select count(key) from orders").await
}

/// All files below a folder, without the lock.
pub fn files_below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("_lock") {
                found.push(path.strip_prefix(folder).unwrap().display().to_string());
            }
        }
    }
    found.sort();
    found
}

pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
