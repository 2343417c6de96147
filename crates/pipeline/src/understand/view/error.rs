//! Why a question about a run has no answer.

use clientele_engine::EngineError;
use clientele_model::{AsOf, FieldClass, Language, RunId};
use thiserror::Error;

use crate::catalogue::CatalogueError;
use crate::runs::dropped::DroppedRun;

/// Why a question about a run has no answer.
#[derive(Debug, Error)]
pub enum ViewError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("nothing has been computed yet; run `clientele refresh`")]
    NoRun,
    #[error("there is no run `{name}`; the runs are {known}")]
    UnknownRun { name: String, known: String },
    #[error("{}", dropped(.run, .near, Language::En))]
    DroppedRun { run: Box<DroppedRun>, near: Vec<(RunId, AsOf)> },
    #[error("run {run} has no scheme `{name}`; {}", nearest.as_ref().map_or_else(|| "see `clientele schemes list`, or refresh".to_owned(), |n| format!("did you mean `{n}`?")))]
    UnknownScheme { run: String, name: String, nearest: Option<String> },
    #[error(
        "this answer is made of fields of the class `{}`, which are not shown to you; ask somebody to whom they \
         are", class.name(Language::En)
    )]
    ClassNotShown { class: FieldClass },
    #[error("scheme {scheme} has no tier `{name}`; its tiers are {known}")]
    UnknownTier { scheme: String, name: String, known: String },
    #[error("there is no customer `{name}` in run {run}; check the id, or import and refresh first")]
    UnknownCustomer { name: String, run: String },
    #[error("`{name}` is a customer of several sources ({sources}); write SOURCE:ID, as in {example}")]
    AmbiguousCustomer { name: String, sources: String, example: String },
    #[error(
        "run {from} looks from {}, after run {to}, which looks from {}; why somebody moved can only be told \
         forwards: swap the two, or leave out the causes with --no-causes", days[0], days[1]
    )]
    LooksBack { from: RunId, to: RunId, days: [AsOf; 2] },
}

impl ViewError {
    /// The message in a language; messages of the engine stay in English.
    pub fn message(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        match self {
            ViewError::Catalogue(error) => error.message(language),
            ViewError::Engine(error) => error.to_string(),
            ViewError::NoRun => "还没有计算结果；请先运行 clientele refresh".to_owned(),
            ViewError::UnknownRun { name, known } => format!("没有刷新 {name}；已有的刷新：{known}"),
            ViewError::DroppedRun { run, near } => dropped(run, near, language),
            ViewError::UnknownScheme { run, name, nearest } => {
                let hint = nearest.as_ref().map(|n| format!("是不是 {n}？"));
                let hint = hint.unwrap_or("可用 clientele schemes list 查看，或重新刷新".into());
                format!("刷新 {run} 中没有分层方案 {name}；{hint}")
            }
            ViewError::ClassNotShown { class } => {
                format!(
                    "这个答案由“{}”类字段得出，而您看不到这类字段；请让看得到的人来查",
                    class.name(language)
                )
            }
            ViewError::UnknownTier { scheme, name, known } => {
                format!("分层方案 {scheme} 没有层级 {name}；它的层级有：{known}")
            }
            ViewError::UnknownCustomer { name, run } => {
                format!("刷新 {run} 中没有客户 {name}；请检查编号，或先导入并刷新")
            }
            ViewError::AmbiguousCustomer { name, sources, example } => {
                format!("多个来源都有客户 {name}（{sources}）；请写成 来源:编号，例如 {example}")
            }
            ViewError::LooksBack { from, to, days } => format!(
                "刷新 {from} 的统计日（{}）晚于刷新 {to}（{}）；迁移原因只能从早到晚说明：请对调两次刷新，或用 \
                 --no-causes 不列原因",
                days[0], days[1]
            ),
        }
    }
}

/// That a run is not kept any more, since when, and which are nearest.
fn dropped(run: &DroppedRun, near: &[(RunId, AsOf)], language: Language) -> String {
    let (id, as_of, at) = (&run.id, run.as_of, run.dropped_at.date());
    let near: Vec<String> = near
        .iter()
        .map(|(run, as_of)| {
            language.pick(format!("{run} (as of {as_of})"), format!("{run}（统计日 {as_of}）"))
        })
        .collect();
    language.pick(
        format!(
            "run {id} (as of {as_of}) is not kept any more: a vacuum dropped it on {at}, by `runs` under [keep] \
             in clientele.toml; the nearest that are kept: {}",
            near.join(", ")
        ),
        format!(
            "刷新 {id}（统计日 {as_of}）已不再保留：{at} 清理时按 clientele.toml 中 [keep] 的 runs 移除；\
             最近的保留刷新：{}",
            near.join("、")
        ),
    )
}
