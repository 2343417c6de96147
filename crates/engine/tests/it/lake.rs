//! The lake: what is committed is there, what is not is not.

mod damage;
mod place;
mod writers;

use std::fs;

use clientele_engine::arrow::array::{Int64Array, RecordBatch};
use clientele_engine::arrow::datatypes::{DataType, TimeUnit};
use clientele_engine::lake::with_partition;
use clientele_engine::{EngineError, Lake};

use crate::support::{
    copy_folder, count, files_below, import, lake, location, number, register, rows, schema, session, table,
};

#[track_caller]
pub fn fails<T>(result: Result<T, EngineError>) -> EngineError {
    match result {
        Ok(_) => panic!("this should have failed"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn what_was_committed_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("客户 资料 100% #1");
    let mut first = lake(&place).await;
    import(&mut first, "b0001", 0..10).await;
    let again = Lake::open(location(&place)).await.unwrap();
    assert_eq!(again.snapshot().generation(), 2);
    assert_eq!(again.snapshot().tables().collect::<Vec<_>>(), [("orders", 1)]);
    assert_eq!(again.snapshot().message(), "b0001");
    assert!(again.snapshot().committed_at().is_some());
    let found = again.schema("orders").await.unwrap().unwrap();
    assert_eq!(
        found.field_with_name("at").unwrap().data_type(),
        &DataType::Timestamp(TimeUnit::Microsecond, None)
    );
    assert_eq!(found.field_with_name("amount").unwrap().data_type(), &DataType::Decimal128(18, 4));
    let session = session().await;
    register(&session, &again).await;
    let all = table(
        &session,
        "select bucket, batch, key, name, amount, at, day from orders where key > 6 order by key",
    )
    .await;
    assert_eq!(
        all,
        "\
+--------+-------+-----+--------+--------+---------------------+------------+
| bucket | batch | key | name   | amount | at                  | day        |
+--------+-------+-----+--------+--------+---------------------+------------+
| 1      | b0001 | 7   | 客户 7 | 7.0000 | 1970-01-08T00:00:00 | 1970-01-08 |
| 0      | b0001 | 8   | 客户 8 | 8.0000 | 1970-01-09T00:00:00 | 1970-01-09 |
| 1      | b0001 | 9   | 客户 9 | 9.0000 | 1970-01-10T00:00:00 | 1970-01-10 |
+--------+-------+-----+--------+--------+---------------------+------------+"
    );
}

#[tokio::test]
async fn files_know_their_rows_partitions_and_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    let written = import(&mut lake, "b0001", 0..10).await;
    let mut files = lake.files("orders").await.unwrap();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    for (found, written) in files.iter().zip(&written) {
        assert_eq!((&found.path, found.rows, found.size), (&written.path, Some(5), written.size));
        assert_eq!((&found.url, &found.partitions), (&written.url, &written.partitions));
        assert!(found.path.starts_with("bucket="));
    }
    assert_eq!(files[1].min("key"), Some(1.into()));
    assert_eq!(files[1].max("key"), Some(9.into()));
    assert_eq!(files[1].max("day"), Some("1970-01-10".into()));
    let day = |day: u32| chrono::NaiveDate::from_ymd_opt(1970, 1, day).unwrap().and_hms_opt(0, 0, 0).unwrap();
    // The greatest time is that of the tenth.
    assert!(files[1].is_before("at", day(11)) && !files[1].is_before("at", day(10)));
    assert!(!files[1].is_before("nothing", day(11)), "what is not known is not told");
    let zero: Vec<_> = with_partition(&files, "bucket", "0").collect();
    assert_eq!(zero.len(), 1);
    assert_eq!(lake.files("nothing").await.unwrap(), []);
    assert!(lake.schema("nothing").await.unwrap().is_none());
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    import(&mut lake, "b0001", 0..10).await;
    let before = files_below(folder.path());
    for discard in [true, false] {
        let mut change = lake.begin().await.unwrap();
        change.create_table("other", schema(), &[]).unwrap();
        let mut writer = change.writer("orders", &[("bucket", "0"), ("batch", "b0002")]).unwrap();
        writer.write(&rows(0..10)).unwrap();
        let file = writer.finish().unwrap();
        let mut unfinished = change.writer("other", &[]).unwrap();
        unfinished.write(&rows(0..1)).unwrap_err();
        change.add("orders", vec![file]).unwrap();
        if discard {
            change.discard().await.unwrap();
        } else {
            drop(change);
        }
        assert_eq!(files_below(folder.path()), before);
    }
    assert_eq!(count(&lake).await, 10);
}

#[tokio::test]
async fn a_crash_before_the_manifest_leaves_the_state_before() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("lake");
    let mut lake = lake(&place).await;
    import(&mut lake, "b0001", 0..10).await;

    // A transaction that commits its tables, old and new, is set back to just before the
    // manifest: that is what a kill between the two leaves on the disk.
    let mut change = lake.begin().await.unwrap();
    change.create_table("other", schema(), &[]).unwrap();
    let mut writer = change.writer("orders", &[("bucket", "0"), ("batch", "b0002")]).unwrap();
    writer.write(&rows(10..20)).unwrap();
    let file = writer.finish().unwrap();
    change.add("orders", vec![file]).unwrap();
    let left = change.writer("orders", &[("bucket", "1"), ("batch", "b0002")]).unwrap();
    let kept = folder.path().join("kept");
    copy_folder(&place.join("manifest"), &kept.join("manifest"));
    copy_folder(&place.join("_staged"), &kept.join("_staged"));
    drop(left);
    change.commit("b0002").await.unwrap();
    for name in ["manifest", "_staged"] {
        fs::remove_dir_all(place.join(name)).unwrap();
        copy_folder(&kept.join(name), &place.join(name));
    }
    assert!(place.join("orders/_delta_log/00000000000000000002.json").exists());
    assert!(place.join("other/_delta_log/00000000000000000000.json").exists());

    let mut again = Lake::open(location(&place)).await.unwrap();
    assert_eq!(again.snapshot().generation(), 2);
    assert!(again.schema("other").await.unwrap().is_none());
    assert_eq!(count(&again).await, 10);
    let change = again.begin().await.unwrap();
    assert!(!place.join("orders/_delta_log/00000000000000000002.json").exists());
    assert!(!place.join("other").exists());
    assert!(!files_below(&place).iter().any(|file| file.contains("b0002")));
    drop(change);
    import(&mut again, "b0002", 10..13).await;
    assert_eq!(count(&again).await, 13);
}

