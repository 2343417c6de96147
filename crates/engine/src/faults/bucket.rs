//! A bucket in memory that keeps the rules of S3: conditional puts, listings that are up to date,
//! and times that the store gives.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use futures::TryStreamExt as _;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};

use super::clock::Clock;
use super::registry;
use super::store::Faulty;
use super::watch::Watch;
use crate::error::{EngineError, Result};

/// A bucket that `s3://NAME/…` means as long as this lives.
pub struct Bucket {
    name: String,
    store: Arc<InMemory>,
    clock: Clock,
}

impl Bucket {
    /// Makes an empty bucket.
    pub fn new(name: &str, watch: &Watch) -> Self {
        Self::register(name, InMemory::new(), Clock::default(), watch)
    }

    /// A bucket of another name with the same objects: what somebody finds who comes later.
    pub fn fork(&self, name: &str, watch: &Watch) -> Self {
        let clock = Clock { times: Arc::new(Mutex::new(self.clock.lock().clone())) };
        Self::register(name, self.store.fork(), clock, watch)
    }

    fn register(name: &str, store: InMemory, clock: Clock, watch: &Watch) -> Self {
        let store = Arc::new(store);
        let faulty = Faulty::bucket(Arc::clone(&store) as _, watch.clone(), clock.clone());
        registry::add_bucket(name, Arc::new(faulty));
        Self { name: name.to_owned(), store, clock }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Lets time pass for the store, or go back.
    pub fn advance(&self, by: TimeDelta) {
        self.clock.lock().ahead += by;
    }

    /// All objects with their content. Nobody counts this.
    pub async fn objects(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let failed = |error: &object_store::Error| EngineError::store(self.name.clone(), error);
        let found: Vec<ObjectMeta> = self.store.list(None).try_collect().await.map_err(|e| failed(&e))?;
        let mut objects = BTreeMap::new();
        for meta in found {
            let got = self.store.get(&meta.location).await.map_err(|e| failed(&e))?;
            let bytes = got.bytes().await.map_err(|e| failed(&e))?;
            objects.insert(meta.location.to_string(), bytes.to_vec());
        }
        Ok(objects)
    }

    /// Writes an object. Nobody counts this.
    pub async fn write(&self, path: &str, bytes: Vec<u8>) -> Result<()> {
        let failed = |error: object_store::Error| EngineError::store(path, &error);
        let path = Path::parse(path).map_err(|error| failed(error.into()))?;
        self.store.put(&path, bytes.into()).await.map_err(failed)?;
        self.clock.wrote(&path);
        Ok(())
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        registry::remove_bucket(&self.name);
    }
}
