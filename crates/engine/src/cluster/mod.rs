//! A cluster: one scheduler that plans queries, and executors that run them.
//!
//! All read the same lake, so it must be in an object store or in a folder that every machine
//! sees under the same path.

pub(crate) mod client;
mod codec;
mod executor;
mod scheduler;

pub use executor::run_executor;
pub use scheduler::run_scheduler;

use std::sync::Arc;

use ballista_core::extension::SessionConfigExt as _;
use datafusion::prelude::SessionConfig;

/// Messages carry plans with the names of all files, so they can grow beyond the usual 16 MiB.
const MESSAGE_BYTES: u32 = 256 << 20;

fn config() -> SessionConfig {
    SessionConfig::new_with_ballista()
        .with_ballista_grpc_client_max_message_size(MESSAGE_BYTES as usize)
        .with_ballista_logical_extension_codec(Arc::new(codec::FilesCodec::default()))
}
