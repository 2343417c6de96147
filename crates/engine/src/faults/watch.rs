//! Counting operations, and choosing one that goes wrong.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

pub(super) const INJECTED: &str = "a fault of the test";

/// What goes wrong at the chosen operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not done, and fails.
    Fail,
    /// It is done, and then fails: the answer is lost.
    DoneThenFail,
    /// It is not done, and neither is any later one: the process is dead.
    Die,
    /// It is done twice, as by a client that did not hear the first answer; the second one counts.
    /// Only for object stores.
    Twice,
    /// What is read ends in the middle. Only for object stores.
    Cut,
}

/// Which operations are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    All,
    /// Those that change something.
    Writes,
    /// Those that fetch an object.
    Reads,
}

/// An operation on a disk or a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    pub name: &'static str,
    /// The file, object or folder.
    pub place: String,
    pub is_write: bool,
}

impl Operation {
    fn is_among(&self, among: Among) -> bool {
        match among {
            Among::All => true,
            Among::Writes => self.is_write,
            Among::Reads => self.name == "get",
        }
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.place)
    }
}

/// Counts operations and has one of them go wrong. Cheap to clone; clones are the same watch.
#[derive(Clone, Default)]
pub struct Watch {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    all: u64,
    writes: u64,
    reads: u64,
    armed: Option<(u64, Among, Event)>,
    is_dead: bool,
    delay: Option<Duration>,
    struck: Option<Operation>,
}

enum Event {
    Fault(Fault),
    Visit(Visit),
}

/// Work of somebody else that happens before an operation.
pub(super) struct Visit(Box<dyn FnOnce() + Send>);

impl Visit {
    /// Waits for it. It runs on a thread of its own, since it may wait for itself.
    pub fn wait(self) {
        std::thread::spawn(self.0).join().ok();
    }

    pub async fn done(self) {
        let (send, receive) = oneshot::channel();
        let work = self.0;
        std::thread::spawn(move || {
            work();
            send.send(()).ok();
        });
        receive.await.ok();
    }
}

/// What is to happen to an operation.
pub(super) enum Verdict {
    Go,
    Fail,
    DoneThenFail,
    Twice,
    Cut,
    Visit(Visit),
}

impl Watch {
    /// Lets the n-th operation from now on go wrong, counted from 1.
    pub fn arm(&self, nth: u64, among: Among, fault: Fault) {
        self.set(nth, among, Event::Fault(fault));
    }

    /// Has something done before the n-th operation from now on, counted from 1. It runs on a
    /// thread of its own, and the operation waits for it.
    pub fn arm_visit(&self, nth: u64, among: Among, visit: impl FnOnce() + Send + 'static) {
        self.set(nth, among, Event::Visit(Visit(Box::new(visit))));
    }

    fn set(&self, nth: u64, among: Among, event: Event) {
        let mut state = self.lock();
        let seen = state.seen(among);
        state.struck = None;
        state.armed = Some((seen + nth, among, event));
    }

    /// Lets everything go right from now on; a process that died stays dead.
    pub fn disarm(&self) {
        self.lock().armed = None;
    }

    /// How long each operation on a store takes at least.
    pub fn set_delay(&self, delay: Duration) {
        self.lock().delay = Some(delay);
    }

    pub(super) fn delay(&self) -> Option<Duration> {
        self.lock().delay
    }

    /// How many operations there were.
    pub fn seen(&self, among: Among) -> u64 {
        self.lock().seen(among)
    }

    /// The operation that went wrong, if it came to that.
    pub fn struck(&self) -> Option<Operation> {
        self.lock().struck.clone()
    }

    pub(super) fn pass(&self, name: &'static str, place: &str, is_write: bool) -> Verdict {
        let operation = Operation { name, place: place.to_owned(), is_write };
        let mut state = self.lock();
        if state.is_dead {
            return Verdict::Fail;
        }
        state.all += 1;
        state.writes += u64::from(operation.is_among(Among::Writes));
        state.reads += u64::from(operation.is_among(Among::Reads));
        let is_now = state
            .armed
            .as_ref()
            .is_some_and(|(at, among, _)| operation.is_among(*among) && state.seen(*among) == *at);
        if !is_now {
            return Verdict::Go;
        }
        state.struck = Some(operation);
        match state.armed.take() {
            Some((_, _, Event::Visit(visit))) => Verdict::Visit(visit),
            Some((_, _, Event::Fault(fault))) => match fault {
                Fault::Fail => Verdict::Fail,
                Fault::DoneThenFail => Verdict::DoneThenFail,
                Fault::Twice => Verdict::Twice,
                Fault::Cut => Verdict::Cut,
                Fault::Die => {
                    state.is_dead = true;
                    Verdict::Fail
                }
            },
            None => Verdict::Go,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn seen(&self, among: Among) -> u64 {
        match among {
            Among::All => self.all,
            Among::Writes => self.writes,
            Among::Reads => self.reads,
        }
    }
}
