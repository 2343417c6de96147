//! Why something about segments cannot be done.

use clientele_engine::EngineError;
use clientele_model::problem::kinds::questions::NOTHING_IMPORTED;
use clientele_model::problem::kinds::segments as kinds;
use clientele_model::spec::segment::RuleError;
use clientele_model::{Language, Problem};
use clientele_read::ReadError;
use thiserror::Error;

use crate::catalogue::CatalogueError;
use crate::understand::ViewError;
use crate::workspace::WorkspaceError;

/// Why something about segments cannot be done. Nothing is changed then.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum SegmentError {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Read(#[from] ReadError),
    Rule(RuleError),
    Unknown {
        name: String,
        nearest: Option<String>,
    },
    BadId {
        name: String,
    },
    Cycle {
        path: Vec<String>,
    },
    InUse {
        id: String,
        users: Vec<String>,
    },
    IsList {
        id: String,
    },
    HasRule {
        id: String,
    },
    NotComputed {
        run: String,
        name: String,
    },
    NotShown {
        name: String,
        is_masked: bool,
        shown: String,
    },
    NoProfile {
        rule: String,
    },
    Nested {
        segment: String,
    },
    TooLarge,
    NotEvaluated {
        id: String,
    },
    NoColumn {
        columns: String,
    },
    UnknownColumn {
        name: String,
        columns: String,
    },
    NoCustomers,
    Record(String),
}

impl SegmentError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            SegmentError::View(error) => error.problem(),
            SegmentError::Engine(error) => error.problem(),
            SegmentError::Read(error) => error.problem(),
            SegmentError::Rule(error) => error.problem().within(("the rule cannot be read", "规则有误")),
            SegmentError::Unknown { name, nearest } => {
                kinds::UNKNOWN_SEGMENT.problem().with("name", name).or_nearest(nearest.as_ref())
            }
            SegmentError::BadId { name } => kinds::BAD_ID.problem().with("name", name),
            SegmentError::Cycle { path } => kinds::CYCLE.problem().with("path", path.join(" → ")),
            SegmentError::InUse { id, users } => {
                kinds::IN_USE.problem().with("id", id).with_list("users", users)
            }
            SegmentError::IsList { id } => kinds::IS_LIST.problem().with("id", id),
            SegmentError::HasRule { id } => kinds::HAS_RULE.problem().with("id", id),
            SegmentError::NotComputed { run, name } => {
                kinds::NOT_COMPUTED.problem().with("run", run).with("name", name)
            }
            SegmentError::NotShown { name, is_masked, shown } => {
                let kind = if *is_masked { &kinds::MASKED } else { &kinds::NOT_SHOWN };
                kind.problem().with("name", name).with("shown", shown)
            }
            SegmentError::NoProfile { rule } => kinds::NO_PROFILE.problem().with("rule", rule),
            SegmentError::Nested { segment } => kinds::NESTED.problem().with("segment", segment),
            SegmentError::TooLarge => kinds::TOO_LARGE.problem(),
            SegmentError::NotEvaluated { id } => kinds::NOT_EVALUATED.problem().with("id", id),
            SegmentError::NoColumn { columns } => kinds::NO_COLUMN.problem().with("columns", columns),
            SegmentError::UnknownColumn { name, columns } => {
                kinds::UNKNOWN_COLUMN.problem().with("name", name).with("columns", columns)
            }
            SegmentError::NoCustomers => NOTHING_IMPORTED.problem(),
            SegmentError::Record(cause) => kinds::RECORD.problem().with("cause", cause),
        }
    }
}

impl From<RuleError> for SegmentError {
    fn from(error: RuleError) -> Self {
        SegmentError::Rule(error)
    }
}

impl From<CatalogueError> for SegmentError {
    fn from(error: CatalogueError) -> Self {
        SegmentError::View(error.into())
    }
}

impl From<WorkspaceError> for SegmentError {
    fn from(error: WorkspaceError) -> Self {
        CatalogueError::from(error).into()
    }
}
