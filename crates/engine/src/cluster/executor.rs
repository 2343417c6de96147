//! An executor: runs the tasks that the scheduler gives it.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use ballista_core::registry::BallistaFunctionRegistry;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;

use super::codec::FilesCodec;
use crate::engine::connect;
use crate::error::{EngineError, Result};
use crate::functions::FunctionSet;
use crate::settings::{EngineUrl, SCHEDULER_PORT};
use crate::stores::EnvStores;

/// Well below the time after which the scheduler takes an executor for dead.
const HEARTBEAT_SECONDS: u64 = 3;

/// Runs an executor until it is stopped: it lets the scheduler at `scheduler_url` (df://host:port)
/// know of itself and runs its tasks. `bind` is where other executors and clients fetch results;
/// the port after it, or any free port, takes orders. Port 0 takes any free port. `work_dir` keeps
/// intermediate results; each executor needs one of its own.
pub async fn run_executor(
    scheduler_url: &str,
    bind: SocketAddr,
    work_dir: &Path,
    functions: FunctionSet,
) -> Result<()> {
    let EngineUrl::Cluster(scheduler) = scheduler_url.parse()? else {
        return Err(EngineError::wrong_setting(
            ("the executor cannot start", "执行节点无法启动"),
            ("an executor needs a scheduler", "执行节点需要一个调度器"),
            ("give df://host:port", "请写 df://主机:端口"),
        ));
    };
    connect(&scheduler).await?;
    std::fs::create_dir_all(work_dir)
        .map_err(|error| EngineError::io(work_dir.display().to_string(), &error))?;
    let (port, grpc_port) = ports(bind)?;
    let spill = work_dir.to_path_buf();
    let config = ExecutorProcessConfig {
        bind_host: bind.ip().to_string(),
        // Unspecified: the scheduler takes the address that the executor calls from.
        external_host: (!bind.ip().is_unspecified()).then(|| bind.ip().to_string()),
        port,
        grpc_port,
        scheduler_host: scheduler.host_str().unwrap_or("localhost").to_owned(),
        scheduler_port: scheduler.port().unwrap_or(SCHEDULER_PORT),
        work_dir: Some(work_dir.display().to_string()),
        job_data_ttl_seconds: 24 * 3600,
        job_data_clean_up_interval_seconds: 600,
        executor_heartbeat_interval_seconds: HEARTBEAT_SECONDS,
        grpc_max_decoding_message_size: super::MESSAGE_BYTES,
        grpc_max_encoding_message_size: super::MESSAGE_BYTES,
        override_config_producer: Some(Arc::new(super::config)),
        override_function_registry: Some(Arc::new(registry(&functions))),
        override_runtime_producer: Some(Arc::new(move |_| {
            RuntimeEnvBuilder::new()
                .with_temp_file_path(spill.clone())
                .with_object_store_registry(Arc::new(EnvStores::default()))
                .build_arc()
        })),
        override_logical_codec: Some(Arc::new(FilesCodec::default())),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await.map_err(|error| {
        let what = (format!("the executor at {bind} stopped"), format!("{bind} 的执行节点已停止"));
        EngineError::setting(what, error)
    })
}

fn registry(functions: &FunctionSet) -> BallistaFunctionRegistry {
    let mut registry = BallistaFunctionRegistry::default();
    for function in &functions.aggregates {
        let name = function.name().to_owned();
        registry.aggregate_functions.insert(name, Arc::new(function.clone()));
    }
    for function in &functions.scalars {
        let name = function.name().to_owned();
        registry.scalar_functions.insert(name, Arc::new(function.clone()));
    }
    registry
}

/// A port for results and one for orders. Both are free at this moment.
fn ports(bind: SocketAddr) -> Result<(u16, u16)> {
    let free =
        |port: u16| -> std::io::Result<TcpListener> { TcpListener::bind(SocketAddr::new(bind.ip(), port)) };
    let taken = |error: &std::io::Error| {
        let what = (format!("the address {bind} cannot be used"), format!("无法使用地址 {bind}"));
        EngineError::setting(what, error)
    };
    let results = free(bind.port()).map_err(|error| taken(&error))?;
    let port = results.local_addr().map_err(|error| taken(&error))?.port();
    let orders = free(port.saturating_add(1)).or_else(|_| free(0));
    let orders = orders.map_err(|error| taken(&error))?;
    let grpc_port = orders.local_addr().map_err(|error| taken(&error))?.port();
    Ok((port, grpc_port))
}
