//! Where a lake lives: a folder, or a prefix in an object store.

mod objects;

use std::fmt;
use std::path::{Path as FsPath, PathBuf};
use std::sync::Arc;

use clientele_model::Text;
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
        let what =
            || Text::new(format!("the location {text:?} cannot be used"), format!("无法使用位置 {text:?}"));
        let wrong = |en: String, zh: String| {
            EngineError::wrong_setting(
                what(),
                Text::new(en, zh),
                ("give a folder or s3://bucket/prefix", "请写文件夹，或 s3://存储桶/前缀"),
            )
        };
        let no_url = |error| EngineError::setting(what(), error);
        match text.split_once("://") {
            None => Self::folder(text),
            Some(("file", _)) => {
                let url = Url::parse(text).map_err(no_url)?;
                let path = url.to_file_path().map_err(|()| {
                    wrong("it names no folder of this machine".into(), "它不是本机的文件夹".into())
                })?;
                Self::folder(path)
            }
            Some(("s3", _)) => {
                let mut url = Url::parse(text).map_err(no_url)?;
                if url.host_str().is_none_or(str::is_empty) {
                    return Err(wrong("it names no bucket".into(), "没有写存储桶".into()));
                }
                let path = format!("{}/", url.path().trim_end_matches('/'));
                url.set_path(&path);
                Ok(Self { place: Root::Url(url) })
            }
            Some((scheme, _)) => {
                Err(wrong(format!("{scheme}:// is not supported"), format!("不支持 {scheme}://")))
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
            Root::Folder(path) => Url::from_directory_path(path).map_err(|()| {
                let path = path.display();
                EngineError::wrong_setting(
                    (format!("the folder {path} cannot be used"), format!("无法使用文件夹 {path}")),
                    ("its path cannot be written as a URL", "其路径无法写成 URL"),
                    ("choose another folder", "请另选文件夹"),
                )
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
        Path::from_url_path(url.path()).map_err(|error| {
            let what = (format!("the location {self} cannot be used"), format!("无法使用位置 {self}"));
            EngineError::setting(what, error)
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
