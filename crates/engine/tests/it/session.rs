//! The session: queries over files, within limits.

use clientele_engine::arrow::datatypes::DataType;
use clientele_engine::{EngineError, EngineSettings, EngineUrl, FunctionSet, Session};

use crate::support::{count, import, lake, number, register, session, table};

#[tokio::test]
async fn partitions_prune_files_and_can_be_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    import(&mut lake, "b0001", 0..10).await;
    import(&mut lake, "b0002", 10..30).await;
    let session = session().await;
    register(&session, &lake).await;
    let by = "select batch, bucket, count(*) n, sum(key) s from orders group by 1, 2 order by 1, 2";
    assert_eq!(
        table(&session, by).await,
        "\
+-------+--------+----+-----+
| batch | bucket | n  | s   |
+-------+--------+----+-----+
| b0001 | 0      | 5  | 20  |
| b0001 | 1      | 5  | 25  |
| b0002 | 0      | 10 | 190 |
| b0002 | 1      | 10 | 200 |
+-------+--------+----+-----+"
    );
    assert_eq!(
        number(&session, "select count(*) from orders where bucket = 1 and batch = 'b0002'").await,
        10
    );
    assert_eq!(number(&session, "select count(*) from orders").await, 30);
    // Files that must not be opened may as well be gone.
    for file in lake.files("orders").await.unwrap() {
        if file.partitions["bucket"] == "0" {
            std::fs::remove_file(file.url.to_file_path().unwrap()).unwrap();
        }
    }
    assert_eq!(number(&session, "select count(name) from orders where bucket = 1").await, 12);
    let bucket: Vec<_> = lake.files("orders").await.unwrap();
    let bucket: Vec<_> = bucket.into_iter().filter(|file| file.partitions["bucket"] == "1").collect();
    let schema = lake.schema("orders").await.unwrap().unwrap();
    let only =
        clientele_engine::arrow::datatypes::Schema::new(vec![schema.field_with_name("key").unwrap().clone()]);
    session.register_files("one", only.into(), &bucket, &[]).unwrap();
    assert_eq!(number(&session, "select sum(key) from one").await, 225);
    session.register_files("none", schema, &[], &[("bucket", DataType::Int32)]).unwrap();
    assert_eq!(number(&session, "select count(*) from none").await, 0);
    // A missing file is an error that names it, not a shorter answer.
    let error = session.sql("select count(name) from orders").await.unwrap().collect().await.unwrap_err();
    assert!(matches!(error, EngineError::Damaged(_)), "{error}");
}

#[tokio::test]
async fn a_query_is_written_into_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    import(&mut lake, "b0001", 0..10).await;
    let session = session().await;
    register(&session, &lake).await;
    let mut change = lake.begin().await.unwrap();
    let mut writer = change.writer("orders", &[("bucket", "9"), ("batch", "copy")]).unwrap();
    let sql = "select key, name, amount, at, day, 9 as bucket from orders where key < 4";
    assert_eq!(session.write_query(sql, &mut writer).await.unwrap(), 4);
    let file = writer.finish().unwrap();
    change.add("orders", vec![file]).unwrap();
    change.commit("copy").await.unwrap();
    lake.refresh().await.unwrap();
    assert_eq!(count(&lake).await, 14);
}

#[tokio::test]
async fn queries_of_one_part_run_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    import(&mut lake, "b0001", 0..1000).await;
    let session = session().await;
    register(&session, &lake).await;
    let one = |bucket: i32| {
        let session = session.clone();
        async move {
            let sql = format!("select count(distinct key) from orders where bucket = {bucket}");
            session.sql_partitioned(&sql, 1).await.unwrap().collect().await.unwrap()
        }
    };
    let (a, b) = tokio::join!(one(0), one(1));
    assert_eq!(a, b);
    let plan = session.sql_partitioned("select key, count(*) from orders group by 1", 1).await.unwrap();
    assert!(!plan.explain().await.unwrap().contains("RepartitionExec"));
}

