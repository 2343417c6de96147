//! Why nothing is said of a group.

use clientele_engine::EngineError;
use clientele_model::problem::kinds::groups as kinds;
use clientele_model::{Language, Problem};
use thiserror::Error;

use crate::understand::ViewError;

/// Why a question about groups has no answer.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum InsightError {
    #[error(transparent)]
    View(#[from] ViewError),
    Nobody {
        group: String,
    },
    TooFew {
        group: String,
        minimum: u64,
    },
    UnknownDimension {
        name: String,
        run: String,
        nearest: Option<String>,
    },
    NotCrossed {
        name: String,
    },
    SameTwice {
        name: String,
    },
    NothingToCross {
        left: String,
        right: String,
    },
    UnknownOutcome {
        name: String,
    },
    NoOutcome {
        outcome: String,
        needs: String,
    },
    UnfitPredictor {
        name: String,
        why: String,
    },
    NoPredictors {
        outcome: String,
        why: String,
    },
}

impl InsightError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            InsightError::View(error) => error.problem(),
            InsightError::Nobody { group } => kinds::GROUP_EMPTY.problem().with("group", group),
            InsightError::TooFew { group, minimum } => {
                kinds::GROUP_TOO_SMALL.problem().with("group", group).with("minimum", minimum)
            }
            InsightError::UnknownDimension { name, run, nearest } => {
                let problem = kinds::UNKNOWN_DIMENSION.problem().with("name", name).with("run", run);
                problem.or_nearest(nearest.as_ref())
            }
            InsightError::NotCrossed { name } => kinds::NOT_CROSSED.problem().with("name", name),
            InsightError::SameTwice { name } => kinds::SAME_TWICE.problem().with("name", name),
            InsightError::NothingToCross { left, right } => {
                kinds::NOTHING_TO_CROSS.problem().with("left", left).with("right", right)
            }
            InsightError::UnknownOutcome { name } => kinds::UNKNOWN_OUTCOME.problem().with("name", name),
            InsightError::NoOutcome { outcome, needs } => {
                kinds::NO_OUTCOME.problem().with("outcome", outcome).with("needs", needs)
            }
            InsightError::UnfitPredictor { name, why } => {
                kinds::UNFIT_PREDICTOR.problem().with("name", name).with_text("why", reason(why))
            }
            InsightError::NoPredictors { outcome, why } => {
                kinds::NO_PREDICTORS.problem().with("outcome", outcome).with_text("why", reason(why))
            }
        }
    }
}

impl From<EngineError> for InsightError {
    fn from(error: EngineError) -> Self {
        InsightError::View(error.into())
    }
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

fn reason(en: &str) -> (&str, &str) {
    REASONS.iter().find(|(text, _)| *text == en).copied().unwrap_or((en, en))
}
