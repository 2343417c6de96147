//! What can end an export.

use std::path::{Path, PathBuf};

use clientele_engine::EngineError;
use clientele_engine::arrow::error::ArrowError;
use clientele_model::Language;
use thiserror::Error;

use crate::understand::segments::SegmentError;

/// Why nothing was exported.
#[derive(Debug, Error)]
pub enum ExportError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Segment(#[from] Box<SegmentError>),
    #[error("{}: no format is known for this ending; use .csv, .parquet or .xlsx", .0.display())]
    UnknownFormat(PathBuf),
    #[error(
        "{rows} customers do not fit into an Excel sheet, which takes {most}; export to .csv or .parquet"
    )]
    TooManyRows { rows: u64, most: u64 },
    #[error("{}: {cause}; check the path, its permissions and the free space", .file.display())]
    Io { file: PathBuf, cause: std::io::Error },
    #[error("{}: {cause}; check the free space", .file.display())]
    Format { file: PathBuf, cause: String },
    #[error("the rows cannot be exported: {0}; please report this")]
    Rows(#[from] ArrowError),
}

impl ExportError {
    /// The message in a language. Messages of the engine and the operating system stay as they are.
    pub fn message(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        match self {
            ExportError::Engine(error) => error.to_string(),
            ExportError::Segment(error) => error.message(language),
            ExportError::UnknownFormat(file) => {
                format!("{}：无法识别的扩展名；请使用 .csv、.parquet 或 .xlsx", file.display())
            }
            ExportError::TooManyRows { rows, most } => {
                format!("{rows} 位客户超过 Excel 工作表的上限 {most} 行；请导出为 .csv 或 .parquet")
            }
            ExportError::Io { file, cause } => {
                format!("{}：{cause}；请检查路径、权限和剩余空间", file.display())
            }
            ExportError::Format { file, cause } => format!("{}：{cause}；请检查剩余空间", file.display()),
            ExportError::Rows(cause) => format!("无法导出数据行：{cause}；请反馈此问题"),
        }
    }
}

/// Says at which file an error of the operating system happened.
pub fn at(file: &Path) -> impl Fn(std::io::Error) -> ExportError + use<> {
    let file = file.to_path_buf();
    move |cause| ExportError::Io { file: file.clone(), cause }
}
