//! Waiting for asynchronous reads and writes from any thread.

use std::future::Future;
use std::sync::OnceLock;
use std::sync::mpsc;

use tokio::runtime::{Builder, Runtime};

use crate::error::{EngineError, Result};

/// A small runtime of our own. Writers run on plain threads as well as inside somebody's
/// runtime, where blocking on that same runtime could wait for itself.
fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    RUNTIME
        .get_or_init(|| {
            Builder::new_multi_thread().worker_threads(2).thread_name("lake-io").enable_all().build()
        })
        .as_ref()
        .map_err(|error| EngineError::io("the threads for reading and writing", error))
}

/// Runs a future to its end on the I/O threads and waits for it. May be called from any thread.
pub fn wait<T: Send + 'static>(future: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let (send, receive) = mpsc::sync_channel(1);
    runtime()?.spawn(async move {
        // Nobody listens any more when the waiting thread was torn down.
        send.send(future.await).ok();
    });
    receive.recv().map_err(|_| EngineError::Io {
        at: "the data".into(),
        cause: "the operation stopped before its end".into(),
    })?
}

/// Starts a future on the I/O threads without waiting for it.
pub(crate) fn start(future: impl Future<Output = ()> + Send + 'static) -> Result<()> {
    runtime()?.spawn(future);
    Ok(())
}
