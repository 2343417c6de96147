//! What lies in a lake's place and is not the lake's.

use std::fs;

use clientele_engine::{EngineError, Lake, Location};
use object_store::{ObjectStore as _, ObjectStoreExt as _};

use crate::lake::fails;
use crate::store::OddStore;
use crate::support::{count, files_below, import, lake, lake_at, location, rows, schema};

/// A Delta table that somebody else has, as their log has it.
const FOREIGN: &str = r#"{"commitInfo":{"timestamp":1,"operation":"CREATE TABLE","engineInfo":"spark"}}"#;

#[tokio::test]
async fn a_lake_is_not_made_where_other_things_are() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("数据 湖");
    fs::create_dir_all(place.join("sales/_delta_log")).unwrap();
    fs::write(place.join("sales/_delta_log/00000000000000000000.json"), FOREIGN).unwrap();
    let before = files_below(&place);
    let error = fails(Lake::create(location(&place)).await);
    assert!(
        matches!(&error, EngineError::Occupied { found, .. } if found.contains("sales/_delta_log")),
        "{error}"
    );
    assert!(error.to_string().contains("数据 湖"), "{error}");
    assert_eq!(files_below(&place), before);

    let (store, place) = OddStore::new();
    store.put(&"shop/lake/notes.txt".into(), "mine".into()).await.unwrap();
    let error = fails(Lake::create(place).await);
    assert!(matches!(&error, EngineError::Occupied { found, .. } if found.contains("notes.txt")), "{error}");
    assert_eq!(store.paths().await, ["shop/lake/notes.txt"]);
}

#[tokio::test]
async fn a_lake_is_made_in_an_empty_folder_and_again_where_one_was_begun() {
    let folder = tempfile::tempdir().unwrap();
    // What a killed `create` leaves behind on a disk.
    let log = folder.path().join("manifest/_delta_log");
    fs::create_dir_all(&log).unwrap();
    fs::write(log.join("00000000000000000000.json.new#4711"), "{\"commitIn").unwrap();
    Lake::create(location(folder.path())).await.unwrap();
    let error = fails(Lake::create(location(folder.path())).await);
    assert!(matches!(error, EngineError::AlreadyExists { .. }), "{error}");
}

/// Puts other people's things into a lake, kills writers in it, and looks what is left.
async fn foreign_things_stay(
    place: Location,
    put: impl AsyncFn(&str, &str),
    get: impl AsyncFn(&str) -> Option<String>,
) {
    let mut lake = lake_at(place.clone()).await;
    import(&mut lake, "b0001", 0..10).await;
    let things = [
        "sales/_delta_log/00000000000000000000.json",
        "sales/part-00000-0123456789abcdef0123456789abcdef.parquet",
        "orders/readme.txt",
        "orders/bucket=0/batch=b0001/part-from-elsewhere.snappy.parquet",
        "orders/_delta_log/notes.txt",
        "_staged/todo.md",
        "other/_delta_log/00000000000000000000.json",
    ];
    for thing in things {
        put(thing, FOREIGN).await;
    }
    // A writer that dies with everything begun.
    for _ in 0..3 {
        let mut change = lake.begin().await.unwrap();
        change.create_table("new", schema(), &["bucket", "batch"]).unwrap();
        for table in ["orders", "new"] {
            let mut writer = change.writer(table, &[("bucket", "0"), ("batch", "b2")]).unwrap();
            writer.write(&rows(10..20)).unwrap();
            change.add(table, vec![writer.finish().unwrap()]).unwrap();
        }
        // A table where somebody else's things lie is not made at all.
        let error = fails(change.create_table("sales", schema(), &[]));
        assert!(matches!(&error, EngineError::Occupied { .. }), "{error}");
        drop(change);
    }
    import(&mut lake, "b0002", 10..20).await;
    assert_eq!(count(&lake).await, 20);
    for thing in things {
        assert_eq!(get(thing).await.as_deref(), Some(FOREIGN), "{thing}");
    }
    let mut foreign = lake.foreign_files().await.unwrap();
    let root = place.to_string();
    foreign
        .iter_mut()
        .for_each(|f| *f = f.trim_start_matches(root.as_str()).trim_start_matches('/').to_owned());
    let mut expected: Vec<_> = things.iter().map(|thing| (*thing).to_owned()).collect();
    expected.sort();
    assert_eq!(foreign, expected);
}

#[tokio::test]
async fn foreign_things_in_a_folder_stay() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("my lake 一");
    let put = async |path: &str, text: &str| {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), text).unwrap();
    };
    let get = async |path: &str| fs::read_to_string(root.join(path)).ok();
    foreign_things_stay(location(&root), put, get).await;
}

#[tokio::test]
async fn foreign_things_in_an_object_store_stay() {
    let (store, place) = OddStore::new();
    let at = |path: &str| object_store::path::Path::from(format!("shop/lake/{path}"));
    let put = async |path: &str, text: &str| {
        store.put(&at(path), text.to_owned().into()).await.unwrap();
    };
    let get = async |path: &str| {
        let bytes = store.get_opts(&at(path), Default::default()).await.ok()?.bytes().await.ok()?;
        String::from_utf8(bytes.to_vec()).ok()
    };
    foreign_things_stay(place, put, get).await;
}

#[tokio::test]
async fn nothing_is_removed_because_the_manifest_does_not_name_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    // A whole sibling lake, put into this one's folder by mistake.
    let sibling = folder.path().join("sibling");
    let mut other = crate::support::lake(&sibling).await;
    import(&mut other, "b0001", 0..10).await;
    let before = files_below(&sibling);
    import(&mut lake, "b0001", 0..5).await;
    drop(lake.begin().await.unwrap());
    assert_eq!(files_below(&sibling), before);
    assert_eq!(count(&Lake::open(location(&sibling)).await.unwrap()).await, 10);
}
