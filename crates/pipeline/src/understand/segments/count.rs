//! Counting who a rule describes, while it is being written.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use clientele_engine::{EngineSettings, Session};
use clientele_model::spec::segment::SegmentRule;

use super::SegmentError;
use super::columns::{Ground, Records, SegmentColumn};
use super::compile::{Compiled, Named, compile};
use super::definition::Kind;
use super::people::People;
use super::registry::SegmentRegistry;
use super::state::{self, State};
use crate::rows::{int, rows};
use crate::understand::view::{RunView, list_of, members_of};
use crate::workspace::Workspace;

/// The last run, opened for rules: what one rule has read is at hand for the next, and for those that are
/// counted beside it.
pub struct Counter {
    pub view: RunView,
    pub book: SegmentRegistry,
    /// Knows the view's tables, and the members of segments that were evaluated since.
    pub(super) session: Session,
    records: Records,
    people: People,
    fresh: BTreeMap<String, FreshSegment>,
}

/// A segment whose members are stored.
struct FreshSegment {
    members: u64,
    /// The table of its members, as queries name it.
    table: String,
}

/// How many customers a rule describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub customers: u64,
    /// Of all customers of the run.
    pub of: u64,
    pub took: Duration,
}

impl Counter {
    /// Opens the last run.
    pub async fn open(workspace: &Workspace, engine: &EngineSettings) -> Result<Counter, SegmentError> {
        Counter::over(RunView::open(workspace, engine, None).await?).await
    }

    /// A run that is open already.
    pub async fn over(view: RunView) -> Result<Counter, SegmentError> {
        let records = Records::of(&view.session).await?;
        let book =
            SegmentRegistry::read(&view.whole().lake, &view.session, Some(view.run.id.clone())).await?;
        let (states, done) = (book.states(), state::last_done(&book.evaluations));
        let fresh = states.into_iter().filter(|(_, state)| *state == State::Fresh);
        let fresh = fresh.filter_map(|(id, _)| {
            let last = done.get(id)?;
            let stored = FreshSegment { members: last.members, table: members_of(id, last.number) };
            Some((id.to_owned(), stored))
        });
        let (fresh, session) = (fresh.collect(), view.session.detached()?);
        Ok(Counter { view, book, session, records, people: People::default(), fresh })
    }

    /// From now on reads files for each rule, as is done for bases that are too large for memory.
    pub fn from_files(&mut self) {
        self.people.from_files = true;
    }

    /// Reads a rule.
    pub fn rule(&self, text: &str) -> Result<SegmentRule, SegmentError> {
        self.book.rule(&self.view.catalogue, text)
    }

    /// Counts who a rule describes.
    pub async fn count(&self, rule: &SegmentRule) -> Result<Count, SegmentError> {
        let started = Instant::now();
        let compiled = self.compile(rule)?;
        let (session, from) = self.people(&compiled, false).await?;
        let sql = format!("SELECT count(*) FROM {from} WHERE {}", compiled.sql);
        let batches = session.sql(&sql).await?.collect().await?;
        let customers = rows(&batches).next().and_then(|row| row.first().map(int)).unwrap_or_default();
        Ok(Count {
            customers: u64::try_from(customers).unwrap_or_default(),
            of: self.view.run.customers,
            took: started.elapsed(),
        })
    }

    /// The SQL of a rule. Fresh segments that it names are read from their stored members.
    pub(super) fn compile(&self, rule: &SegmentRule) -> Result<Compiled, SegmentError> {
        let named = |id: &str| {
            let definition = self.book.definition(id)?;
            if definition.kind == Kind::List {
                return Ok(Named::Stored(SegmentColumn::Listed { table: list_of(id, definition.version) }));
            }
            match (self.fresh.get(id), &definition.tree) {
                (Some(FreshSegment { members: 0, .. }), _) => Ok(Named::Nobody),
                (Some(FreshSegment { table, .. }), _) => {
                    Ok(Named::Stored(SegmentColumn::Member { table: table.clone() }))
                }
                (None, Some(tree)) => Ok(Named::Rule(tree)),
                (None, None) => Err(SegmentError::NotEvaluated { id: id.to_owned() }),
            }
        };
        compile(rule, &self.ground(), &named)
    }

    /// A session that knows the customers with the columns of a rule, and what to read there.
    pub(super) async fn people(
        &self,
        rule: &Compiled,
        with_ids: bool,
    ) -> Result<(Session, String), SegmentError> {
        self.people.table(&self.ground(), &self.session, rule, with_ids).await
    }

    fn ground(&self) -> Ground<'_> {
        Ground { view: &self.view, records: &self.records, sees_all: false }
    }

    /// Takes a segment for fresh, now that the session knows its members by a name.
    pub(super) fn set_fresh(&mut self, id: &str, members: u64, table: String) {
        self.fresh.insert(id.to_owned(), FreshSegment { members, table });
    }

    /// Takes a segment for one that has to be worked out.
    pub(super) fn set_stale(&mut self, id: &str) {
        self.fresh.remove(id);
    }
}
