//! Object stores: the local disk with durable commits, and S3.

use std::sync::{Arc, Once, OnceLock};

use datafusion::common::DataFusionError;
use datafusion::execution::object_store::{DefaultObjectStoreRegistry, ObjectStoreRegistry};
use deltalake_core::logstore::{
    LogStore, LogStoreFactory, ObjectStoreRef, StorageConfig, default_logstore, logstore_factories,
};
use object_store::ObjectStore;
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::local::LocalFileSystem;
use url::Url;

use crate::error::{EngineError, Result};

mod durable;
pub(crate) use durable::sync_folder;

/// The local file system, whose commits survive a power cut.
pub(crate) fn local() -> Arc<dyn ObjectStore> {
    static STORE: OnceLock<Arc<dyn ObjectStore>> = OnceLock::new();
    STORE.get_or_init(|| Arc::new(durable::DurableDisk::new(LocalFileSystem::new()))).clone()
}

/// The bucket of an `s3://` URL. Address and credentials come from the environment.
pub(crate) fn s3(url: &Url) -> Result<Arc<dyn ObjectStore>> {
    register_s3_tables();
    let setting = |cause: String| EngineError::Setting {
        what: format!("the object store of {url} cannot be used"),
        cause,
    };
    let builder =
        AmazonS3Builder::from_env().with_url(url.as_str()).with_conditional_put(S3ConditionalPut::ETagMatch);
    Ok(Arc::new(builder.build().map_err(|error| setting(error.to_string()))?))
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
#[derive(Debug, Default)]
pub(crate) struct EnvStores {
    known: DefaultObjectStoreRegistry,
}

impl ObjectStoreRegistry for EnvStores {
    fn register_store(&self, url: &Url, store: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        self.known.register_store(url, store)
    }

    fn get_store(&self, url: &Url) -> datafusion::error::Result<Arc<dyn ObjectStore>> {
        match self.known.get_store(url) {
            Err(_) if url.scheme() == "s3" => {
                let store = s3(url).map_err(|error| DataFusionError::External(Box::new(error)))?;
                self.known.register_store(url, Arc::clone(&store));
                Ok(store)
            }
            found => found,
        }
    }
}
