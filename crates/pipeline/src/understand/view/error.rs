//! Why a question about a run has no answer.

use clientele_engine::EngineError;
use clientele_model::problem::kinds::questions as kinds;
use clientele_model::{AsOf, FieldClass, Language, Problem, RunId, Text};
use thiserror::Error;

use crate::catalogue::CatalogueError;
use crate::runs::dropped::DroppedRun;

/// Why a question about a run has no answer.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum ViewError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    NoRun,
    UnknownRun {
        name: String,
        known: String,
    },
    DroppedRun {
        run: Box<DroppedRun>,
        near: Vec<(RunId, AsOf)>,
    },
    UnknownScheme {
        run: String,
        name: String,
        nearest: Option<String>,
    },
    ClassNotShown {
        class: FieldClass,
    },
    UnknownTier {
        scheme: String,
        name: String,
        known: String,
    },
    UnknownCustomer {
        name: String,
        run: String,
    },
    AmbiguousCustomer {
        name: String,
        sources: String,
        example: String,
    },
    LooksBack {
        from: RunId,
        to: RunId,
        days: [AsOf; 2],
    },
}

impl ViewError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            ViewError::Catalogue(error) => error.problem(),
            ViewError::Engine(error) => error.problem(),
            ViewError::NoRun => kinds::NO_RUN.problem(),
            ViewError::UnknownRun { name, known } => {
                kinds::UNKNOWN_RUN.problem().with("name", name).with("known", known)
            }
            ViewError::DroppedRun { run, near } => {
                let problem = kinds::DROPPED_RUN.problem().with("run", &run.id).with("as_of", run.as_of);
                problem.with("at", run.dropped_at.date()).with_text("near", nearest_runs(near))
            }
            ViewError::UnknownScheme { run, name, nearest } => {
                let problem = kinds::SCHEME_NOT_IN_RUN.problem().with("run", run).with("name", name);
                problem.or_nearest(nearest.as_ref())
            }
            ViewError::ClassNotShown { class } => {
                let names = (class.name(Language::En), class.name(Language::Zh));
                kinds::CLASS_NOT_SHOWN.problem().with_text("class", names)
            }
            ViewError::UnknownTier { scheme, name, known } => {
                let problem = kinds::UNKNOWN_TIER.problem().with("scheme", scheme).with("name", name);
                problem.with("known", known)
            }
            ViewError::UnknownCustomer { name, run } => {
                kinds::CUSTOMER_NOT_IN_RUN.problem().with("name", name).with("run", run)
            }
            ViewError::AmbiguousCustomer { name, sources, example } => {
                let problem = kinds::AMBIGUOUS_CUSTOMER.problem().with("name", name).with("sources", sources);
                problem.with("example", example)
            }
            ViewError::LooksBack { from, to, days } => {
                let problem = kinds::LOOKS_BACK.problem().with("from", from).with("to", to);
                problem.with("from_day", days[0]).with("to_day", days[1])
            }
        }
    }
}

/// Runs with the days that they look from.
fn nearest_runs(near: &[(RunId, AsOf)]) -> Text {
    let told = |words: &dyn Fn(&RunId, &AsOf) -> String| -> Vec<String> {
        near.iter().map(|(run, as_of)| words(run, as_of)).collect()
    };
    let en = told(&|run, as_of| format!("{run} (as of {as_of})")).join(", ");
    Text::new(en, told(&|run, as_of| format!("{run}（统计日 {as_of}）")).join("、"))
}
