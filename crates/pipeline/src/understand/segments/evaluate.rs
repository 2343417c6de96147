//! Evaluating segments: who is in them now, who entered and who left.

use std::collections::BTreeSet;
use std::time::Instant;

use chrono::NaiveDateTime;
use clientele_engine::{DataFile, EngineError, EngineSettings, Session, Snapshot, Transaction};
use clientele_model::spec::segment::{Condition, SegmentRule};

use super::SegmentError;
use super::count::Counter;
use super::definition::{Definition, Kind};
use super::order::order;
use super::registry::SegmentRegistry;
use super::state::{self, Evaluation, Outcome, State};
use super::tables::{self, MEMBERS, MOVES, SEGMENTS};
use crate::catalogue::CatalogueError;
use crate::quote::{ident, text};
use crate::understand::ViewError;
use crate::workspace::Workspace;

/// Evaluates segments over the last run: the named ones with those that they name, or all. What is
/// fresh already is left as it is, unless it is named.
///
/// A segment that cannot be evaluated is recorded as failed and keeps its members; the others go on.
///
/// # Errors
/// Nobody was evaluated: there is no run, a segment is not there, or the lake cannot be written.
pub async fn evaluate(
    workspace: &Workspace,
    engine: &EngineSettings,
    named: &[String],
    now: NaiveDateTime,
) -> Result<Vec<Evaluation>, SegmentError> {
    let book = SegmentRegistry::open(workspace).await?;
    named.iter().try_for_each(|id| book.definition(id).map(|_| ()))?;
    let due = due(&book, named)?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let counter = Counter::open(workspace, engine).await?;
    let number = 1 + book.evaluations.iter().map(|e| e.number).max().unwrap_or_default();
    let begun: Vec<Evaluation> = due.iter().map(|d| begin(&counter, d, number, now)).collect();

    // So that others can see what goes on.
    let mut transaction = after(workspace, counter.view.whole().lake.snapshot()).await?;
    state::append(&mut transaction, &begun)?;
    let told = transaction.commit_at("segments are being evaluated", now.and_utc()).await?;

    let mut transaction = after(workspace, &told).await?;
    let mut round = Round { counter, number, failed: BTreeSet::new() };
    let mut made = Vec::new();
    for (definition, begun) in due.iter().zip(begun) {
        made.push(round.evaluate(&mut transaction, definition, begun, now).await?);
    }
    state::append(&mut transaction, &made)?;
    transaction.commit_at("segments evaluated", now.and_utc()).await?;
    Ok(made)
}

/// A transaction on what counts in the lake, which must be as it was. A generation more that changes
/// nothing is no reason to stop: keeping out a writer who was taken for dead makes one.
async fn after(workspace: &Workspace, before: &Snapshot) -> Result<Transaction, SegmentError> {
    let lake = workspace.lake().await?;
    let transaction = lake.begin().await?;
    if !transaction.snapshot().tables().eq(before.tables()) {
        transaction.discard().await?;
        return Err(EngineError::Conflict { at: lake.location().to_string() }.into());
    }
    Ok(transaction)
}

/// Evaluates all segments after a refresh. Somebody else who writes meanwhile is no reason to fail: the
/// segments are stale then, and say so.
pub async fn after_refresh(
    workspace: &Workspace,
    engine: &EngineSettings,
    now: NaiveDateTime,
) -> Result<(), CatalogueError> {
    if workspace.lake().await?.snapshot().version(SEGMENTS).is_none() {
        return Ok(());
    }
    match evaluate(workspace, engine, &[], now).await {
        Ok(_) => Ok(()),
        Err(SegmentError::Engine(EngineError::Locked { .. } | EngineError::Conflict { .. })) => Ok(()),
        Err(SegmentError::Engine(error) | SegmentError::View(ViewError::Engine(error))) => Err(error.into()),
        Err(SegmentError::View(ViewError::Catalogue(error))) => Err(error),
        Err(error) => Err(CatalogueError::Record(error.to_string())),
    }
}

/// The definitions to evaluate, in the order in which they can be.
fn due(book: &SegmentRegistry, named: &[String]) -> Result<Vec<Definition>, SegmentError> {
    let (current, states) = (book.current(), book.states());
    let wanted: Vec<String> = match named {
        [] => current.keys().map(|id| (*id).to_owned()).collect(),
        named => named.to_vec(),
    };
    let is_due = |id: &String| named.contains(id) || states.get(id.as_str()) != Some(&State::Fresh);
    let sorted = order(&current, wanted)?.into_iter().filter(is_due);
    Ok(sorted.filter_map(|id| current.get(id.as_str()).map(|d| (*d).clone())).collect())
}

fn begin(counter: &Counter, definition: &Definition, number: u64, now: NaiveDateTime) -> Evaluation {
    Evaluation {
        number,
        segment: definition.id.clone(),
        version: definition.version,
        run: counter.view.run.id.clone(),
        as_of: counter.view.as_of().to_string(),
        outcome: Outcome::Running,
        message: None,
        started_at: now,
        finished_at: None,
        members: 0,
        entered: 0,
        left: 0,
    }
}

/// Segments that are evaluated together.
struct Round {
    counter: Counter,
    number: u64,
    failed: BTreeSet<String>,
}

