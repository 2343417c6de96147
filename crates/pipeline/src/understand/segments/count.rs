//! Counting who a rule describes, while it is being written.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use clientele_engine::EngineSettings;
use clientele_model::spec::segment::SegmentRule;

use super::book::Book;
use super::columns::Column;
use super::compile::{Compiled, Named, compile};
use super::definition::Kind;
use super::people::People;
use super::state::{self, State};
use super::tables::{self, LISTS, MEMBERS};
use super::{SegmentError, columns};
use crate::rows::{int, rows};
use crate::understand::RunView;
use crate::workspace::Workspace;

/// The last run, opened for rules: what one rule has read is at hand for the next.
pub struct Counter {
    pub view: RunView,
    pub book: Book,
    people: People,
    /// The fresh segments, and how many members each has.
    fresh: BTreeMap<String, u64>,
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
    pub async fn over(mut view: RunView) -> Result<Counter, SegmentError> {
        for table in columns::FACTS {
            if !view.has(table) {
                view.register_facts(table).await?;
            }
        }
        let book = Book::read(&view.lake, &view.session, Some(view.run.id.clone())).await?;
        let (states, done) = (book.states(), state::last_done(&book.evaluations));
        let fresh = states.into_iter().filter(|(_, state)| *state == State::Fresh);
        let fresh = fresh.filter_map(|(id, _)| Some((id.to_owned(), done.get(id)?.members))).collect();
        let counter = Counter { view, book, people: People::default(), fresh };
        counter.register_stored().await?;
        Ok(counter)
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
    pub async fn count(&mut self, rule: &SegmentRule) -> Result<Count, SegmentError> {
        let started = Instant::now();
        let compiled = self.compile(rule)?;
        let from = self.people.table(&self.view, &compiled, false).await?;
        let sql = format!("SELECT count(*) FROM {from} WHERE {}", compiled.sql);
        let batches = self.view.session.sql(&sql).await?.collect().await?;
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
                return Ok(Named::Stored(Column::Listed { table: list_table(id) }));
            }
            match (self.fresh.get(id), &definition.tree) {
                (Some(0), _) => Ok(Named::Nobody),
                (Some(_), _) => Ok(Named::Stored(Column::Member { table: member_table(id) })),
                (None, Some(tree)) => Ok(Named::Rule(tree)),
                (None, None) => Err(SegmentError::NotEvaluated { id: id.to_owned() }),
            }
        };
        compile(rule, &self.view, &named)
    }

    pub(super) fn parts(&mut self) -> (&RunView, &mut People) {
        (&self.view, &mut self.people)
    }

    /// Takes a segment for fresh, now that the session knows its members.
    pub(super) fn set_fresh(&mut self, id: &str, members: u64) {
        self.fresh.insert(id.to_owned(), members);
    }

    /// Takes a segment for one that has to be worked out.
    pub(super) fn set_stale(&mut self, id: &str) {
        self.fresh.remove(id);
    }

    /// Names the members of fresh segments and the customers of lists in the session.
    async fn register_stored(&self) -> Result<(), SegmentError> {
        let (lake, session) = (&self.view.lake, &self.view.session);
        let done = state::last_done(&self.book.evaluations);
        for (id, _) in self.fresh.iter().filter(|(_, members)| **members > 0) {
            let Some(last) = done.get(id.as_str()) else { continue };
            let files = tables::files_of(lake, MEMBERS, id, Some(last.number)).await?;
            session.register_files(&member_table(id), tables::file_schema(MEMBERS), &files, &[])?;
        }
        for list in self.book.current().into_values().filter(|d| d.kind == Kind::List) {
            let files = tables::files_of(lake, LISTS, &list.id, Some(list.version)).await?;
            session.register_files(&list_table(&list.id), tables::file_schema(LISTS), &files, &[])?;
        }
        Ok(())
    }
}

/// The session's name for the members of a segment.
pub(super) fn member_table(id: &str) -> String {
    format!("members of {id}")
}

/// The session's name for the rows of a list.
pub(super) fn list_table(id: &str) -> String {
    format!("list {id}")
}
