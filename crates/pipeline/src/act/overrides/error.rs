//! Why a tier cannot be set by hand.

use chrono::NaiveDate;
use clientele_engine::EngineError;
use clientele_model::problem::kinds::people as kinds;
use clientele_model::problem::kinds::questions::{AMBIGUOUS_CUSTOMER, UNKNOWN_TIER};
use clientele_model::{Language, Problem};
use thiserror::Error;

use crate::error::CatalogueError;

/// Why a tier cannot be set by hand, or an override not be ended.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum OverrideError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    NoReason,
    UnknownTier {
        scheme: String,
        name: String,
        nearest: Option<String>,
        known: String,
    },
    Past {
        until: NaiveDate,
        since: NaiveDate,
    },
    UnknownMethod {
        scheme: String,
        name: String,
        known: String,
    },
    UnknownCustomer {
        name: String,
    },
    AmbiguousCustomer {
        name: String,
        sources: String,
        example: String,
    },
    Unknown {
        id: String,
    },
    Ended {
        id: String,
        at: String,
    },
}

impl OverrideError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            OverrideError::Catalogue(error) => error.problem(),
            OverrideError::Engine(error) => error.problem(),
            OverrideError::NoReason => kinds::NO_REASON.problem(),
            OverrideError::UnknownTier { scheme, name, nearest, known } => {
                let problem = UNKNOWN_TIER.problem().with("scheme", scheme).with("name", name);
                problem.with("known", known).or_nearest(nearest.as_ref())
            }
            OverrideError::Past { until, since } => {
                kinds::PAST.problem().with("until", until).with("since", since)
            }
            OverrideError::UnknownMethod { scheme, name, known } => {
                let problem = kinds::UNKNOWN_METHOD.problem().with("scheme", scheme).with("name", name);
                problem.with("known", known)
            }
            OverrideError::UnknownCustomer { name } => kinds::UNKNOWN_CUSTOMER.problem().with("name", name),
            OverrideError::AmbiguousCustomer { name, sources, example } => {
                let problem = AMBIGUOUS_CUSTOMER.problem().with("name", name).with("sources", sources);
                problem.with("example", example)
            }
            OverrideError::Unknown { id } => kinds::UNKNOWN_OVERRIDE.problem().with("id", id),
            OverrideError::Ended { id, at } => kinds::OVERRIDE_ENDED.problem().with("id", id).with("at", at),
        }
    }
}
