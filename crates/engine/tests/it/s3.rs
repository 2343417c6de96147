//! The lake in an object store. Runs when `CLIENTELE_TEST_S3` names an empty place such as
//! `s3://bucket/prefix`, with the store's address and keys in the usual `AWS_…` variables.

use clientele_engine::{EngineError, Lake, Location};

use crate::support::{rows, schema, session, table};

#[tokio::test(flavor = "multi_thread")]
async fn a_lake_in_a_bucket() {
    let Ok(place) = std::env::var("CLIENTELE_TEST_S3") else {
        eprintln!("skipped: CLIENTELE_TEST_S3 is not set");
        return;
    };
    let location = Location::parse(&place).unwrap().with_option("aws_s3_express", "false");
    let error = Lake::open(location.clone()).await.err().unwrap();
    assert!(matches!(error, EngineError::NotFound { .. }), "{error}");
    let mut lake = Lake::create(location.clone()).await.unwrap();
    let error = Lake::create(location.clone()).await.err().unwrap();
    assert!(matches!(error, EngineError::AlreadyExists { .. }), "{error}");
    let mut change = lake.begin().await.unwrap();
    let error = lake.begin().await.err().unwrap();
    assert!(matches!(error, EngineError::Locked { .. }), "{error}");
    change.create_table("orders", schema(), &["bucket", "batch"]).unwrap();
    for batch in ["b1", "b2"] {
        let mut writer = change.writer("orders", &[("bucket", "0"), ("batch", batch)]).unwrap();
        writer.write(&rows(0..1000)).unwrap();
        let file = writer.finish().unwrap();
        change.add("orders", vec![file]).unwrap();
    }
    change.commit("first").await.unwrap();
    lake.refresh().await.unwrap();
    let change = lake.begin().await.unwrap();
    let mut writer = change.writer("orders", &[("bucket", "0"), ("batch", "b3")]).unwrap();
    writer.write(&rows(0..1000)).unwrap();
    writer.finish().unwrap();
    change.discard().await.unwrap();
    let lake = Lake::open(location.clone()).await.unwrap();
    assert_eq!(lake.snapshot().generation(), 1);
    let session = session().await;
    session.register_location(&location).unwrap();
    crate::support::register(&session, &lake).await;
    let found =
        table(&session, "select batch, count(name) n, sum(key) s from orders group by 1 order by 1").await;
    assert!(
        found.contains("| b1    | 800 | 499500 |") && found.contains("| b2    | 800 | 499500 |"),
        "{found}"
    );
}
