//! The clock of a store that is played.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use object_store::ObjectMeta;
use object_store::path::Path;

/// When objects were written, by the store's clock.
#[derive(Clone, Default)]
pub(super) struct Clock {
    pub times: Arc<Mutex<Times>>,
}

#[derive(Clone, Default)]
/// What it knows.
pub(super) struct Times {
    /// How far it is ahead of this machine's.
    pub ahead: TimeDelta,
    pub written: HashMap<Path, DateTime<Utc>>,
}

impl Clock {
    pub fn lock(&self) -> MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[expect(clippy::disallowed_methods, reason = "it plays a store, which has a clock of its own")]
    pub fn wrote(&self, path: &Path) {
        let mut times = self.lock();
        let now = Utc::now() + times.ahead;
        times.written.insert(path.clone(), now);
    }

    pub fn tell(&self, meta: &mut ObjectMeta) {
        if let Some(at) = self.lock().written.get(&meta.location) {
            // S3 tells whole seconds.
            meta.last_modified = DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(*at);
        }
    }
}
