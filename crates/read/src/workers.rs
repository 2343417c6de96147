//! Parses on several threads and hands the results over in file order.

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::chunk::TextChunk;
use super::error::ReadError;
use super::plan::{Plan, Task};

/// A chunk that has been parsed and mapped.
pub(super) struct Done<T> {
    pub(super) value: T,
    /// Rows in the columns.
    pub(super) rows: u64,
    pub(super) bad_rows: u64,
    /// Bytes of the file read when the chunk was cut.
    pub(super) bytes: u64,
}

enum Failure {
    Read(ReadError),
    /// A panic in the caller's `map`, to be continued on the caller's thread.
    Panic(Box<dyn Any + Send>),
}

type Outcome<T> = (u64, Result<Done<T>, Failure>);

/// Reads the file that `plan` describes. One thread cuts it into tasks, `threads` threads parse
/// and `map` them, and `sink` gets the results in file order on the calling thread. At most
/// `2 × threads + 1` chunks are anywhere between the first and the last of these steps.
pub(super) fn run<T: Send, E: From<ReadError>>(
    plan: &dyn Plan,
    block_bytes: usize,
    threads: usize,
    map: impl Fn(TextChunk) -> T + Sync,
    sink: impl FnMut(Done<T>) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.max(1);
    let in_flight = 2 * threads + 1;
    let (permits, permitted) = sync_channel::<()>(in_flight);
    for _ in 0..in_flight {
        // Cannot fail: the receiver is alive and there is room for exactly these.
        let _ = permits.try_send(());
    }
    let (tasks, queue) = sync_channel::<(u64, Task)>(in_flight);
    let queue = Mutex::new(queue);
    let (results, outcomes) = channel::<Outcome<T>>();
    thread::scope(|scope| {
        let failed = results.clone();
        scope.spawn(move || {
            let mut number = 0;
            let read = plan.feed(block_bytes, &mut |task| {
                // Either fails only when the sink has given up.
                if permitted.recv().is_err() || tasks.send((number, task)).is_err() {
                    return ControlFlow::Break(());
                }
                number += 1;
                ControlFlow::Continue(())
            });
            if let Err(error) = read {
                let _ = failed.send((number, Err(Failure::Read(error))));
            }
        });
        let (queue, map) = (&queue, &map);
        for _ in 0..threads {
            let results = results.clone();
            scope.spawn(move || {
                while let Some((number, task)) = take(queue) {
                    if results.send((number, perform(task, map))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(results);
        in_order(outcomes, permits, sink)
    })
}

fn take(queue: &Mutex<Receiver<(u64, Task)>>) -> Option<(u64, Task)> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn perform<T>(task: Task, map: &impl Fn(TextChunk) -> T) -> Result<Done<T>, Failure> {
    let work = || {
        let chunk = (task.parse)()?;
        let (rows, bad_rows) = (chunk.rows() as u64, chunk.bad.len() as u64);
        Ok(Done { value: map(chunk), rows, bad_rows, bytes: task.bytes })
    };
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(Failure::Read),
        Err(panic) => Err(Failure::Panic(panic)),
    }
}

/// Takes the channels by value: when it returns, whoever still works notices and stops.
fn in_order<T, E: From<ReadError>>(
    outcomes: Receiver<Outcome<T>>,
    permits: SyncSender<()>,
    mut sink: impl FnMut(Done<T>) -> Result<(), E>,
) -> Result<(), E> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for (number, outcome) in outcomes {
        early.insert(number, outcome);
        while let Some(outcome) = early.remove(&next) {
            match outcome {
                Ok(done) => sink(done)?,
                Err(Failure::Read(error)) => return Err(error.into()),
                Err(Failure::Panic(panic)) => resume_unwind(panic),
            }
            next += 1;
            let _ = permits.try_send(());
        }
    }
    Ok(())
}
