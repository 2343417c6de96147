//! What can end a vacuum, a backup or a restore.

use std::path::PathBuf;

use clientele_engine::EngineError;
use clientele_model::Language;
use thiserror::Error;

use crate::collect::ImportError;
use crate::error::CatalogueError;

/// Why a vacuum, a backup or a restore failed. What a vacuum has done until then is sound, and run
/// again it goes on from there; a copy that was begun is taken for no workspace and no backup.
#[derive(Debug, Error)]
pub enum KeepError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Records(#[from] ImportError),
    /// A copy goes only where nothing is.
    #[error("{place} is not empty; {}", if *.is_lake {
        "restore the lake to another place with --lake PLACE, or empty it first"
    } else {
        "choose an empty place, or one that does not exist yet"
    })]
    NotEmpty { place: String, is_lake: bool },
    /// A backup inside what it is a backup of, or around it.
    #[error("{place} and the lake at {lake} are inside each other; choose a place beside it")]
    Inside { place: String, lake: String },
    /// Nothing that a backup wrote, or one that did not come to its end.
    #[error("there is no backup at {place}; {}", if *.is_begun {
        "it has no backup.json, which a backup writes last: take one that was finished"
    } else {
        "check the place"
    })]
    NoBackup { place: String, is_begun: bool },
    /// A backup that was made by a later release.
    #[error(
        "the backup at {place} has format {found}, this program reads up to format {supported}; install a newer release"
    )]
    Newer { place: String, found: u32, supported: u32 },
    /// A backup that is not what was written.
    #[error("the backup at {place} is damaged: {cause}; take another one")]
    Damaged { place: String, cause: String },
    #[error("{}: {cause}; check the path, its permissions and the free space", .file.display())]
    File { file: PathBuf, cause: std::io::Error },
}

impl KeepError {
    /// The message in a language; messages of the engine stay in English.
    pub fn message(&self, language: Language) -> String {
        match self {
            KeepError::Catalogue(error) => error.message(language),
            KeepError::Engine(error) => error.to_string(),
            KeepError::Records(error) => error.message(language),
            _ if language == Language::En => self.to_string(),
            KeepError::NotEmpty { place, is_lake: true } => {
                format!("{place} 不是空的；请用 --lake 位置 把数据湖恢复到别处，或先清空它")
            }
            KeepError::NotEmpty { place, is_lake: false } => {
                format!("{place} 不是空的；请选一个空的或尚不存在的位置")
            }
            KeepError::Inside { place, lake } => {
                format!("{place} 与数据湖 {lake} 互相包含；请选择它以外的位置")
            }
            KeepError::NoBackup { place, is_begun: true } => {
                format!("{place} 没有备份：缺少备份最后写入的 backup.json；请使用已完成的备份")
            }
            KeepError::NoBackup { place, is_begun: false } => format!("{place} 没有备份；请检查位置"),
            KeepError::Newer { place, found, supported } => {
                format!("备份 {place} 的格式为 {found}，本程序最高支持 {supported}；请安装新版本")
            }
            KeepError::Damaged { place, cause } => format!("备份 {place} 已损坏：{cause}；请使用另一份备份"),
            KeepError::File { file, cause } => {
                format!("{}：{cause}；请检查路径、权限和剩余空间", file.display())
            }
        }
    }
}
