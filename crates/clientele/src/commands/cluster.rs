//! `clientele cluster`: a scheduler or an executor.

use std::net::SocketAddr;
use std::path::PathBuf;

use clientele_engine::EngineError;
use clientele_engine::cluster::{run_executor, run_scheduler};
use clientele_model::problem::kinds::command::PORT;
use clientele_pipeline::session::functions;

use crate::args::{Cluster, ClusterCommand};
use crate::context::Context;
use crate::failure::Failure;

pub async fn run(context: &Context, args: Cluster) -> Result<(), Failure> {
    match args.command {
        ClusterCommand::Scheduler { bind } => scheduler(context, bind).await,
        ClusterCommand::Executor { scheduler, bind, work_dir } => {
            executor(context, &scheduler, bind, work_dir).await
        }
    }
}

async fn scheduler(context: &Context, bind: SocketAddr) -> Result<(), Failure> {
    context.output.tell(&context.pick(
        format!("Scheduler at df://{bind}. Stop it with Ctrl-C."),
        format!("调度节点：df://{bind}。按 Ctrl-C 停止。"),
    ));
    until_stopped(run_scheduler(bind, functions())).await
}

async fn executor(
    context: &Context,
    scheduler: &str,
    bind: SocketAddr,
    work_dir: Option<PathBuf>,
) -> Result<(), Failure> {
    let url = if scheduler.contains("://") { scheduler.to_owned() } else { format!("df://{scheduler}") };
    // A folder of its own, unless one is given; it goes when the executor ends.
    let passing = match work_dir {
        Some(_) => None,
        None => Some(tempfile::tempdir().map_err(|cause| Failure::file(&tempfile::env::temp_dir(), &cause))?),
    };
    let folder = match (&work_dir, &passing) {
        (Some(folder), _) => folder.clone(),
        (None, Some(passing)) => passing.path().to_path_buf(),
        (None, None) => tempfile::env::temp_dir(),
    };
    let bind = with_port(bind)?;
    context.output.tell(&context.pick(
        format!("Executor at {bind}, for the scheduler {url}. Stop it with Ctrl-C."),
        format!("执行节点：{bind}，所属调度节点：{url}。按 Ctrl-C 停止。"),
    ));
    until_stopped(run_executor(&url, bind, &folder, functions())).await
}

/// Chooses a free port where 0 asks for any, so that it can be told.
fn with_port(bind: SocketAddr) -> Result<SocketAddr, Failure> {
    if bind.port() != 0 {
        return Ok(bind);
    }
    let chosen = std::net::TcpListener::bind(bind).and_then(|listener| listener.local_addr());
    chosen.map_err(|cause| PORT.problem().with("address", bind).with("cause", cause).into())
}

/// Serves until it fails or somebody presses Ctrl-C or ends the process politely.
async fn until_stopped(serving: impl Future<Output = Result<(), EngineError>>) -> Result<(), Failure> {
    tokio::select! {
        ended = serving => Ok(ended?),
        () = stopped() => Ok(()),
    }
}

#[cfg(unix)]
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut ended) = signal(SignalKind::terminate()) else {
        tokio::signal::ctrl_c().await.ok();
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = ended.recv() => {}
    }
}

#[cfg(not(unix))]
async fn stopped() {
    tokio::signal::ctrl_c().await.ok();
}