#[tokio::test]
async fn beyond_the_memory_limit_a_query_spills() {
    let folder = tempfile::tempdir().unwrap();
    let settings = EngineSettings {
        memory_limit_bytes: Some(48 << 20),
        spill_dir: Some(folder.path().join("spill")),
        target_partitions: 2,
        ..EngineSettings::default()
    };
    let session = Session::open(&settings, &FunctionSet::default()).await.unwrap();
    let sql = "select max(text), max(place) from (select text, row_number() over (order by text) as place from \
               (select cast(value * 7919 % 1000003 as varchar) || repeat('x', 60) as text \
               from generate_series(1, 500000)))";
    let plan = table(&session, &format!("explain analyze {sql}")).await;
    assert!(plan.contains("spill_count=") && !plan.contains("SortExec: expr=[text@0 ASC NULLS LAST], preserve_partitioning=[false], metrics=[spill_count=0"), "{plan}");
    let tight = EngineSettings { memory_limit_bytes: Some(1 << 20), ..settings };
    let tight = Session::open(&tight, &FunctionSet::default()).await.unwrap();
    match tight.sql(sql).await.unwrap().collect().await {
        Ok(_) => {}
        Err(error) => assert!(matches!(error, EngineError::OutOfMemory { .. }), "{error}"),
    }
}

#[tokio::test]
async fn only_queries_are_run() {
    let session = session().await;
    for sql in
        ["create table t as select 1", "drop table t", "set datafusion.execution.batch_size = 1", "selec 1"]
    {
        let error = session.sql(sql).await.err().unwrap();
        assert!(matches!(error, EngineError::Query { .. }), "{sql}: {error}");
    }
}

#[tokio::test]
async fn a_cluster_that_does_not_answer_is_an_error() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let engine: EngineUrl = format!("df://127.0.0.1:{port}").parse().unwrap();
    let settings = EngineSettings { engine, ..EngineSettings::default() };
    let error = Session::open(&settings, &FunctionSet::default()).await.err().unwrap();
    let url = format!("df://127.0.0.1:{port}");
    if cfg!(feature = "cluster") {
        assert!(matches!(&error, EngineError::Unreachable { url: found, .. } if *found == url), "{error}");
    }
}

#[test]
fn engines_are_named_by_url() {
    assert_eq!("local".parse::<EngineUrl>().unwrap(), EngineUrl::Local);
    assert_eq!("df://host".parse::<EngineUrl>().unwrap().to_string(), "df://host:50050");
    for wrong in ["", "http://host", "df://", "df://host:1/path", "df://host:99999", "nonsense"] {
        assert!(wrong.parse::<EngineUrl>().is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn planning_tells_what_follows_from_what_nobody_has() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    import(&mut lake, "b0001", 0..10).await;
    let session = session().await;
    register(&session, &lake).await;
    let read = "(select key, name, cast(null as double) as spent, cast(null as varchar) as kind from orders)";
    let sql = format!(
        "select key, case when name is null then 'a' else 'b' end as depends, \
         case when spent is null or key > 3 then 'unknown' when spent > 1 then 'high' else 'low' end as never, \
         case when nullif(lower(btrim(kind)), '') is null then 'unknown' when kind = 'x' then 'x' end as none, \
         case when points >= 2 or points is null then 'unknown' else 'low' end as over, name \
         from (select *, 2.0 * (case when spent is null then null when spent > 3 then 1 else 2 end) as points \
         from {read}) t"
    );
    let known = session.sql(&sql).await.unwrap().constants().unwrap();
    let unknown = Some("unknown".to_owned());
    assert_eq!(known, [None, None, unknown.clone(), unknown.clone(), unknown, None]);
    let found = table(&session, &format!("select distinct never, none, over from ({sql})")).await;
    assert_eq!(found.matches("unknown").count(), 3, "{found}");
}
