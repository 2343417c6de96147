//! The write lock of a lake in an object store.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use object_store::path::Path;
use object_store::{Error, GetResult, ObjectStore, ObjectStoreExt as _, PutMode, PutPayload, UpdateVersion};
use tokio::sync::Mutex;

use super::lock_names::{LOCK, PROBE};
use crate::error::{EngineError, Result};
use crate::io;
use crate::location::Location;

/// How often the holder shows that it lives.
const BEAT: Duration = Duration::from_secs(20);
/// After this long without a sign the holder counts as dead.
const PATIENCE: TimeDelta = TimeDelta::seconds(120);

/// What the lock's object says when nobody holds it. It is never deleted: a holder that was taken for dead
/// would delete the next one's.
const FREE: &str = "free";

/// An object that its holder rewrites every so often. Each write is conditional on the one
/// before, so a holder that was taken for dead finds out before it can do harm. Whether one is dead is told
/// by the times of the store alone: clocks of machines differ, and jump.
pub(super) struct Lease {
    held: Arc<HeldLease>,
    taken_over: bool,
}

struct HeldLease {
    store: Arc<dyn ObjectStore>,
    path: Path,
    at: String,
    text: String,
    /// The last write; none once the lease is lost or given back.
    last: Mutex<Option<UpdateVersion>>,
    ended: std::sync::Mutex<bool>,
}

/// The lock's object as it was found.
struct Seen {
    by: String,
    version: UpdateVersion,
    written_at: DateTime<Utc>,
}

impl Lease {
    pub async fn take(lake: &Location) -> Result<Self> {
        let store = lake.store()?;
        let path = lake.prefix()?.join(LOCK);
        let at = lake.to_string();
        let text = format!("process {} ({})", std::process::id(), uuid::Uuid::new_v4());
        let write = |mode: PutMode| {
            let (store, path, body) = (Arc::clone(&store), path.clone(), text.clone());
            async move { store.put_opts(&path, PutPayload::from(body), mode.into()).await }
        };
        let failed = |error: &Error| EngineError::store(format!("{at} ({})", LOCK), error);
        let mut taken_over = false;
        let last = match write(PutMode::Create).await {
            Ok(done) => done.into(),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                let Some(seen) = look(lake).await? else {
                    return Err(EngineError::Locked { at, by: "another program".into() });
                };
                if seen.by == text {
                    // The answer to the first write was lost, and it was sent twice.
                    seen.version
                } else {
                    let locked = EngineError::Locked { at: at.clone(), by: seen.by.clone() };
                    taken_over = seen.by != FREE;
                    if taken_over && !is_stale(lake, &seen).await? {
                        return Err(locked);
                    }
                    match write(PutMode::Update(seen.version)).await {
                        Ok(done) => done.into(),
                        Err(Error::Precondition { .. }) => match look(lake).await? {
                            Some(seen) if seen.by == text => seen.version,
                            _ => return Err(locked),
                        },
                        Err(error) => return Err(failed(&error)),
                    }
                }
            }
            Err(error) => return Err(failed(&error)),
        };
        let last = Mutex::new(Some(last));
        let held = Arc::new(HeldLease { store, path, at, text, last, ended: Default::default() });
        let beating = Arc::clone(&held);
        io::start(async move { beating.keep_up().await })?;
        Ok(Self { held, taken_over })
    }

    /// Whether somebody holds the lease of a lake. Of one that is not given back and that this caller may
    /// not try the store's clock on, it is taken that somebody does.
    pub async fn is_held(lake: &Location) -> Result<bool> {
        match look(lake).await? {
            Some(seen) if seen.by != FREE => Ok(!is_stale(lake, &seen).await.unwrap_or(false)),
            _ => Ok(false),
        }
    }

    /// Shows that the holder lives; fails when somebody took the lease over.
    pub async fn renew(&self) -> Result<()> {
        self.held.renew().await
    }

    pub fn was_taken_over(&self) -> bool {
        self.taken_over
    }
}

