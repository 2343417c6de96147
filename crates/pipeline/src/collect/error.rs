//! What can end an import, with the place and the cure.

use std::path::PathBuf;

use chrono::NaiveDate;
use clientele_engine::EngineError;
use clientele_engine::arrow::error::ArrowError;
use clientele_model::spec::SpecError;
use clientele_model::spec::source::Field;
use clientele_model::{BatchId, Language};
use thiserror::Error;

use super::read::ReadError;
use crate::library::LibraryError;

/// An error of an import, an undo or a look at the quarantine. Nothing has been changed.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The file cannot be read as a table.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The workspace's own library cannot be read.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// A layout in the workspace's library is wrong.
    #[error(transparent)]
    Layout(#[from] SpecError),
    /// The lake refuses.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A file of the system cannot be read or written.
    #[error("{}: {cause}; check the path, its permissions and the free space", .file.display())]
    File { file: PathBuf, cause: std::io::Error },
    /// No layout fits.
    #[error(
        "{}: no known layout has these columns: {}; name the layout with --source ({}) \
         and its columns with --map field=column",
        .file.display(), .header.join(", "), .known.join(", ")
    )]
    NotRecognisedIn { file: PathBuf, header: Vec<String>, known: Vec<String> },
    /// No layout fits; the file is added on the way up.
    #[error("no known layout has these columns: {}", .header.join(", "))]
    NotRecognised { header: Vec<String>, known: Vec<String> },
    /// Layouts that read some rows of a file found none.
    #[error(
        "{}: no row is of a kind that the layout {layout} reads; name another with --source", .file.display()
    )]
    NothingOfKind { file: PathBuf, layout: String },
    /// `--source` names no layout.
    #[error("there is no layout `{id}`; use one of {}", .known.join(", "))]
    UnknownLayout { id: String, known: Vec<String> },
    /// `--map` names no column of the file.
    #[error("the file has no column `{column}`; its columns are {}", .header.join(", "))]
    NoSuchColumn { column: String, header: Vec<String> },
    /// `--map` names no field.
    #[error("`{name}` is not a field; use one of {}", .known.join(", "))]
    UnknownField { name: String, known: Vec<&'static str> },
    /// `--map` names a field that such files don't have.
    #[error("a file of layout {layout} has no field `{}`; leave it out or choose another --source", .field.name())]
    FieldOfOtherGrain { field: Field, layout: String },
    /// A required field has no column.
    #[error(
        "{}: no column was found for {}; name it with --map {}=COLUMN. The columns are {}",
        .file.display(), .field.label().0, .field.name(), .header.join(", ")
    )]
    MissingField { file: PathBuf, field: Field, header: Vec<String> },
    /// Dates could be day first or month first.
    #[error(
        "{}: dates like `{example}` can be read day first or month first; \
         say which with --map dates=dmy or --map dates=mdy", .file.display()
    )]
    AmbiguousDates { file: PathBuf, example: String },
    /// There is no such batch, or it is undone.
    #[error("there is no batch {batch} to work on; {}", known_batches(.known, Language::En))]
    NoSuchBatch { batch: BatchId, known: Vec<String> },
    /// The batch is too old to be taken back.
    #[error(
        "batch {batch} was imported on {imported_on} and cannot be taken back any more: it was settled on \
         {settled_on}, as batches can be undone for {undo} (`undo` under [keep] in clientele.toml); import a \
         corrected file instead, which replaces the records that it holds"
    )]
    Settled { batch: BatchId, imported_on: NaiveDate, settled_on: NaiveDate, undo: String },
    /// More customers or rows than keys can number.
    #[error("more than {limit} {what}; split the workspace")]
    TooMany { what: &'static str, limit: u64 },
    /// What the lake holds is not what was put there.
    #[error("the table {table} of the lake holds something unexpected: {cause}; restore it from a backup")]
    Lake { table: &'static str, cause: String },
    /// A thread of the import died.
    #[error("the import stopped inside: {0}; please report this")]
    Stopped(String),
}

impl From<ArrowError> for ImportError {
    fn from(error: ArrowError) -> Self {
        ImportError::Stopped(error.to_string())
    }
}

impl From<serde_json::Error> for ImportError {
    fn from(error: serde_json::Error) -> Self {
        ImportError::Stopped(error.to_string())
    }
}

impl ImportError {
    /// Adds the file to errors that did not know it.
    pub(crate) fn of_file(self, file: &std::path::Path) -> Self {
        match self {
            ImportError::NotRecognised { header, known } => {
                ImportError::NotRecognisedIn { file: file.to_owned(), header, known }
            }
            other => other,
        }
    }

    /// The message in a language, with place and cure.
    pub fn message(&self, language: Language) -> String {
        if language == Language::En {
            return match self {
                ImportError::Read(error) => format!("{}. {}", error.message(language), error.cure(language)),
                other => other.to_string(),
            };
        }
        match self {
            ImportError::Read(error) => format!("{}。{}", error.message(language), error.cure(language)),
            ImportError::Layout(error) => format!("布局文件有误：{}", error.message(language)),
            ImportError::Library(error) => error.message(language),
            ImportError::Engine(error) => chinese_engine(error),
            ImportError::File { file, cause } => {
                format!("{}：{cause}；请检查路径、权限和剩余空间", file.display())
            }
            ImportError::NotRecognisedIn { file, header, known } => format!(
                "{}：没有已知布局含有这些列：{}；请用 --source 指明布局（{}），并用 --map 字段=列名 指明各列",
                file.display(),
                header.join("、"),
                known.join("、")
            ),
            ImportError::NotRecognised { header, .. } => {
                format!("没有已知布局含有这些列：{}", header.join("、"))
            }
            ImportError::NothingOfKind { file, layout } => {
                format!("{}：没有布局 {layout} 可读取的行；请用 --source 另选布局", file.display())
            }
            ImportError::UnknownLayout { id, known } => {
                format!("没有布局“{id}”；可用：{}", known.join("、"))
            }
            ImportError::NoSuchColumn { column, header } => {
                format!("文件中没有列“{column}”；现有的列：{}", header.join("、"))
            }
            ImportError::UnknownField { name, known } => {
                format!("“{name}”不是字段；可用：{}", known.join("、"))
            }
            ImportError::FieldOfOtherGrain { field, layout } => {
                format!("布局 {layout} 的文件没有字段“{}”；请去掉它或另选 --source", field.name())
            }
            ImportError::MissingField { file, field, header } => format!(
                "{}：找不到{}所在的列；请用 --map {}=列名 指明。现有的列：{}",
                file.display(),
                field.label().1,
                field.name(),
                header.join("、")
            ),
            ImportError::AmbiguousDates { file, example } => format!(
                "{}：日期“{example}”可能是日在前，也可能是月在前；请用 --map dates=dmy 或 --map dates=mdy 指明",
                file.display()
            ),
            ImportError::NoSuchBatch { batch, known } => {
                format!("没有可操作的批次 {batch}；{}", known_batches(known, language))
            }
            ImportError::Settled { batch, imported_on, settled_on, undo } => format!(
                "批次 {batch} 导入于 {imported_on}，已不能撤销：批次可撤销的期限为 {undo}（clientele.toml 中 [keep] \
                 的 undo），它已于 {settled_on} 归档；请改为导入更正后的文件，其中的记录会替换旧记录"
            ),
            ImportError::TooMany { limit, .. } => format!("数量超过上限 {limit}；请拆分工作区"),
            ImportError::Lake { table, cause } => {
                format!("数据表 {table} 的内容异常：{cause}；请从备份恢复")
            }
            ImportError::Stopped(cause) => format!("导入中途停止：{cause}；请反馈此问题"),
        }
    }
}

/// The last batches that are there, and where to see them all.
fn known_batches(known: &[String], language: Language) -> String {
    const SHOWN: usize = 10;
    let last = &known[known.len().saturating_sub(SHOWN)..];
    if last.is_empty() {
        return language.pick("none has been imported".to_owned(), "尚未导入任何批次".to_owned());
    }
    language.pick(
        format!("use one of {}; `clientele batches` lists them all", last.join(", ")),
        format!("可用：{}；全部批次见 clientele batches", last.join("、")),
    )
}

fn chinese_engine(error: &EngineError) -> String {
    match error {
        EngineError::Locked { at, by } => format!("{by} 正在写入 {at}；请等它结束后重试"),
        EngineError::Conflict { at } => format!("期间有其他写入改动了 {at}；未写入任何内容，请重试"),
        EngineError::ReadOnly { at, cause } => format!("无法写入 {at}：{cause}；请检查权限"),
        EngineError::DiskFull { at } => format!("写入 {at} 时磁盘已满；请清理空间后重试"),
        EngineError::NewerVersion { at, found, supported } => {
            format!("{at} 的数据格式为 {found}，本程序最高支持 {supported}；请安装新版本")
        }
        EngineError::NotFound { what, at } => format!("在 {at} 找不到 {what}；请检查路径"),
        other => other.to_string(),
    }
}