#[tokio::test]
async fn a_second_writer_is_told_at_once_who_writes() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path()).await;
    let first = lake.begin().await.unwrap();
    let error = fails(lake.begin().await);
    let me = format!("process {}", std::process::id());
    assert!(matches!(&error, EngineError::Locked { by, .. } if *by == me), "{error}");
    drop(first);
    lake.begin().await.unwrap();
}

#[tokio::test]
async fn a_newer_lake_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    lake(folder.path()).await;
    let log = folder.path().join("manifest/_delta_log/00000000000000000000.json");
    let text = fs::read_to_string(&log).unwrap();
    assert!(text.contains(r#""lake.formatVersion":"1""#), "{text}");
    // Its own seal would be right; one that is changed here is taken off.
    let unsealed = text.replace("\"seal\":", "\"mark\":").replace("clientele-lake", "a newer one");
    fs::write(&log, unsealed.replace(r#""lake.formatVersion":"1""#, r#""lake.formatVersion":"7""#)).unwrap();
    let error = fails(Lake::open(location(folder.path())).await);
    assert!(matches!(error, EngineError::NewerVersion { found: 7, supported: 1, .. }), "{error}");
}

#[tokio::test]
async fn a_lake_is_not_made_twice_nor_found_where_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let error = fails(Lake::open(location(&folder.path().join("none"))).await);
    assert!(matches!(error, EngineError::NotFound { .. }), "{error}");
    let error = fails(Lake::open(location(folder.path())).await);
    assert!(matches!(error, EngineError::NotFound { .. }), "{error}");
    assert_eq!(files_below(folder.path()), Vec::<String>::new());
    let lake = lake(folder.path()).await;
    let error = fails(Lake::create(location(folder.path())).await);
    assert!(matches!(error, EngineError::AlreadyExists { .. }), "{error}");
    let error = fails(lake.at(9).await);
    assert!(matches!(error, EngineError::NotFound { .. }), "{error}");
}

#[tokio::test]
async fn files_can_be_removed_and_added_again_and_old_generations_stay() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    let first = import(&mut lake, "b0001", 0..10).await;
    import(&mut lake, "b0002", 10..30).await;
    let mut change = lake.begin().await.unwrap();
    change.remove("orders", first.clone()).unwrap();
    change.commit("undo b0001").await.unwrap();
    lake.refresh().await.unwrap();
    assert_eq!(count(&lake).await, 20);
    let mut change = lake.begin().await.unwrap();
    change.add("orders", first).unwrap();
    change.commit("redo b0001").await.unwrap();
    lake.refresh().await.unwrap();
    assert_eq!(count(&lake).await, 30);
    for (generation, rows) in [(2, 10), (3, 30), (4, 20), (5, 30)] {
        assert_eq!(count(&lake.at(generation).await.unwrap()).await, rows, "generation {generation}");
    }
    assert_eq!(lake.at(0).await.unwrap().snapshot().tables().count(), 0);
}

#[tokio::test]
async fn many_commits_are_checkpointed_and_all_stay_readable() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    for batch in 0..22 {
        import(&mut lake, &format!("b{batch:04}"), batch * 2..batch * 2 + 2).await;
    }
    let files = files_below(folder.path());
    let checkpoint = "00000000000000000020.checkpoint.parquet";
    assert!(files.iter().any(|file| file == &format!("orders/_delta_log/{checkpoint}")), "{files:?}");
    let again = Lake::open(location(folder.path())).await.unwrap();
    assert_eq!(count(&again).await, 44);
    assert_eq!(count(&again.at(5).await.unwrap()).await, 8);
}

