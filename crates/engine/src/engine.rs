//! Where queries run, and whether that place is still there.

use std::future::Future;
use std::net::ToSocketAddrs;
use std::time::Duration;

use datafusion::error::DataFusionError;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use url::Url;

use crate::error::{EngineError, Result};
use crate::settings::{EngineUrl, SCHEDULER_PORT};

/// A server that does not answer for this long counts as unreachable.
const ANSWER: Duration = Duration::from_secs(4);
/// How long a new session waits for a cluster's first executor.
const FIRST_EXECUTOR: Duration = Duration::from_secs(10);
/// How long a query goes on while its cluster has no executor or no scheduler: long enough for
/// one that is being restarted.
const LOST: Duration = Duration::from_secs(12);
const BETWEEN: Duration = Duration::from_secs(1);

/// The place that runs the queries of a session.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    pub url: EngineUrl,
}

impl Engine {
    /// Waits for a part of a query. A cluster whose executors are all gone would keep it
    /// waiting for ever, so that is an error too.
    pub async fn run<T>(
        &self,
        sql: &str,
        part: impl Future<Output = std::result::Result<T, DataFusionError>>,
    ) -> Result<T> {
        let EngineUrl::Cluster(url) = &self.url else {
            return part.await.map_err(|error| EngineError::query(sql, &error));
        };
        tokio::select! {
            done = part => match done {
                Ok(done) => Ok(done),
                Err(error) => Err(failed(url, sql, &error).await),
            },
            lost = lost(url) => Err(lost),
        }
    }
}

/// Waits until a cluster can run queries; fails after some seconds.
pub(crate) async fn check_cluster(url: &Url) -> Result<()> {
    let start = Instant::now();
    while !has_executors(url).await? {
        if FIRST_EXECUTOR < start.elapsed() {
            return Err(no_executors(url));
        }
        sleep(BETWEEN).await;
    }
    Ok(())
}

/// Sorts an error of a cluster's query into its kind.
async fn failed(url: &Url, sql: &str, error: &DataFusionError) -> EngineError {
    if let Err(unreachable) = has_executors(url).await {
        return unreachable;
    }
    let known = EngineError::query(sql, error);
    match known {
        EngineError::Damaged(_) => known,
        // Found out here, before anything was sent.
        EngineError::Query { .. } if is_planning(error) => known,
        _ => EngineError::Cluster { url: url.to_string(), cause: error.strip_backtrace() },
    }
}

fn is_planning(error: &DataFusionError) -> bool {
    let root = error.find_root();
    matches!(root, DataFusionError::Plan(_) | DataFusionError::SchemaError(..) | DataFusionError::SQL(..))
}

/// Ends when the cluster has been without executors, or without a scheduler, for long.
async fn lost(url: &Url) -> EngineError {
    let mut seen = Instant::now();
    loop {
        sleep(BETWEEN).await;
        let found = has_executors(url).await;
        if matches!(found, Ok(true)) {
            seen = Instant::now();
        } else if LOST < seen.elapsed() {
            return found.err().unwrap_or_else(|| no_executors(url));
        }
    }
}

fn no_executors(url: &Url) -> EngineError {
    EngineError::NoExecutors { url: url.to_string() }
}

/// Asks a scheduler whether it has executors.
async fn has_executors(url: &Url) -> Result<bool> {
    let mut stream = connect(url).await?;
    let asking = async {
        let question = b"GET /readyz HTTP/1.1\r\nHost: scheduler\r\nConnection: close\r\n\r\n";
        stream.write_all(question).await?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await?;
        Ok(answer)
    };
    let answer: std::io::Result<[u8; 12]> = within(asking).await;
    match answer.as_ref().map(|answer| answer.split_at(9)) {
        Ok((_, b"200")) => Ok(true),
        Ok((_, b"503")) => Ok(false),
        Ok(_) => Err(unreachable(url, "it answers, but not as a scheduler".into())),
        Err(error) => Err(unreachable(url, error.to_string())),
    }
}

/// Connects to a cluster's address, or fails within seconds.
pub(crate) async fn connect(url: &Url) -> Result<TcpStream> {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port().unwrap_or(SCHEDULER_PORT);
    let connecting = async {
        let found = tokio::task::spawn_blocking(move || (host, port).to_socket_addrs()).await;
        let addresses: Vec<_> = found.map_err(std::io::Error::other)??.collect();
        TcpStream::connect(addresses.as_slice()).await
    };
    within(connecting).await.map_err(|error| unreachable(url, error.to_string()))
}

async fn within<T>(work: impl Future<Output = std::io::Result<T>>) -> std::io::Result<T> {
    let late = |_| std::io::Error::other(format!("no answer within {} seconds", ANSWER.as_secs()));
    timeout(ANSWER, work).await.map_err(late)?
}

fn unreachable(url: &Url, cause: String) -> EngineError {
    EngineError::Unreachable { url: url.to_string(), cause }
}
