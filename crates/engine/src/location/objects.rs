//! Single files of a place, whether it is a folder or in an object store.

use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStoreExt as _, PutMode, PutPayload};

use super::Location;
use crate::error::{EngineError, Result};

impl Location {
    /// Whether nothing is there: no folder, or one without a single file; no object with the prefix.
    pub async fn is_empty(&self) -> Result<bool> {
        if let Some(folder) = self.as_folder() {
            return match std::fs::read_dir(folder) {
                Ok(mut entries) => Ok(entries.next().is_none()),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
                Err(error) => Err(EngineError::io(folder.display().to_string(), &error)),
            };
        }
        let first = self.store()?.list(Some(&self.prefix()?)).try_next().await;
        Ok(first.map_err(|error| EngineError::store(self.to_string(), &error))?.is_none())
    }

    /// The file with a path below the place; none when it is not there.
    pub async fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let place = self.object(path)?;
        let failed = |error: &object_store::Error| EngineError::store(format!("{self} ({path})"), error);
        match self.store()?.get(&place).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(|error| failed(&error))?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Writes a file that is not there yet; on a disk it is stored for good when this returns.
    pub async fn write_new(&self, path: &str, bytes: Vec<u8>) -> Result<()> {
        let place = self.object(path)?;
        match self.store()?.put_opts(&place, PutPayload::from(bytes), PutMode::Create.into()).await {
            Ok(_) => Ok(()),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {
                let what = (format!("the file {path}"), format!("文件 {path}")).into();
                Err(EngineError::AlreadyExists { what, at: self.to_string() })
            }
            Err(error) => Err(EngineError::store(format!("{self} ({path})"), &error)),
        }
    }

    /// Where a file below the place is inside [`Self::store`].
    pub(crate) fn object(&self, path: &str) -> Result<Path> {
        Ok(path.split('/').fold(self.prefix()?, |place, part| place.join(part)))
    }
}
