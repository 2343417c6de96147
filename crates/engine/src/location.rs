//! Where a lake lives: a folder, or a prefix in an object store.

mod objects;

use std::fmt;
use std::path::{Path as FsPath, PathBuf};
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::path::Path;
use url::Url;

use crate::error::{EngineError, Result};
use crate::stores;

/// A folder on this machine or an `s3://bucket/prefix` URL.
#[derive(Clone, PartialEq, Eq)]
pub struct Location {
    place: Root,
}

#[derive(Clone, PartialEq, Eq)]
enum Root {
    Folder(PathBuf),
    Url(Url),
}

impl Location {
    /// A folder; it need not exist yet. A relative path is taken from the current folder.
    pub fn folder(path: impl AsRef<FsPath>) -> Result<Self> {
        let path = path.as_ref();
        let full =
            std::path::absolute(path).map_err(|error| EngineError::io(path.display().to_string(), &error))?;
        Ok(Self { place: Root::Folder(full) })
    }

    /// A folder path, a `file://` URL or an `s3://bucket/prefix` URL.
    pub fn parse(text: &str) -> Result<Self> {
        let setting = |cause: String| EngineError::Setting {
            what: format!("the location {text:?} cannot be used"),
            cause,
        };
        match text.split_once("://") {
            None => Self::folder(text),
            Some(("file", _)) => {
                let url = Url::parse(text).map_err(|error| setting(error.to_string()))?;
                let path =
                    url.to_file_path().map_err(|()| setting("it names no folder of this machine".into()))?;
                Self::folder(path)
            }
            Some(("s3", _)) => {
                let mut url = Url::parse(text).map_err(|error| setting(error.to_string()))?;
                if url.host_str().is_none_or(str::is_empty) {
                    return Err(setting("it names no bucket; write s3://bucket/prefix".into()));
                }
                let path = format!("{}/", url.path().trim_end_matches('/'));
                url.set_path(&path);
                Ok(Self { place: Root::Url(url) })
            }
            Some((scheme, _)) => {
                Err(setting(format!("{scheme}:// is not supported; give a folder or s3://bucket/prefix")))
            }
        }
    }

    /// The folder, when the place is one.
    pub fn as_folder(&self) -> Option<&FsPath> {
        match &self.place {
            Root::Folder(path) => Some(path),
            Root::Url(_) => None,
        }
    }

    /// The URL of the place, ending in a slash.
    pub fn url(&self) -> Result<Url> {
        match &self.place {
            Root::Url(url) => Ok(url.clone()),
            Root::Folder(path) => Url::from_directory_path(path).map_err(|()| EngineError::Setting {
                what: format!("the folder {} cannot be used", path.display()),
                cause: "its path cannot be written as a URL".into(),
            }),
        }
    }

    /// The place below this one, such as the folder of a table.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let place = match &self.place {
            Root::Folder(path) => Root::Folder(path.join(name)),
            Root::Url(url) => {
                let mut below = url.clone();
                below.set_path(&format!("{}{name}/", url.path()));
                Root::Url(below)
            }
        };
        Self { place }
    }

    /// The store that holds the place, rooted at the file system or the bucket.
    pub(crate) fn store(&self) -> Result<Arc<dyn ObjectStore>> {
        stores::of(&self.url()?)
    }

    /// The place's path inside [`Self::store`].
    pub(crate) fn prefix(&self) -> Result<Path> {
        let url = self.url()?;
        Path::from_url_path(url.path()).map_err(|error| EngineError::Setting {
            what: format!("the location {self} cannot be used"),
            cause: error.to_string(),
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Root::Folder(path) => write!(f, "{}", path.display()),
            Root::Url(url) => write!(f, "{url}"),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({self})")
    }
}
