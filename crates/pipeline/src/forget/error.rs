//! Why nobody was forgotten.

use std::path::PathBuf;

use clientele_engine::EngineError;
use clientele_engine::arrow::error::ArrowError;
use clientele_model::Language;
use thiserror::Error;

use crate::collect::ImportError;
use crate::workspace::WorkspaceError;

/// What can end a forgetting. Nothing has been changed, but for [`EngineError::Unfinished`],
/// [`ForgetError::Left`] and [`ForgetError::Unproven`], which say so.
#[derive(Debug, Error)]
pub enum ForgetError {
    /// Some of the customers are not known; each with the most similar one that is.
    #[error("{}; nothing was done", unknown(.names, Language::En))]
    Unknown { names: Vec<(String, Option<String>)> },
    /// Several sources have a customer of that id.
    #[error(
        "`{name}` is a customer of several sources ({sources}); write SOURCE:ID, as in {example}; nothing was done"
    )]
    Ambiguous { name: String, sources: String, example: String },
    /// Neither names nor a file with any.
    #[error("nobody is named; give ids of customers, or a file of ids with --file")]
    Nobody,
    /// The file of ids cannot be read.
    #[error("the file of ids {} cannot be used: {cause}", .file.display())]
    File { file: PathBuf, cause: String },
    /// The lake has a table of which it is not known whom it is about.
    #[error(
        "the lake has a table `{table}` that this release does not know, so it cannot tell what the table holds of a \
         customer; install the release that made it; nothing was done"
    )]
    UnknownTable { table: String },
    /// They are forgotten, but an export that could not be made anew still holds them.
    #[error("the export {} still holds them and can neither be made anew nor removed: {cause}; remove it", .file.display())]
    Left { file: PathBuf, cause: String },
    /// They are forgotten, but what was to be done afterwards failed.
    #[error("they are forgotten, but the search that proves it did not get to its end: {cause}")]
    Unproven { cause: String },
    #[error(transparent)]
    Records(#[from] ImportError),
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<ArrowError> for ForgetError {
    fn from(error: ArrowError) -> Self {
        ImportError::from(error).into()
    }
}

impl ForgetError {
    /// The message in a language; messages of the engine stay in English.
    pub fn message(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        match self {
            ForgetError::Unknown { names } => format!("{}；未做任何改动", unknown(names, language)),
            ForgetError::Ambiguous { name, sources, example } => {
                format!(
                    "多个来源都有客户 {name}（{sources}）；请写成 来源:编号，例如 {example}；未做任何改动"
                )
            }
            ForgetError::Nobody => "没有指定客户；请给出客户编号，或用 --file 给出编号文件".to_owned(),
            ForgetError::File { file, cause } => format!("无法使用编号文件 {}：{cause}", file.display()),
            ForgetError::UnknownTable { table } => format!(
                "数据湖中有本版本不认识的表 {table}，无法判断其中有哪些客户数据；请安装写入它的版本；未做任何改动"
            ),
            ForgetError::Left { file, cause } => format!(
                "导出文件 {} 仍含这些客户，既无法重新生成也无法删除：{cause}；请手动删除",
                file.display()
            ),
            ForgetError::Unproven { cause } => format!("这些客户已被遗忘，但事后的核查未能完成：{cause}"),
            ForgetError::Records(error) => error.message(language),
            ForgetError::Workspace(error) => error.message(language),
            ForgetError::Engine(error) => error.to_string(),
        }
    }
}

/// How many unknown names are told.
const TOLD: usize = 5;

fn unknown(names: &[(String, Option<String>)], language: Language) -> String {
    let told = names.iter().take(TOLD).map(|(name, nearest)| match nearest {
        Some(nearest) => language
            .pick(format!("`{name}` (did you mean `{nearest}`?)"), format!("{name}（是不是 {nearest}？）")),
        None => language.pick(format!("`{name}`"), name.clone()),
    });
    let told: Vec<String> = told.collect();
    let more = names.len().saturating_sub(TOLD);
    match language {
        Language::En => {
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            format!("nothing is held of {}{more}; check the ids", told.join(", "))
        }
        Language::Zh => {
            let more = if more == 0 { String::new() } else { format!("等，另有 {more} 个") };
            format!("没有这些客户的任何数据：{}{more}；请检查编号", told.join("、"))
        }
    }
}
