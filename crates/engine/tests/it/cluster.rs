//! A scheduler and an executor give the answers that this process gives.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use clientele_engine::arrow::array::{ArrayRef, AsArray};
use clientele_engine::arrow::datatypes::{DataType, Int64Type};
use clientele_engine::udf::{Accumulator, Result, ScalarValue, Volatility, create_udaf};
use clientele_engine::{EngineError, EngineSettings, FunctionSet, Session, cluster};

use crate::support::{import, lake, register, table};

/// The sum of squares.
#[derive(Debug, Default)]
struct Squares(i64);

impl Accumulator for Squares {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.0 += values[0].as_primitive::<Int64Type>().iter().flatten().map(|x| x * x).sum::<i64>();
        Ok(())
    }
    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::from(self.0))
    }
    fn size(&self) -> usize {
        size_of_val(self)
    }
    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![ScalarValue::from(self.0)])
    }
    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.0 += states[0].as_primitive::<Int64Type>().iter().flatten().sum::<i64>();
        Ok(())
    }
}

fn functions() -> FunctionSet {
    let squares = create_udaf(
        "squares",
        vec![DataType::Int64],
        Arc::new(DataType::Int64),
        Volatility::Immutable,
        Arc::new(|_| Ok(Box::<Squares>::default())),
        Arc::new(vec![DataType::Int64]),
    );
    FunctionSet { aggregates: vec![squares], scalars: Vec::new() }
}

async fn open(url: &str) -> Session {
    let settings =
        EngineSettings { engine: url.parse().unwrap(), target_partitions: 3, ..EngineSettings::default() };
    Session::open(&settings, &functions()).await.unwrap()
}

fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cluster_gives_the_same_answers() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(&folder.path().join("lake")).await;
    import(&mut lake, "b0001", 0..3000).await;
    import(&mut lake, "b0002", 3000..5000).await;

    let address = free_port();
    let url = format!("df://{address}");
    let scheduler = tokio::spawn(cluster::run_scheduler(address, functions()));
    while tokio::net::TcpStream::connect(address).await.is_err() {
        assert!(!scheduler.is_finished(), "{:?}", scheduler.await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let work = folder.path().join("work");
    let executor = tokio::spawn({
        let (url, work) = (url.clone(), work.clone());
        async move { cluster::run_executor(&url, "127.0.0.1:0".parse().unwrap(), &work, functions()).await }
    });

    let (near, far) = (open("local").await, open(&url).await);
    register(&near, &lake).await;
    register(&far, &lake).await;
    for sql in [
        "select count(*), sum(amount), min(at), max(day), squares(key) from orders",
        "select bucket, batch, count(name) n, squares(key) q, sum(amount) a from orders group by 1, 2 order by 1, 2",
        "select key % 7 as d, median(amount) m, count(distinct name) c from orders where bucket = 1 group by 1 order by 1",
        "select key, ntile(5) over (order by amount, key) as q from orders order by key limit 20",
        "select name, 'x' as text from orders where key = 13",
    ] {
        assert_eq!(table(&far, sql).await, table(&near, sql).await, "{sql}");
    }
    let one = far.sql_partitioned("select squares(key) q from orders where bucket = 0", 1).await.unwrap();
    assert_eq!(one.collect().await.unwrap()[0].num_rows(), 1);

    // A file that is gone is an error, with its cause, and no shorter answer.
    for file in lake.files("orders").await.unwrap() {
        if file.partitions["bucket"] == "0" {
            std::fs::remove_file(file.url.to_file_path().unwrap()).unwrap();
        }
    }
    let broken = far.sql("select sum(key) from orders").await.unwrap().collect().await.unwrap_err();
    let is_told = match &broken {
        EngineError::Cluster { url: at, .. } => *at == url,
        other => matches!(other, EngineError::Damaged(_)),
    };
    assert!(is_told, "{broken}");
    executor.abort();
    scheduler.abort();
}

/// A scheduler or an executor in a process of its own; see [`Child`]. Does nothing by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn role() {
    let Ok(role) = std::env::var("CLUSTER_ROLE") else { return };
    let address = std::env::var("CLUSTER_ADDRESS").unwrap();
    match role.as_str() {
        "scheduler" => cluster::run_scheduler(address.parse().unwrap(), functions()).await.unwrap(),
        work => {
            let bind = "127.0.0.1:0".parse().unwrap();
            cluster::run_executor(&format!("df://{address}"), bind, work.as_ref(), functions())
                .await
                .unwrap();
        }
    }
}

/// Killed when dropped.
struct Child(std::process::Child);

impl Child {
    fn start(role: &str, address: SocketAddr) -> Self {
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cluster::role", "--nocapture"])
            .env("CLUSTER_ROLE", role)
            .env("CLUSTER_ADDRESS", address.to_string())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_executor_is_replaced_and_an_empty_cluster_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(&folder.path().join("lake")).await;
    import(&mut lake, "b0001", 0..4000).await;
    let address = free_port();
    let scheduler = Child::start("scheduler", address);
    while tokio::net::TcpStream::connect(address).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let work = |name: &str| folder.path().join(name).display().to_string();
    let first = Child::start(&work("first"), address);
    let url = format!("df://{address}");
    let (near, far) = (open("local").await, open(&url).await);
    register(&near, &lake).await;
    register(&far, &lake).await;
    let second = Child::start(&work("second"), address);
    tokio::time::sleep(Duration::from_secs(1)).await;

    let sql = "select a.bucket, count(*) n, sum(a.key % 7 + b.key % 11) s from orders a cross join orders b \
               group by 1 order by 1";
    let want = table(&near, sql).await;
    let running = {
        let far = far.clone();
        tokio::spawn(async move { far.sql(sql).await.unwrap().collect().await })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(second);
    let done = running.await.unwrap().unwrap();
    let found = clientele_engine::arrow::util::pretty::pretty_format_batches(&done).unwrap().to_string();
    assert_eq!(found, want);
    drop(first);
    let error = far.sql(sql).await.unwrap().collect().await.unwrap_err();
    assert!(matches!(&error, EngineError::NoExecutors { url: at } if *at == url), "{error}");

    drop(scheduler);
    let error = far.sql(sql).await.unwrap().collect().await.unwrap_err();
    assert!(matches!(&error, EngineError::Unreachable { url: at, .. } if *at == url), "{error}");
}
