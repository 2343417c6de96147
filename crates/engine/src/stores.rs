//! Object stores: the local disk with durable commits, and S3.

use std::sync::{Arc, Once, OnceLock, PoisonError, RwLock};

use datafusion::common::DataFusionError;
use datafusion::execution::object_store::{DefaultObjectStoreRegistry, ObjectStoreRegistry};
use deltalake_core::logstore::{
    LogStore, LogStoreFactory, ObjectStoreRef, StorageConfig, default_logstore, logstore_factories,
};
use object_store::ObjectStore;
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use url::Url;

use crate::error::{EngineError, Result};

mod checked;
mod durable;

/// Stores of somebody's own, by the URL of the place that they stand for.
static INSTALLED: RwLock<Vec<(String, Arc<dyn ObjectStore>)>> = RwLock::new(Vec::new());

/// Lets a store stand for all places below a URL, in this process: a kind of store that this crate does not
/// know, or one that counts operations and lets them fail, for tests. Paths in it are as in the store that it
/// stands for: from the root of the disk or the bucket. For a folder only what goes through the object
/// store's interface meets it: data files are written to the disk directly.
pub fn install(place: &Url, store: Arc<dyn ObjectStore>) {
    register_s3_tables();
    let mut installed = INSTALLED.write().unwrap_or_else(PoisonError::into_inner);
    installed.retain(|(known, _)| known != place.as_str());
    installed.push((place.to_string(), store));
}

/// The store that was installed for a place, the one for the nearest place above it.
fn installed(place: &Url) -> Option<Arc<dyn ObjectStore>> {
    let installed = INSTALLED.read().unwrap_or_else(PoisonError::into_inner);
    let above = installed.iter().filter(|(known, _)| place.as_str().starts_with(known.as_str()));
    above.max_by_key(|(known, _)| known.len()).map(|(_, store)| Arc::clone(store))
}

/// The store that holds a place, rooted at the file system or the bucket.
pub(crate) fn of(place: &Url) -> Result<Arc<dyn ObjectStore>> {
    match installed(place) {
        Some(store) => Ok(store),
        None if place.scheme() == "file" => Ok(local()),
        None => s3(place),
    }
}

/// [`of`], for reading what a lake wrote: what is not as it was written is an error.
pub(crate) fn checked(place: &Url) -> Result<Arc<dyn ObjectStore>> {
    Ok(Arc::new(checked::Checked::new(of(place)?, place)))
}

/// The local file system, whose commits survive a power cut.
fn local() -> Arc<dyn ObjectStore> {
    static STORE: OnceLock<Arc<dyn ObjectStore>> = OnceLock::new();
    STORE.get_or_init(|| Arc::new(durable::DurableDisk::new())).clone()
}

/// The bucket of an `s3://` URL. Address and credentials come from the environment.
fn s3(url: &Url) -> Result<Arc<dyn ObjectStore>> {
    register_s3_tables();
    #[cfg(feature = "faults")]
    if let Some(bucket) = crate::faults::bucket_store(url) {
        return Ok(bucket);
    }
    let builder =
        AmazonS3Builder::from_env().with_url(url.as_str()).with_conditional_put(S3ConditionalPut::ETagMatch);
    Ok(Arc::new(builder.build().map_err(|error| {
        let what =
            (format!("the object store of {url} cannot be used"), format!("无法使用 {url} 的对象存储"));
        EngineError::setting(what, error)
    })?))
}

/// Delta tables on S3 are committed with a conditional put, so the plain log will do.
struct S3Tables;

impl LogStoreFactory for S3Tables {
    fn with_options(
        &self,
        prefixed_store: ObjectStoreRef,
        root_store: ObjectStoreRef,
        location: &Url,
        options: &StorageConfig,
    ) -> deltalake_core::DeltaResult<Arc<dyn LogStore>> {
        Ok(default_logstore(prefixed_store, root_store, location, options))
    }
}

fn register_s3_tables() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if let Ok(scheme) = Url::parse("s3://") {
            logstore_factories().insert(scheme, Arc::new(S3Tables));
        }
    });
}

/// The stores that a query can read: the local disk, those registered, and any bucket that the
/// environment gives access to. Executors of a cluster get their buckets this way.
#[derive(Debug)]
pub(crate) struct EnvStores {
    known: DefaultObjectStoreRegistry,
}

impl Default for EnvStores {
    fn default() -> Self {
        let known = DefaultObjectStoreRegistry::new();
        if let Ok(root) = Url::parse("file:///") {
            known.register_store(&root, Arc::new(checked::Checked::new(local(), &root)));
        }
        Self { known }
    }
}

impl ObjectStoreRegistry for EnvStores {
    fn register_store(&self, url: &Url, store: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        self.known.register_store(url, store)
    }

    fn get_store(&self, url: &Url) -> datafusion::error::Result<Arc<dyn ObjectStore>> {
        match self.known.get_store(url) {
            Err(_) if url.scheme() == "s3" => {
                let store = checked(url).map_err(|error| DataFusionError::External(Box::new(error)))?;
                self.known.register_store(url, Arc::clone(&store));
                Ok(store)
            }
            found => found,
        }
    }
}
