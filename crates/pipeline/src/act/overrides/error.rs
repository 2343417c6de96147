//! Why a tier cannot be set by hand.

use chrono::NaiveDate;
use clientele_engine::EngineError;
use clientele_model::Language;
use thiserror::Error;

use crate::error::CatalogueError;

/// Why a tier cannot be set by hand, or an override not be ended.
#[derive(Debug, Error)]
pub enum OverrideError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("no reason is given; say why with --reason")]
    NoReason,
    #[error("scheme {scheme} has no tier `{name}`; {}", nearest.as_ref().map_or_else(|| format!("its tiers are {known}"), |n| format!("did you mean `{n}`?")))]
    UnknownTier { scheme: String, name: String, nearest: Option<String>, known: String },
    #[error("--until {until} is before {since}, the first day that it would hold; name a later day, or none")]
    Past { until: NaiveDate, since: NaiveDate },
    #[error("scheme {scheme} does not know the method `{name}`; use one of {known}")]
    UnknownMethod { scheme: String, name: String, known: String },
    #[error("there is no customer `{name}`; check the id, or import the customer first")]
    UnknownCustomer { name: String },
    #[error("`{name}` is a customer of several sources ({sources}); write SOURCE:ID, as in {example}")]
    AmbiguousCustomer { name: String, sources: String, example: String },
    #[error("there is no override `{id}`; see `clientele override list`")]
    Unknown { id: String },
    #[error("override {id} was ended before, at {at}; nothing is left to do")]
    Ended { id: String, at: String },
}

impl OverrideError {
    /// The message in a language; messages of the engine stay in English.
    pub fn message(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        match self {
            OverrideError::Catalogue(error) => error.message(language),
            OverrideError::Engine(error) => error.to_string(),
            OverrideError::NoReason => "没有写明理由；请用 --reason 说明".to_owned(),
            OverrideError::UnknownTier { scheme, name, nearest, known } => {
                let hint = nearest.as_ref().map(|n| format!("是不是 {n}？"));
                let hint = hint.unwrap_or_else(|| format!("它的层级有：{known}"));
                format!("分层方案 {scheme} 没有层级 {name}；{hint}")
            }
            OverrideError::Past { until, since } => {
                format!("--until {until} 早于生效日 {since}；请写更晚的日期，或不写")
            }
            OverrideError::UnknownMethod { scheme, name, known } => {
                format!("分层方案 {scheme} 没有方法 {name}；可用：{known}")
            }
            OverrideError::UnknownCustomer { name } => {
                format!("没有客户 {name}；请检查编号，或先导入该客户")
            }
            OverrideError::AmbiguousCustomer { name, sources, example } => {
                format!("多个来源都有客户 {name}（{sources}）；请写成 来源:编号，例如 {example}")
            }
            OverrideError::Unknown { id } => {
                format!("没有人工指定 {id}；可用 clientele override list 查看")
            }
            OverrideError::Ended { id, at } => format!("人工指定 {id} 已于 {at} 结束，无需再次操作"),
        }
    }
}
