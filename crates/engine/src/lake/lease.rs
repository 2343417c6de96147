//! The write lock of a lake in an object store.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, PutMode, PutPayload, UpdateVersion};
use tokio::sync::Mutex;

use super::lock;
use crate::error::{EngineError, Result};
use crate::io;
use crate::location::Location;

/// How often the holder shows that it lives.
const BEAT: Duration = Duration::from_secs(20);
/// After this long without a sign the holder counts as dead.
const PATIENCE: TimeDelta = TimeDelta::seconds(120);

/// An object that its holder rewrites every so often. Each write is conditional on the one
/// before, so a holder that was taken for dead finds out before it can do harm.
pub(super) struct Lease {
    held: Arc<Held>,
}

struct Held {
    store: Arc<dyn ObjectStore>,
    path: Path,
    at: String,
    text: String,
    /// The last write; none once the lease is lost or given back.
    last: Mutex<Option<UpdateVersion>>,
    ended: std::sync::Mutex<bool>,
}

impl Lease {
    pub async fn take(lake: &Location) -> Result<Self> {
        let store = lake.store()?;
        let path = lake.prefix()?.join(lock::NAME);
        let at = lake.to_string();
        let text = format!("process {} ({})", std::process::id(), uuid::Uuid::new_v4());
        let write = |mode: PutMode| {
            let (store, path, body) = (Arc::clone(&store), path.clone(), text.clone());
            async move { store.put_opts(&path, PutPayload::from(body), mode.into()).await }
        };
        let failed = |error: &Error| EngineError::store(at.clone(), error);
        let last = match write(PutMode::Create).await {
            Ok(done) => done,
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                let found = store.get(&path).await.map_err(|error| failed(&error))?;
                let meta = found.meta.clone();
                let body = found.bytes().await.map_err(|error| failed(&error))?;
                let by = String::from_utf8_lossy(&body).into_owned();
                let locked = EngineError::Locked { at: at.clone(), by };
                if Utc::now() - meta.last_modified < PATIENCE {
                    return Err(locked);
                }
                let seen = UpdateVersion { e_tag: meta.e_tag, version: meta.version };
                match write(PutMode::Update(seen)).await {
                    Ok(done) => done,
                    Err(Error::Precondition { .. }) => return Err(locked),
                    Err(error) => return Err(failed(&error)),
                }
            }
            Err(error) => return Err(failed(&error)),
        };
        let last = Mutex::new(Some(last.into()));
        let held = Arc::new(Held { store, path, at, text, last, ended: Default::default() });
        let beating = Arc::clone(&held);
        io::start(async move { beating.keep_up().await })?;
        Ok(Self { held })
    }

    /// Whether somebody holds the lease of a lake.
    pub async fn is_held(lake: &Location) -> Result<bool> {
        let (store, path) = (lake.store()?, lake.prefix()?.join(lock::NAME));
        match store.head(&path).await {
            Ok(meta) => Ok(Utc::now() - meta.last_modified < PATIENCE),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(EngineError::store(lake.to_string(), &error)),
        }
    }

    /// Shows that the holder lives; fails when somebody took the lease over.
    pub async fn renew(&self) -> Result<()> {
        self.held.renew().await
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        *self.held.ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        let held = Arc::clone(&self.held);
        // A lease that cannot be given back runs out by itself.
        io::wait(async move { held.give_back().await }).ok();
    }
}

impl Held {
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
        let Some(seen) = last.clone() else {
            return Err(EngineError::Conflict { at: self.at.clone() });
        };
        let body = PutPayload::from(self.text.clone());
        match self.store.put_opts(&self.path, body, PutMode::Update(seen).into()).await {
            Ok(done) => {
                *last = Some(done.into());
                Ok(())
            }
            Err(Error::Precondition { .. } | Error::NotFound { .. }) => {
                *last = None;
                Err(EngineError::Conflict { at: self.at.clone() })
            }
            Err(error) => Err(EngineError::store(self.at.clone(), &error)),
        }
    }

    async fn give_back(&self) -> Result<()> {
        let mut last = self.last.lock().await;
        if last.take().is_none() {
            return Ok(());
        }
        self.store.delete(&self.path).await.map_err(|error| EngineError::store(self.at.clone(), &error))
    }
}