/// The lock's object; none when there is none.
async fn look(lake: &Location) -> Result<Option<Seen>> {
    let path = lake.prefix()?.join(LOCK);
    let failed = |error: &Error| EngineError::store(format!("{lake} ({})", LOCK), error);
    let found: GetResult = match lake.store()?.get(&path).await {
        Ok(found) => found,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(failed(&error)),
    };
    let meta = found.meta.clone();
    let body = found.bytes().await.map_err(|error| failed(&error))?;
    Ok(Some(Seen {
        by: String::from_utf8_lossy(&body).into_owned(),
        version: UpdateVersion { e_tag: meta.e_tag, version: meta.version },
        written_at: meta.last_modified,
    }))
}

/// Whether the holder has given no sign for too long, by the clock of the store.
async fn is_stale(lake: &Location, seen: &Seen) -> Result<bool> {
    Ok(PATIENCE <= store_time(lake).await? - seen.written_at)
}

/// The time of the store: that of an object that is written now.
pub(super) async fn store_time(lake: &Location) -> Result<DateTime<Utc>> {
    let store = lake.store()?;
    let name = format!("{}{}", PROBE, uuid::Uuid::new_v4().simple());
    let path = lake.prefix()?.join(name);
    let failed = |error: Error| EngineError::store(lake.to_string(), &error);
    store.put(&path, PutPayload::from_static(b"what time is it")).await.map_err(failed)?;
    let meta = store.head(&path).await.map_err(failed);
    store.delete(&path).await.ok();
    Ok(meta?.last_modified)
}

impl Drop for Lease {
    fn drop(&mut self) {
        *self.held.ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        let held = Arc::clone(&self.held);
        // A lease that cannot be given back runs out by itself.
        io::wait(async move { held.give_back().await }).ok();
    }
}

impl HeldLease {
    async fn keep_up(&self) {
        loop {
            tokio::time::sleep(BEAT).await;
            let ended = *self.ended.lock().unwrap_or_else(PoisonError::into_inner);
            if ended || self.last.lock().await.is_none() {
                return;
            }
            // A lost lease is reported when the holder wants to commit.
            self.renew().await.ok();
        }
    }

    async fn renew(&self) -> Result<()> {
        let mut last = self.last.lock().await;
        let written = self.write(&mut last, &self.text).await;
        if let Err(EngineError::Conflict { .. }) = written {
            *last = None;
        }
        written
    }

    async fn give_back(&self) -> Result<()> {
        let mut last = self.last.lock().await;
        let written = self.write(&mut last, FREE).await;
        *last = None;
        written
    }

    /// Writes the lock's object, if it is still as this holder wrote it last.
    async fn write(&self, last: &mut Option<UpdateVersion>, text: &str) -> Result<()> {
        let lost = || EngineError::Conflict { at: self.at.clone() };
        let seen = last.clone().ok_or_else(lost)?;
        let body = PutPayload::from(text.to_owned());
        match self.store.put_opts(&self.path, body, PutMode::Update(seen).into()).await {
            Ok(done) => *last = Some(done.into()),
            Err(Error::Precondition { .. } | Error::NotFound { .. }) => {
                *last = Some(self.written(text).await.ok_or_else(lost)?);
            }
            Err(error) => return Err(EngineError::store(self.at.clone(), &error)),
        }
        Ok(())
    }

    /// The object's version when it is as this holder has just written it after all: the answer was lost,
    /// and the store was asked twice.
    async fn written(&self, text: &str) -> Option<UpdateVersion> {
        let found = self.store.get(&self.path).await.ok()?;
        let meta = found.meta.clone();
        let body = found.bytes().await.ok()?;
        (body == text.as_bytes()).then_some(UpdateVersion { e_tag: meta.e_tag, version: meta.version })
    }
}
