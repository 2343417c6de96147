//! Tables that a session finds when a query first names them, and what a lake keeps of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use clientele_engine::arrow::datatypes::DataType;
use clientele_engine::{EngineError, Found, FoundTable, Lake, Session, TableSource};

use crate::support::{import, lake, location, number, session};

/// The orders of a lake: `orders`, or `orders of BATCH`.
struct Orders {
    lake: Lake,
    asked: AtomicUsize,
}

#[async_trait]
impl TableSource for Orders {
    async fn table(&self, name: &str) -> Result<Option<Found>, EngineError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let files = match name.split_once(" of ") {
            None if name == "orders" => self.lake.files("orders").await?,
            Some(("orders", batch)) => self.lake.files_where("orders", "batch", batch).await?,
            _ if name == "broken" => {
                return Err(EngineError::Corrupt { at: "broken".into(), cause: "of a test".into() });
            }
            _ => return Ok(None),
        };
        let schema = self.lake.schema("orders").await?.expect("a schema");
        let partitions = [("bucket", DataType::Int32), ("batch", DataType::Utf8)];
        let partition_columns = partitions.map(|(name, kind)| (name.to_owned(), kind)).to_vec();
        Ok(Some(FoundTable { schema, files, partition_columns }.into()))
    }
}

async fn over(lake: &Lake) -> (Session, Arc<Orders>) {
    let source = Arc::new(Orders { lake: lake.clone(), asked: AtomicUsize::new(0) });
    (session().await.over(Arc::clone(&source) as _).unwrap(), source)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_table_is_looked_for_once_and_found_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    import(&mut lake, "b0001", 0..10).await;
    import(&mut lake, "b0002", 10..30).await;
    let (session, source) = over(&lake).await;
    assert_eq!(source.asked.load(Ordering::Relaxed), 0);
    let asked: Vec<_> = (0..16)
        .map(|place| {
            let session = session.clone();
            let (table, rows) = if place % 2 == 0 { ("orders", 30) } else { ("\"orders of b0002\"", 20) };
            let sql = format!("select count(*) from {table} where bucket >= 0");
            tokio::spawn(async move { assert_eq!(number(&session, &sql).await, rows) })
        })
        .collect();
    for asked in asked {
        asked.await.unwrap();
    }
    assert_eq!(source.asked.load(Ordering::Relaxed), 2);
    assert!(matches!(session.sql("select * from nothing").await, Err(EngineError::Query { .. })));
    // Why it cannot be read is told as it is.
    let error = session.sql("select * from broken").await.err().expect("an error");
    assert!(matches!(error, EngineError::Corrupt { .. }), "{error}");
}

#[tokio::test]
async fn what_is_named_in_a_session_of_ones_own_nobody_else_sees() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    import(&mut lake, "b0001", 0..10).await;
    let (session, _) = over(&lake).await;
    let own = session.detached().unwrap();
    let schema = lake.schema("orders").await.unwrap().unwrap();
    own.register_files("orders", schema.clone(), &[], &[]).unwrap();
    own.register_files("mine", schema, &[], &[]).unwrap();
    let further = own.detached().unwrap();
    for session in [&own, &further] {
        assert_eq!(number(session, "select count(*) from orders").await, 0);
        assert_eq!(number(session, "select count(*) from mine").await, 0);
        assert_eq!(number(session, "select count(*) from \"orders of b0001\"").await, 10);
    }
    assert_eq!(number(&session, "select count(*) from orders").await, 10);
    assert!(session.sql("select count(*) from mine").await.is_err());
    own.deregister("orders").unwrap();
    assert_eq!(number(&further, "select count(*) from orders").await, 10);
    assert!(own.empty().unwrap().sql("select count(*) from orders").await.is_err());
}

#[tokio::test]
async fn a_lake_that_is_kept_open_is_as_one_that_is_opened_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = lake(folder.path()).await;
    let mut kept = Lake::open(location(folder.path())).await.unwrap();
    // Past the checkpoint, and past what is kept of a table.
    for batch in 0..24 {
        import(&mut writer, &format!("b{batch:04}"), batch * 2..batch * 2 + 2).await;
        kept = kept.newest().await.unwrap();
        let anew = Lake::open(location(folder.path())).await.unwrap();
        assert_eq!(kept.snapshot(), anew.snapshot());
        let sorted = async |lake: &Lake| {
            let mut files = lake.files("orders").await.unwrap();
            files.sort_by(|a, b| a.path.cmp(&b.path));
            files
        };
        assert_eq!(sorted(&kept).await, sorted(&anew).await);
        assert_eq!(kept.schema("orders").await.unwrap(), anew.schema("orders").await.unwrap());
    }
    assert_eq!(kept.newest().await.unwrap().snapshot(), kept.snapshot());
    for generation in [2, 9, 2, 25] {
        let earlier = kept.at(generation).await.unwrap();
        assert_eq!(earlier.snapshot().generation(), generation);
        assert_eq!(earlier.files("orders").await.unwrap().len() as u64, 2 * (generation - 1));
    }
    assert!(kept.has_files("orders").await.unwrap());
    assert!(
        !kept.has_files("nothing").await.unwrap()
            && !kept.at(1).await.unwrap().has_files("orders").await.unwrap()
    );
}
