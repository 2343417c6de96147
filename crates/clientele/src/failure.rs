//! What ends a command.

use std::path::Path;

use clientele_engine::EngineError;
use clientele_generate::GenerateError;
use clientele_model::problem::kinds::command::{OUTPUT, WRONG_USAGE};
use clientele_model::problem::kinds::workspace::FILE_FAILED;
use clientele_model::spec::SpecError;
use clientele_model::{Language, Problem};
use clientele_pipeline::act::export::ExportError;
use clientele_pipeline::act::overrides::OverrideError;
use clientele_pipeline::collect::ImportError;
use clientele_pipeline::forget::ForgetError;
use clientele_pipeline::keep::KeepError;
use clientele_pipeline::learn::alerts::AlertError;
use clientele_pipeline::understand::ViewError;
use clientele_pipeline::understand::persona::InsightError;
use clientele_pipeline::understand::publish::PublishError;
use clientele_pipeline::understand::report::ReportError;
use clientele_pipeline::understand::segments::SegmentError;
use clientele_pipeline::workspace::WorkspaceError;
use clientele_pipeline::{CatalogueError, RefreshError};

/// Every way in which a command fails.
#[derive(Debug)]
pub enum Failure {
    /// Something went wrong.
    Problem(Box<Problem>),
    /// The result cannot be written to stdout.
    Output(std::io::Error),
    /// Everything has been shown already.
    Shown,
}

impl Failure {
    /// A file that cannot be read or written.
    pub fn file(file: &Path, cause: &std::io::Error) -> Failure {
        FILE_FAILED.problem().with("cause", cause).in_file(file).into()
    }

    /// Words that mean nothing here.
    pub fn usage(problem: impl std::fmt::Display) -> Failure {
        WRONG_USAGE.problem().with("problem", problem).into()
    }

    /// A command line that is none: why, and what may have been meant, without the usage below it.
    pub fn words(error: &clap::Error) -> Failure {
        let text = error.to_string();
        let said = text.lines().enumerate().filter_map(|(place, line)| match place {
            0 => Some(line.strip_prefix("error: ").unwrap_or(line)),
            _ => line.trim_start().strip_prefix("tip: "),
        });
        Failure::usage(said.collect::<Vec<_>>().join("; "))
    }

    /// What is told of it; nothing, where everything has been shown.
    pub fn problem(&self) -> Option<Problem> {
        match self {
            Failure::Problem(problem) => Some(problem.as_ref().clone()),
            Failure::Output(cause) => Some(OUTPUT.problem().with("cause", cause)),
            Failure::Shown => None,
        }
    }

    /// What, where and the cure in a sentence.
    pub fn sentence(&self, language: Language) -> String {
        self.problem().map(|problem| problem.sentence(language)).unwrap_or_default()
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure::Problem(Box::new(problem))
    }
}

macro_rules! fails_with {
    ($($error:ty),* $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                error.problem().into()
            }
        })*
    };
}

fails_with!(
    AlertError,
    CatalogueError,
    EngineError,
    ExportError,
    ForgetError,
    GenerateError,
    ImportError,
    InsightError,
    KeepError,
    OverrideError,
    PublishError,
    RefreshError,
    ReportError,
    SegmentError,
    SpecError,
    ViewError,
    WorkspaceError,
);
