//! The scheduler: takes queries, splits them into tasks, hands these to executors.

use std::net::SocketAddr;
use std::sync::Arc;

use ballista_core::extension::{
    SessionConfigExt as _, ballista_aggregate_functions, ballista_scalar_functions, ballista_window_functions,
};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::prelude::SessionConfig;

use super::codec::FilesCodec;
use crate::error::{EngineError, Result};
use crate::functions::FunctionSet;
use crate::stores::EnvStores;

/// An executor that was silent for so many seconds counts as dead, and its tasks go to others.
const EXECUTOR_TIMEOUT: u64 = 15;

/// Runs a scheduler at the address until it is stopped. The functions must be those of the
/// sessions and executors.
pub async fn run_scheduler(bind: SocketAddr, functions: FunctionSet) -> Result<()> {
    let config = SchedulerConfig {
        bind_host: bind.ip().to_string(),
        bind_port: bind.port(),
        external_host: bind.ip().to_string(),
        executor_timeout_seconds: EXECUTOR_TIMEOUT,
        expire_dead_executor_interval_seconds: 3,
        no_executors_grace_period_seconds: EXECUTOR_TIMEOUT,
        grpc_server_max_decoding_message_size: super::MESSAGE_BYTES,
        grpc_server_max_encoding_message_size: super::MESSAGE_BYTES,
        grpc_client_max_message_size: super::MESSAGE_BYTES,
        override_config_producer: Some(Arc::new(super::config)),
        override_session_builder: Some(Arc::new(move |config| session(config, &functions))),
        override_logical_codec: Some(Arc::new(FilesCodec::default())),
        ..SchedulerConfig::default()
    };
    let failed = |error: ballista_core::error::BallistaError| {
        let what = (format!("the scheduler at {bind} stopped"), format!("{bind} 的调度器已停止"));
        EngineError::setting(what, error)
    };
    let cluster = BallistaCluster::new_from_config(&config).await.map_err(failed)?;
    start_server(cluster, bind, Arc::new(config)).await.map_err(failed)
}

fn session(config: SessionConfig, functions: &FunctionSet) -> datafusion::error::Result<SessionState> {
    let runtime =
        RuntimeEnvBuilder::new().with_object_store_registry(Arc::new(EnvStores::default())).build_arc()?;
    let config = config.with_ballista_logical_extension_codec(Arc::new(FilesCodec::default()));
    let mut state = SessionStateBuilder::new()
        .with_default_features()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_scalar_functions(ballista_scalar_functions())
        .with_aggregate_functions(ballista_aggregate_functions())
        .with_window_functions(ballista_window_functions())
        .build();
    functions.register(&mut state)?;
    Ok(state)
}