#[tokio::test]
async fn rows_that_do_not_fit_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path()).await;
    let change = lake.begin().await.unwrap();
    let error = fails(change.writer("nothing", &[]));
    assert!(matches!(error, EngineError::NotFound { .. }), "{error}");
    let error = fails(change.writer("orders", &[("color", "red")]));
    assert!(matches!(error, EngineError::Schema { .. }), "{error}");
    let mut writer = change.writer("orders", &[("bucket", "0"), ("batch", "b0001")]).unwrap();
    let big = Int64Array::from(vec![i64::MAX]);
    let batch = RecordBatch::try_from_iter([("key", std::sync::Arc::new(big) as _)]).unwrap();
    let error = fails(writer.write(&batch));
    assert!(error.to_string().contains("key"), "{error}");
    let small = Int64Array::from(vec![7]);
    let batch = RecordBatch::try_from_iter([("key", std::sync::Arc::new(small) as _)]).unwrap();
    writer.write(&batch).unwrap();
    assert_eq!(writer.finish().unwrap().rows, Some(1));
}

#[tokio::test]
async fn writers_work_on_several_threads_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    let mut change = lake.begin().await.unwrap();
    let threads: Vec<_> = (0..8)
        .map(|bucket| {
            let stager = change.stager();
            std::thread::spawn(move || {
                let bucket = bucket.to_string();
                let mut writer = stager.writer("orders", &[("bucket", &bucket), ("batch", "b")]).unwrap();
                writer.write(&rows(0..100)).unwrap();
                writer.finish().unwrap()
            })
        })
        .collect();
    let files = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    change.add("orders", files).unwrap();
    change.commit("b").await.unwrap();
    lake.refresh().await.unwrap();
    assert_eq!(count(&lake).await, 800);
}

#[tokio::test]
async fn another_commit_of_the_same_generation_is_a_conflict() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    import(&mut lake, "b0001", 0..10).await;
    let mut change = lake.begin().await.unwrap();
    change.create_table("other", schema(), &[]).unwrap();
    // What a writer without the lock would do.
    let log = folder.path().join("manifest/_delta_log");
    fs::copy(log.join("00000000000000000002.json"), log.join("00000000000000000003.json")).unwrap();
    let error = fails(change.commit("late").await);
    assert!(matches!(error, EngineError::Conflict { .. }), "{error}");
}

