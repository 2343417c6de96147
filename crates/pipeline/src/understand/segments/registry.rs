//! What a workspace knows of segments: definitions, evaluations, and how fresh they are.

use std::collections::BTreeMap;

use clientele_engine::{EngineSettings, Lake, Session};
use clientele_model::RunId;
use clientele_model::spec::segment::{SegmentRule, Vocabulary, parse};
use serde::Serialize;

use super::SegmentError;
use super::definition::{self, Definition};
use super::state::{self, Evaluation, Outcome, State};
use super::vocabulary::vocabulary;
use crate::catalogue::Catalogue;
use crate::library::nearest;
use crate::runs;
use crate::session::session;
use crate::workspace::Workspace;

/// All definitions and evaluations.
pub struct SegmentRegistry {
    /// All versions of all segments.
    pub definitions: Vec<Definition>,
    /// All evaluations, older ones first.
    pub evaluations: Vec<Evaluation>,
    /// The last run, if one was made.
    pub run: Option<RunId>,
    /// Whether somebody writes to the lake right now.
    is_written: bool,
}

/// A segment as it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    pub definition: Definition,
    pub state: State,
    /// The last evaluation that was through.
    pub last: Option<Evaluation>,
    /// The last evaluation that failed, when none was through since.
    pub failed: Option<Evaluation>,
}

impl SegmentRegistry {
    /// Reads the book of a workspace.
    pub async fn open(workspace: &Workspace) -> Result<SegmentRegistry, SegmentError> {
        let session = session(&EngineSettings::default()).await?;
        let lake = workspace.lake().await?;
        session.register_location(lake.location())?;
        let run = runs::list(&lake, &session).await?.pop().map(|run| run.id);
        SegmentRegistry::read(&lake, &session, run).await
    }

    /// Reads the book of a lake.
    pub async fn read(
        lake: &Lake,
        session: &Session,
        run: Option<RunId>,
    ) -> Result<SegmentRegistry, SegmentError> {
        let definitions = definition::list(lake, session).await?;
        let evaluations = state::list(lake, session).await?;
        let open = evaluations.iter().any(|e| e.outcome == Outcome::Running);
        // Asked only where the answer matters.
        let is_written = open && lake.is_being_written().await?;
        Ok(SegmentRegistry { definitions, evaluations, run, is_written })
    }

    /// The definitions that count, by id.
    pub fn current(&self) -> BTreeMap<&str, &Definition> {
        definition::current(&self.definitions)
    }

    /// The state of every segment.
    pub fn states(&self) -> BTreeMap<&str, State> {
        state::states(&self.current(), &self.evaluations, self.run.as_ref(), self.is_written)
    }

    /// Every segment as it stands, by id.
    pub fn standings(&self) -> Vec<Standing> {
        let (states, done) = (self.states(), state::last_done(&self.evaluations));
        let standing = |definition: &Definition| {
            let id = definition.id.as_str();
            let last = done.get(id).copied().cloned();
            let newest = self.evaluations.iter().rfind(|e| e.segment == id);
            Standing {
                definition: definition.clone(),
                state: states.get(id).copied().unwrap_or(State::Stale),
                last,
                failed: newest.filter(|e| e.outcome == Outcome::Failed).cloned(),
            }
        };
        self.current().into_values().map(standing).collect()
    }

    /// A segment as it stands.
    pub fn standing(&self, id: &str) -> Result<Standing, SegmentError> {
        let found = self.standings().into_iter().find(|s| s.definition.id == id);
        found.ok_or_else(|| self.unknown(id))
    }

    /// The definition of a segment that counts.
    pub fn definition(&self, id: &str) -> Result<&Definition, SegmentError> {
        self.current().get(id).copied().ok_or_else(|| self.unknown(id))
    }

    fn unknown(&self, id: &str) -> SegmentError {
        let nearest = nearest(id, self.current().into_keys()).map(str::to_owned);
        SegmentError::Unknown { name: id.to_owned(), nearest }
    }

    /// The names that rules may use.
    pub fn vocabulary(&self, catalogue: &Catalogue) -> Vocabulary {
        vocabulary(catalogue, self.current().into_keys())
    }

    /// Reads a rule.
    pub fn rule(&self, catalogue: &Catalogue, text: &str) -> Result<SegmentRule, SegmentError> {
        Ok(parse(text, &self.vocabulary(catalogue))?)
    }
}
