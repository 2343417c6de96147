//! Sessions that run their queries on a cluster.

use std::sync::Arc;

use ballista_core::extension::{SessionConfigExt as _, SessionStateExt as _};
use datafusion::execution::{SessionState, SessionStateBuilder};
use url::Url;

use super::codec::FilesCodec;
use crate::error::{EngineError, Result};

/// The session with its queries sent to the scheduler at `url`.
pub(crate) fn connect(state: SessionState, url: &Url) -> Result<SessionState> {
    let config = state
        .config()
        .clone()
        .upgrade_for_ballista()
        .with_ballista_grpc_client_max_message_size(super::MESSAGE_BYTES as usize)
        .with_ballista_logical_extension_codec(Arc::new(FilesCodec::default()));
    let state = SessionStateBuilder::new_from_existing(state).with_config(config).build();
    let host = url.host_str().unwrap_or("localhost");
    let port = url.port().unwrap_or(crate::settings::SCHEDULER_PORT);
    state.upgrade_for_ballista(format!("http://{host}:{port}")).map_err(|error| {
        EngineError::setting(crate::settings::unusable(url.as_str()), error.strip_backtrace())
    })
}