/// The child of the next test: commits to two tables without end. Does nothing by itself.
#[tokio::test]
async fn endless_writer() {
    let Some(folder) = std::env::var_os("ENDLESS_WRITER") else { return };
    let mut lake = Lake::open(location(folder.as_ref())).await.unwrap();
    loop {
        let mut change = lake.begin().await.unwrap();
        let table = format!("extra_{}", change.snapshot().generation());
        change.create_table(&table, schema(), &[]).unwrap();
        for table in ["orders", "lines"] {
            let mut writer = change.writer(table, &[("bucket", "0"), ("batch", "b")]).unwrap();
            writer.write(&rows(0..10)).unwrap();
            let file = writer.finish().unwrap();
            change.add(table, vec![file]).unwrap();
        }
        change.commit("more").await.unwrap();
        lake.refresh().await.unwrap();
    }
}

#[tokio::test]
async fn a_writer_that_is_killed_leaves_both_tables_before_or_after() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    let mut change = lake.begin().await.unwrap();
    change.create_table("lines", schema(), &["bucket", "batch"]).unwrap();
    change.commit("make").await.unwrap();
    lake.refresh().await.unwrap();
    let start = lake.snapshot().generation();
    for round in 0..12 {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "lake::endless_writer", "--nocapture"])
            .env("ENDLESS_WRITER", folder.path())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // Where starting it takes long, it gets longer.
        let begun = if lake.snapshot().generation() == start { round * round * 40 } else { 0 };
        tokio::time::sleep(std::time::Duration::from_millis(150 + 37 * round + begun)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        lake.refresh().await.unwrap();
        let generation = lake.snapshot().generation();
        let commits = usize::try_from(generation - start).unwrap();
        for table in ["orders", "lines"] {
            let files = lake.files(table).await.unwrap();
            assert_eq!(files.len(), commits, "round {round}: {table}");
            for file in files {
                assert_eq!(fs::metadata(file.url.to_file_path().unwrap()).unwrap().len(), file.size);
            }
        }
        assert_eq!(lake.snapshot().tables().count(), commits + 2);
        // A writer that starts now removes the rest: every data file left belongs to a table.
        drop(lake.begin().await.unwrap());
        let data = files_below(folder.path()).into_iter().filter(|file| {
            file.ends_with(".parquet") && !file.contains("_delta_log") && !file.starts_with("manifest")
        });
        assert_eq!(data.count(), 2 * commits, "round {round}");
    }
    assert!(lake.snapshot().generation() > start, "no commit in any round");
}

#[tokio::test]
async fn a_column_that_the_rows_lack_reads_as_null() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    import(&mut lake, "b0001", 0..2).await;
    let mut change = lake.begin().await.unwrap();
    let mut writer = change.writer("orders", &[("bucket", "0"), ("batch", "b0002")]).unwrap();
    let only = rows([2, 4]).project(&[0, 4]).unwrap();
    writer.write(&only).unwrap();
    // What the file was begun without cannot come later: it would be lost.
    assert!(matches!(fails(writer.write(&rows([6]))), EngineError::Schema { .. }));
    let file = writer.finish().unwrap();
    assert_eq!(file.rows, Some(2));
    // The bounds are those of the columns that are there.
    assert_eq!((file.max("key"), file.max("day")), (Some(4.into()), Some("1970-01-05".into())));
    assert_eq!((file.max("name"), file.max("at")), (None, None));
    change.add("orders", vec![file]).unwrap();
    change.commit("b0002").await.unwrap();
    lake.refresh().await.unwrap();
    let session = session().await;
    register(&session, &lake).await;
    assert_eq!(
        table(&session, "select batch, key, name, amount, day from orders order by key").await,
        "\
+-------+-----+--------+--------+------------+
| batch | key | name   | amount | day        |
+-------+-----+--------+--------+------------+
| b0001 | 0   |        | 0.0000 | 1970-01-01 |
| b0001 | 1   | 客户 1 | 1.0000 | 1970-01-02 |
| b0002 | 2   |        |        | 1970-01-03 |
| b0002 | 4   |        |        | 1970-01-05 |
+-------+-----+--------+--------+------------+"
    );
    assert_eq!(number(&session, "select count(*) from orders where name is null").await, 3);
}
