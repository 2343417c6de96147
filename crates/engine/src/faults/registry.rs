//! Which folders and buckets are watched.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use object_store::ObjectStore;
use url::Url;

use super::watch::Watch;

#[derive(Default)]
struct Registry {
    folders: BTreeMap<PathBuf, Watch>,
    buckets: BTreeMap<String, Arc<dyn ObjectStore>>,
}

fn registry() -> MutexGuard<'static, Registry> {
    static REGISTRY: Mutex<Registry> =
        Mutex::new(Registry { folders: BTreeMap::new(), buckets: BTreeMap::new() });
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder that is watched as long as this lives.
pub struct WatchedFolder {
    path: PathBuf,
}

/// Counts the operations on everything in a folder.
pub fn watch_folder(path: &Path, watch: &Watch) -> WatchedFolder {
    registry().folders.insert(path.to_owned(), watch.clone());
    WatchedFolder { path: path.to_owned() }
}

impl Drop for WatchedFolder {
    fn drop(&mut self) {
        registry().folders.remove(&self.path);
    }
}

pub(super) fn watch_of(path: &Path) -> Option<Watch> {
    let registry = registry();
    path.ancestors().find_map(|folder| registry.folders.get(folder).cloned())
}

pub(super) fn add_bucket(name: &str, store: Arc<dyn ObjectStore>) {
    registry().buckets.insert(name.to_owned(), store);
}

pub(super) fn remove_bucket(name: &str) {
    registry().buckets.remove(name);
}

/// The bucket that a URL names, when it is one of the tests.
pub(crate) fn bucket_store(url: &Url) -> Option<Arc<dyn ObjectStore>> {
    registry().buckets.get(url.host_str()?).cloned()
}
