//! What ends a command.

use std::path::PathBuf;

use clientele_engine::EngineError;
use clientele_model::spec::SpecError;
use clientele_model::{Language, Text};
use clientele_pipeline::act::export::ExportError;
use clientele_pipeline::act::overrides::OverrideError;
use clientele_pipeline::collect::ImportError;
use clientele_pipeline::forget::ForgetError;
use clientele_pipeline::generate::GenerateError;
use clientele_pipeline::keep::KeepError;
use clientele_pipeline::learn::alerts::AlertError;
use clientele_pipeline::understand::ViewError;
use clientele_pipeline::understand::persona::InsightError;
use clientele_pipeline::understand::publish::PublishError;
use clientele_pipeline::understand::report::ReportError;
use clientele_pipeline::understand::segments::SegmentError;
use clientele_pipeline::workspace::WorkspaceError;
use clientele_pipeline::{CatalogueError, RefreshError};
use thiserror::Error;

/// Every error that the command line shows.
#[derive(Debug, Error)]
pub enum Failure {
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Refresh(#[from] RefreshError),
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Alert(#[from] AlertError),
    #[error(transparent)]
    Insight(#[from] InsightError),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    Override(#[from] OverrideError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Segment(#[from] SegmentError),
    #[error(transparent)]
    Keep(#[from] KeepError),
    #[error(transparent)]
    Forget(#[from] ForgetError),
    #[error(transparent)]
    Generate(#[from] GenerateError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A setting of the environment or a flag.
    #[error("{}", .0.en)]
    Setting(Text),
    /// The result cannot be written to stdout.
    #[error("the result cannot be written: {0}")]
    Output(std::io::Error),
    #[error("{}: {cause}; check the path, its permissions and the free space", .place.display())]
    File { place: PathBuf, cause: std::io::Error },
    /// A rule of a file with a rule a line.
    #[error("{}, line {line}: {error}", .place.display())]
    RuleOfFile { place: PathBuf, line: usize, error: Box<SegmentError> },
    #[error("the threads cannot be started: {0}; free some memory")]
    Start(std::io::Error),
    #[error("stopped; a change that was being committed is complete, one that was not is not made")]
    Stopped,
    /// What was looked for is not there; the message is in the user's language.
    #[error("{0}")]
    Said(String),
    /// Everything has been shown already.
    #[error("")]
    Shown,
}

impl Failure {
    /// What, where and the cure.
    pub fn message(&self, language: Language) -> String {
        match self {
            Failure::Workspace(error) => workspace(error, language),
            Failure::Catalogue(error) | Failure::Refresh(RefreshError::Catalogue(error)) => {
                catalogue(error, language)
            }
            Failure::Refresh(error) => error.message(language),
            Failure::Import(ImportError::Engine(error)) => engine(error, language),
            Failure::Import(error) => error.message(language),
            Failure::View(error)
            | Failure::Insight(InsightError::View(error))
            | Failure::Report(ReportError::View(error))
            | Failure::Alert(AlertError::View(error)) => view(error, language),
            Failure::Alert(error) => error.message(language),
            Failure::Insight(error) => error.message(language),
            Failure::Report(ReportError::Engine(error)) => engine(error, language),
            Failure::Report(error) => error.message(language),
            Failure::Override(OverrideError::Catalogue(error))
            | Failure::Publish(PublishError::Catalogue(error)) => catalogue(error, language),
            Failure::Override(OverrideError::Engine(error))
            | Failure::Publish(PublishError::Engine(error)) => engine(error, language),
            Failure::Override(error) => error.message(language),
            Failure::Publish(PublishError::View(error)) => view(error, language),
            Failure::Publish(error) => error.message(language),
            Failure::Export(ExportError::Engine(error)) => engine(error, language),
            Failure::Export(error) => error.message(language),
            Failure::Segment(error) => segment(error, language),
            Failure::RuleOfFile { place, line, error } => {
                let (place, error) = (place.display(), segment(error, language));
                language
                    .pick(format!("{place}, line {line}: {error}"), format!("{place} 第 {line} 行：{error}"))
            }
            Failure::Keep(KeepError::Catalogue(error)) => catalogue(error, language),
            Failure::Keep(KeepError::Engine(error) | KeepError::Records(ImportError::Engine(error))) => {
                engine(error, language)
            }
            Failure::Keep(error) => error.message(language),
            Failure::Forget(
                ForgetError::Engine(error) | ForgetError::Records(ImportError::Engine(error)),
            ) => engine(error, language),
            Failure::Forget(ForgetError::Workspace(error)) => workspace(error, language),
            Failure::Forget(error) => error.message(language),
            Failure::Generate(error) => error.message(language),
            Failure::Engine(error) => engine(error, language),
            Failure::Output(cause) => language.pick(self.to_string(), format!("无法输出结果：{cause}")),
            Failure::File { place, cause } => language
                .pick(self.to_string(), format!("{}：{cause}；请检查路径、权限和剩余空间", place.display())),
            Failure::Start(cause) => {
                language.pick(self.to_string(), format!("无法启动线程：{cause}；请释放内存后重试"))
            }
            Failure::Stopped => {
                language.pick(self.to_string(), "已停止；正在提交的改动已完成，尚未提交的没有生效".to_owned())
            }
            Failure::Setting(text) => text.get(language).to_owned(),
            Failure::Spec(error) => error.message(language),
            Failure::Said(_) | Failure::Shown => self.to_string(),
        }
    }

    /// The mistake in a document that is behind this failure, if one is.
    pub fn document(&self) -> Option<&SpecError> {
        match self {
            Failure::Spec(error)
            | Failure::Import(ImportError::Layout(error))
            | Failure::Catalogue(CatalogueError::Spec(error))
            | Failure::Refresh(RefreshError::Catalogue(CatalogueError::Spec(error)))
            | Failure::Override(OverrideError::Catalogue(CatalogueError::Spec(error)))
            | Failure::Publish(PublishError::Catalogue(CatalogueError::Spec(error)))
            | Failure::Segment(SegmentError::View(ViewError::Catalogue(CatalogueError::Spec(error))))
            | Failure::Alert(AlertError::Spec(error))
            | Failure::View(ViewError::Catalogue(CatalogueError::Spec(error))) => Some(error),
            _ => None,
        }
    }
}

fn workspace(error: &WorkspaceError, language: Language) -> String {
    match error {
        WorkspaceError::Engine(error) => engine(error, language),
        other => other.message(language),
    }
}

fn catalogue(error: &CatalogueError, language: Language) -> String {
    match error {
        CatalogueError::Engine(error) => engine(error, language),
        CatalogueError::Workspace(error) => workspace(error, language),
        other => other.message(language),
    }
}

fn view(error: &ViewError, language: Language) -> String {
    match error {
        ViewError::Catalogue(error) => catalogue(error, language),
        ViewError::Engine(error) => engine(error, language),
        other => other.message(language),
    }
}

fn segment(error: &SegmentError, language: Language) -> String {
    match error {
        SegmentError::View(error) => view(error, language),
        SegmentError::Engine(error) => engine(error, language),
        other => other.message(language),
    }
}

/// The engine's errors are in English by themselves; these are the ones that users meet.
fn engine(error: &EngineError, language: Language) -> String {
    if let EngineError::Damaged(damage) = error {
        return crate::text::damage(damage, language);
    }
    if language == Language::En {
        return error.to_string();
    }
    match error {
        EngineError::NotFound { what, at } => format!("在 {at} 找不到 {what}；请检查路径"),
        EngineError::AlreadyExists { at, .. } => format!("{at} 已存在；请换个名称，或直接打开"),
        EngineError::Occupied { at, found } => {
            format!("{at} 中已有其他内容：{found}；未作任何改动，请另选一个空位置，或先移走这些内容")
        }
        EngineError::Unsure { at, cause } => {
            format!(
                "无法确认对 {at} 的改动是否已生效：{cause}；待该位置恢复可用后，请先查看改动是否已在，再决定是否重试"
            )
        }
        EngineError::NewerVersion { at, found, supported } => {
            format!("{at} 的数据格式为 {found}，本程序最高支持 {supported}；请安装新版本")
        }
        EngineError::Locked { at, by } => {
            format!("{by} 正在写入 {at}；请等它结束后重试，或用 --wait 2m 等待")
        }
        EngineError::Conflict { at } => format!("期间有其他写入改动了 {at}；未写入任何内容，请重试"),
        EngineError::ReadOnly { at, cause } => format!("无法写入 {at}：{cause}；请检查权限"),
        EngineError::DiskFull { at } => format!("写入 {at} 时磁盘已满；请清理空间后重试"),
        EngineError::OutOfMemory { cause } => {
            format!("查询所需内存超过上限：{cause}；请用 --memory 提高上限")
        }
        EngineError::Unreachable { url, cause } => {
            format!("无法连接 {url}：{cause}；请检查地址，并确认服务已启动")
        }
        EngineError::Cluster { url, cause } => {
            format!("集群 {url} 未能完成查询：{cause}；请检查执行节点后重试")
        }
        EngineError::Corrupt { at, cause } => format!("{at} 已损坏：{cause}；请从备份恢复"),
        EngineError::Unfinished { at, cause } => {
            format!("{at} 的改动已经生效但尚未做完：{cause}；请排除原因后重新运行该命令，其余部分会随之完成")
        }
        EngineError::Io { at, cause } => format!("读写 {at} 失败：{cause}；请确认可以访问，然后重试"),
        other => other.to_string(),
    }
}
