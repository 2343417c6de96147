//! Why a scheme cannot be published.

use std::path::PathBuf;

use clientele_engine::EngineError;
use clientele_model::Language;
use thiserror::Error;

use crate::catalogue::CatalogueError;
use crate::understand::view::ViewError;

/// Why a scheme cannot be published.
#[derive(Debug, Error)]
pub enum PublishError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("{scheme} version {version} is published already, word for word; change the file first")]
    Unchanged { scheme: String, version: u32 },
    #[error("{}: this file counts already; edit a copy outside of the workspace's library, then publish that", .0.display())]
    Published(PathBuf),
    #[error(
        "{file}: the scheme does not put everyone in exactly one tier; see `clientele schemes check {file}`"
    )]
    Unsound { file: String },
    #[error("{}: {cause}; check the path, its permissions and the free space", .place.display())]
    Io { place: PathBuf, cause: std::io::Error },
}

impl PublishError {
    /// The message in a language; messages about documents and the engine stay in English.
    pub fn message(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        match self {
            PublishError::Catalogue(error) => error.message(language),
            PublishError::View(error) => error.message(language),
            PublishError::Engine(error) => error.to_string(),
            PublishError::Unchanged { scheme, version } => {
                format!("{scheme} 第 {version} 版已发布，内容完全相同；请先修改文件")
            }
            PublishError::Published(place) => {
                format!("{}：该文件已在使用；请在工作区的方案库之外修改副本，再发布", place.display())
            }
            PublishError::Unsound { file } => {
                format!(
                    "{file}：方案不能让每位客户恰好落入一个层级；请用 clientele schemes check {file} 查看"
                )
            }
            PublishError::Io { place, cause } => {
                format!("{}：{cause}；请检查路径、权限和剩余空间", place.display())
            }
        }
    }
}