impl Round {
    async fn evaluate(
        &mut self,
        transaction: &mut Transaction,
        definition: &Definition,
        begun: Evaluation,
        now: NaiveDateTime,
    ) -> Result<Evaluation, SegmentError> {
        let started = Instant::now();
        let done = self.members(transaction, definition).await;
        let took = chrono::Duration::from_std(started.elapsed()).unwrap_or_default();
        let finished_at = Some(now + took);
        match done {
            Ok([members, entered, left]) => {
                let outcome = Outcome::Done;
                Ok(Evaluation { outcome, finished_at, members, entered, left, ..begun })
            }
            // What the lake cannot take, it cannot take from the next one either.
            Err(SegmentError::Engine(error) | SegmentError::View(ViewError::Engine(error)))
                if is_of_the_lake(&error) =>
            {
                Err(error.into())
            }
            Err(error) => {
                self.failed.insert(definition.id.clone());
                self.counter.set_stale(&definition.id);
                let message = error.problem().text();
                Ok(Evaluation { outcome: Outcome::Failed, message: Some(message), finished_at, ..begun })
            }
        }
    }

    /// Writes who is in a segment, who entered and who left; returns how many each.
    async fn members(
        &mut self,
        transaction: &mut Transaction,
        definition: &Definition,
    ) -> Result<[u64; 3], SegmentError> {
        let id = definition.id.as_str();
        if let Some(segment) = definition.names().into_iter().find(|named| self.failed.contains(*named)) {
            return Err(SegmentError::Nested { segment: segment.to_owned() });
        }
        let own = SegmentRule::When(Condition::Segment { id: id.to_owned() });
        let rule = match definition.kind {
            Kind::List => &own,
            _ => definition.tree.as_ref().ok_or(SegmentError::NotEvaluated { id: id.to_owned() })?,
        };
        let compiled = self.counter.compile(rule)?;
        tables::prepare(transaction, MEMBERS)?;
        tables::prepare(transaction, MOVES)?;
        let as_of = self.counter.view.as_of();
        let old = tables::files_of(&self.counter.view.whole().lake, MEMBERS, id, None).await?;
        let (before, now) = ("members before", format!("members now of {id}"));
        let (session, from) = self.counter.people(&compiled, true).await?;
        // Tables without files are left out: a cluster does not get done with them.
        let (since, join) = match old.is_empty() {
            true => (text(&as_of.to_string()), String::new()),
            false => {
                session.register_files(before, tables::file_schema(MEMBERS), &old, &[])?;
                let on = "people.source = b.source AND people.customer_id = b.customer_id";
                let join = format!(" LEFT JOIN {} b ON {on}", ident(before));
                (format!("COALESCE(b.since, {})", text(&as_of.to_string())), join)
            }
        };
        let sql = format!(
            "SELECT people.customer_key, people.source, people.customer_id, {since} AS since FROM {from}{join} \
             WHERE {} ORDER BY people.customer_key",
            compiled.sql
        );
        let (files, members) = self.write(transaction, &session, MEMBERS, id, &sql).await?;
        if members > 0 {
            // Segments that name this one read what it has now.
            self.counter.session.register_files(&now, tables::file_schema(MEMBERS), &files, &[])?;
        }
        let now = ident(&now);
        let before = Some(ident(before)).filter(|_| !old.is_empty());
        let after = Some(now.as_str()).filter(|_| members > 0);
        let (moves, [entered, left]) =
            self.moves(transaction, &session, id, before.as_deref(), after).await?;
        if !old.is_empty() {
            transaction.remove(MEMBERS, old)?;
        }
        transaction.add(MEMBERS, files)?;
        transaction.add(MOVES, moves)?;
        self.counter.set_fresh(id, members, now);
        Ok([members, entered, left])
    }

    /// Writes who entered and who left, from the tables of the members before and now, as far as there are
    /// any; returns the files and how many each.
    async fn moves(
        &self,
        transaction: &Transaction,
        session: &Session,
        id: &str,
        before: Option<&str>,
        now: Option<&str>,
    ) -> Result<(Vec<DataFile>, [u64; 2]), SegmentError> {
        let (mut files, mut moved) = (Vec::new(), [0; 2]);
        for (place, who, others, change) in [(0, now, before, "entered"), (1, before, now, "left")] {
            let Some(who) = who else { continue };
            let other = others.map_or_else(String::new, |others| {
                format!(" LEFT ANTI JOIN {others} o ON w.source = o.source AND w.customer_id = o.customer_id")
            });
            let sql = format!(
                "SELECT w.customer_key, w.source, w.customer_id, {} AS change FROM {who} w{other} \
                 ORDER BY w.customer_key",
                text(change)
            );
            let (written, rows) = self.write(transaction, session, MOVES, id, &sql).await?;
            files.extend(written);
            moved[place] = rows;
        }
        Ok((files, moved))
    }

    /// Writes the rows of a query; no file when there are none.
    async fn write(
        &self,
        transaction: &Transaction,
        session: &Session,
        table: &str,
        id: &str,
        sql: &str,
    ) -> Result<(Vec<DataFile>, u64), SegmentError> {
        let number = self.number.to_string();
        let mut writer = transaction.writer(table, &[("segment", id), ("evaluation", &number)])?;
        let written = session.write_query(sql, &mut writer).await?;
        match written {
            0 => Ok((Vec::new(), 0)),
            rows => Ok((vec![writer.finish()?], rows)),
        }
    }
}

/// Whether the lake itself, not the query, is what fails.
fn is_of_the_lake(error: &EngineError) -> bool {
    !matches!(error, EngineError::Query { .. } | EngineError::OutOfMemory { .. } | EngineError::Setting(_))
}
