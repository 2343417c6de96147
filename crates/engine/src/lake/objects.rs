//! Single objects of a lake's place, with errors that name it.

use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{Error, ObjectStore as _, ObjectStoreExt as _, PutMode, PutPayload};

use crate::error::{EngineError, Result};
use crate::location::Location;

/// What became of an object that must not be there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Created {
    New,
    /// Another is there; nothing was written.
    Taken,
}

/// The bytes of an object; none when there is no such object.
pub(super) async fn get(lake: &Location, path: &Path) -> Result<Option<Vec<u8>>> {
    let failed = |error: &Error| EngineError::store(shown(lake, path), error);
    match lake.store()?.get(path).await {
        Ok(found) => Ok(Some(found.bytes().await.map_err(|error| failed(&error))?.to_vec())),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

/// Writes an object, in place of what is there.
pub(super) async fn put(lake: &Location, path: &Path, text: String) -> Result<()> {
    let put = lake.store()?.put(path, PutPayload::from(text)).await;
    put.map(|_| ()).map_err(|error| EngineError::store(shown(lake, path), &error))
}

/// Writes an object unless one is there. After an error it may be there all the same.
pub(super) async fn create(lake: &Location, path: &Path, bytes: Vec<u8>) -> Result<Created> {
    match lake.store()?.put_opts(path, PutPayload::from(bytes), PutMode::Create.into()).await {
        Ok(_) => Ok(Created::New),
        Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(Created::Taken),
        Err(error) => Err(EngineError::store(shown(lake, path), &error)),
    }
}

/// Removes an object; one that is not there is no error.
pub(super) async fn delete(lake: &Location, path: &Path) -> Result<()> {
    match lake.store()?.delete(path).await {
        Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(EngineError::store(shown(lake, path), &error)),
    }
}

/// All objects below a folder; none when there is no such folder.
pub(super) async fn list(lake: &Location, folder: &Path) -> Result<Vec<Path>> {
    let store = lake.store()?;
    let listed: Result<Vec<_>, _> = store.list(Some(folder)).map_ok(|meta| meta.location).try_collect().await;
    match listed {
        Err(Error::NotFound { .. }) => Ok(Vec::new()),
        listed => listed.map_err(|error| EngineError::store(shown(lake, folder), &error)),
    }
}

/// A path as people know it: below the lake's place, in the words of that place.
pub(super) fn shown(lake: &Location, path: &Path) -> String {
    let inside = lake.prefix().ok().and_then(|root| {
        let parts: Vec<_> = path.prefix_match(&root)?.map(|part| part.as_ref().to_owned()).collect();
        Some(parts.join("/"))
    });
    let root = lake.to_string();
    match inside {
        Some(inside) => format!("{}/{inside}", root.trim_end_matches('/')),
        None => path.to_string(),
    }
}
