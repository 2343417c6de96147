//! Waiting for asynchronous reads and writes from any thread.

use std::future::Future;
use std::sync::{Condvar, Mutex, OnceLock, PoisonError, mpsc};

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

/// Runs a future to its end on a thread of its own, whatever becomes of whoever waits for it. It may call
/// [`wait`].
pub(crate) async fn apart<T: Send + 'static>(
    future: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    let runtime = runtime()?;
    let (send, receive) = tokio::sync::oneshot::channel();
    let going = Going::begin();
    runtime.spawn_blocking(move || {
        // Nobody listens any more when the caller went away.
        send.send(runtime.block_on(future)).ok();
        drop(going);
    });
    receive.await.map_err(|_| EngineError::Io {
        at: "the data".into(),
        cause: "the operation stopped before its end".into(),
    })?
}

/// How many operations run that must not be cut in two.
static GOING: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());

struct Going;

impl Going {
    fn begin() -> Self {
        *GOING.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Going
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        *GOING.0.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        GOING.1.notify_all();
    }
}

/// Waits until no commit is under way. For a program that was asked to stop: a commit that was begun is
/// brought to its end, others are not waited for. Blocks the thread.
pub fn finish_commits() {
    let mut going = GOING.0.lock().unwrap_or_else(PoisonError::into_inner);
    while *going != 0 {
        going = GOING.1.wait(going).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Starts a future on the I/O threads without waiting for it.
pub(crate) fn start(future: impl Future<Output = ()> + Send + 'static) -> Result<()> {
    runtime()?.spawn(future);
    Ok(())
}
