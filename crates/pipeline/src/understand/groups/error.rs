//! Why nothing is said of a group.

use clientele_engine::EngineError;
use clientele_model::Language;
use thiserror::Error;

use crate::understand::ViewError;

/// Why a question about groups has no answer.
#[derive(Debug, Error)]
pub enum InsightError {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error("{group} holds nobody")]
    Nobody { group: String },
    #[error(
        "{group} holds fewer than {minimum} customers; smaller groups are not described, as one could tell who is \
         meant (minimum_group in clientele.toml)"
    )]
    TooFew { group: String, minimum: u64 },
    #[error("`{name}` is neither a metric nor a scheme of run {run}; {}", hint(nearest.as_deref()))]
    UnknownDimension { name: String, run: String, nearest: Option<String> },
    #[error("`{name}` cannot be crossed: it has days or times, which are nearly as many as customers")]
    NotCrossed { name: String },
    #[error("`{name}` and `{name}` is one classification; name two")]
    SameTwice { name: String },
    #[error(
        "{left} and {right} have too few customers in common, or only one value: there is nothing to compare"
    )]
    NothingToCross { left: String, right: String },
    #[error(
        "there is no outcome `{name}`; use satisfaction, repeat, churn, spend, or a metric with numbers or yes and no"
    )]
    UnknownOutcome { name: String },
    #[error(
        "{outcome} cannot be explained: the run has no metric for it ({needs}); refresh with it, or name another"
    )]
    NoOutcome { outcome: String, needs: String },
    #[error("`{name}` cannot explain anything here: it is {why}")]
    UnfitPredictor { name: String, why: String },
    #[error("there is nothing to explain {outcome} with: {why}; name metrics with --of")]
    NoPredictors { outcome: String, why: String },
}

impl InsightError {
    /// The message in a language; messages of the engine stay in English.
    pub fn message(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        match self {
            InsightError::View(error) => error.message(language),
            InsightError::Nobody { group } => format!("{group} 中没有客户"),
            InsightError::TooFew { group, minimum } => format!(
                "{group} 不足 {minimum} 名客户；人数过少的群体不作描述，以免认出具体的人（见 clientele.toml 的 minimum_group）"
            ),
            InsightError::UnknownDimension { name, run, nearest } => {
                let hint = nearest.as_ref().map(|n| format!("是不是 {n}？"));
                let hint = hint.unwrap_or("可用 clientele metrics list 或 schemes list 查看".into());
                format!("{name} 既不是刷新 {run} 的指标，也不是其分层方案；{hint}")
            }
            InsightError::NotCrossed { name } => {
                format!("{name} 不能交叉：它是日期或时间，取值几乎和客户一样多")
            }
            InsightError::SameTwice { name } => format!("{name} 与自身是同一种分类；请写两种"),
            InsightError::NothingToCross { left, right } => {
                format!("{left} 与 {right} 共有的客户太少，或只有一个取值：没有可比较的内容")
            }
            InsightError::UnknownOutcome { name } => {
                format!("没有结果 {name}；可用 satisfaction、repeat、churn、spend，或一个数值型、是否型指标")
            }
            InsightError::NoOutcome { outcome, needs } => {
                format!("无法解释 {outcome}：本次刷新没有相应指标（{needs}）；请刷新时加上，或换一个结果")
            }
            InsightError::UnfitPredictor { name, why } => format!("{name} 在此不能用来解释：{}", reason(why)),
            InsightError::NoPredictors { outcome, why } => {
                format!("没有可用来解释 {outcome} 的指标：{}；请用 --of 指定指标", reason(why))
            }
        }
    }
}

impl From<EngineError> for InsightError {
    fn from(error: EngineError) -> Self {
        InsightError::View(error.into())
    }
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "see `clientele metrics list` and `clientele schemes list`".to_owned(),
        |nearest| format!("did you mean `{nearest}`?"),
    )
}

/// Reasons that are told within a message.
pub const REASONS: [(&str, &str); 8] = [
    ("no metric of the run", "本次刷新没有这个指标"),
    ("words, not numbers", "它是文字，不是数值"),
    ("the outcome itself", "它就是结果本身"),
    ("too few customers have both figures", "两项数据都有的客户太少"),
    ("no metric beside those that the outcome is made of", "除构成结果的指标外没有其他指标"),
    ("nothing that might explain it differs between customers", "可能的原因在客户之间没有差别"),
    ("the outcome is the same for everyone", "所有客户的结果都相同"),
    ("the figures are too large to compute with", "数值过大，无法计算"),
];

fn reason(en: &str) -> &str {
    REASONS.iter().find(|(text, _)| *text == en).map_or(en, |(_, zh)| zh)
}
