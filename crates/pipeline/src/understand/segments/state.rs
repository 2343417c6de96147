//! Evaluations of segments, and whether what they said still holds.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use clientele_engine::{Lake, Session, Transaction};
use clientele_model::{RunId, Text};
use serde::Serialize;

use super::SegmentError;
use super::definition::Definition;
use super::tables::{self, EVALUATIONS, counts, texts, times};

/// An evaluation of one segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// The round, from 1; segments that were evaluated together share it.
    pub number: u64,
    pub segment: String,
    /// The definition's version.
    pub version: u64,
    pub run: RunId,
    /// The day that the run looks from.
    pub as_of: String,
    pub outcome: Outcome,
    /// What went wrong, when it failed.
    pub message: Option<Text>,
    pub started_at: NaiveDateTime,
    pub finished_at: Option<NaiveDateTime>,
    pub members: u64,
    pub entered: u64,
    pub left: u64,
}

impl Evaluation {
    /// Whether it says nothing that an earlier one of the segment has not said: the same definition over the same run,
    /// with the same end, and nobody came or went.
    pub fn repeats(&self, earlier: &Evaluation) -> bool {
        let said = |e: &Evaluation| (e.version, e.run.clone(), e.outcome, e.message.clone());
        // What failed has no members of its own.
        let members = self.outcome == Outcome::Failed || self.members == earlier.members;
        said(self) == said(earlier) && members && self.entered == 0 && self.left == 0
    }
}

/// How an evaluation ended, if it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Running,
    Done,
    Failed,
}

/// Whether a segment's members are those of the last run and the newest definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Fresh,
    /// There is a newer run or definition, of it or of a segment that it names; or it was never evaluated.
    Stale,
    /// It is being evaluated.
    Running,
    /// The last evaluation failed, or was ended before it was through.
    Failed,
}

impl State {
    /// As it is written in documents.
    pub fn word(self) -> &'static str {
        match self {
            State::Fresh => "fresh",
            State::Stale => "stale",
            State::Running => "running",
            State::Failed => "failed",
        }
    }
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Outcome::Running => "running",
            Outcome::Done => "done",
            Outcome::Failed => "failed",
        }
    }

    fn named(word: &str) -> Option<Outcome> {
        [Outcome::Running, Outcome::Done, Outcome::Failed].into_iter().find(|o| o.word() == word)
    }
}

/// All evaluations, older ones first. Of one that ended, only the end is given.
pub async fn list(lake: &Lake, session: &Session) -> Result<Vec<Evaluation>, SegmentError> {
    let damaged = |cause: &str| SegmentError::Record(cause.to_owned());
    let mut found: BTreeMap<(u64, String), Evaluation> = BTreeMap::new();
    for row in tables::read(lake, session, EVALUATIONS).await? {
        let text = |place| tables::text(&row, place).unwrap_or_default();
        let count = |place| tables::count(&row, place).unwrap_or_default();
        let made = Evaluation {
            number: count(0),
            segment: text(1),
            version: count(2),
            run: RunId::new(text(3)),
            as_of: text(4),
            outcome: Outcome::named(&text(5)).ok_or_else(|| damaged("an evaluation has no state"))?,
            message: tables::text(&row, 6).map(|en| Text::new(en, text(7))),
            started_at: tables::time(&row, 8).ok_or_else(|| damaged("an evaluation has no time"))?,
            finished_at: tables::time(&row, 9),
            members: count(10),
            entered: count(11),
            left: count(12),
        };
        let key = (made.number, made.segment.clone());
        let ended = found.get(&key).is_some_and(|e| e.outcome != Outcome::Running);
        if !ended {
            found.insert(key, made);
        }
    }
    Ok(found.into_values().collect())
}

/// Adds evaluations.
pub fn append(transaction: &mut Transaction, made: &[Evaluation]) -> Result<(), SegmentError> {
    let batch = tables::batch([
        ("evaluation", counts(made.iter().map(|e| Some(e.number)))),
        ("segment", texts(made.iter().map(|e| Some(&e.segment)))),
        ("version", counts(made.iter().map(|e| Some(e.version)))),
        ("run", texts(made.iter().map(|e| Some(e.run.as_str())))),
        ("as_of", texts(made.iter().map(|e| Some(&e.as_of)))),
        ("state", texts(made.iter().map(|e| Some(e.outcome.word())))),
        ("message_en", texts(made.iter().map(|e| e.message.as_ref().map(|m| &m.en)))),
        ("message_zh", texts(made.iter().map(|e| e.message.as_ref().map(|m| &m.zh)))),
        ("started_at", times(made.iter().map(|e| Some(e.started_at)))),
        ("finished_at", times(made.iter().map(|e| e.finished_at))),
        ("members", counts(made.iter().map(|e| Some(e.members)))),
        ("entered", counts(made.iter().map(|e| Some(e.entered)))),
        ("left", counts(made.iter().map(|e| Some(e.left)))),
    ])?;
    Ok(tables::append(transaction, EVALUATIONS, &batch)?)
}

/// The last evaluation of each segment that was through.
pub fn last_done(all: &[Evaluation]) -> BTreeMap<&str, &Evaluation> {
    let done = all.iter().filter(|e| e.outcome == Outcome::Done);
    done.map(|e| (e.segment.as_str(), e)).collect()
}

/// The state of every segment. `run` is the last run; `is_written` says whether somebody writes to the
/// lake at the moment: an evaluation that nobody can be at any more was ended.
pub fn states<'a>(
    definitions: &BTreeMap<&'a str, &Definition>,
    evaluations: &[Evaluation],
    run: Option<&RunId>,
    is_written: bool,
) -> BTreeMap<&'a str, State> {
    let last: BTreeMap<&str, &Evaluation> = evaluations.iter().map(|e| (e.segment.as_str(), e)).collect();
    let (mut states, mut known) = (BTreeMap::new(), BTreeMap::new());
    for id in definitions.keys() {
        let state = match last.get(id) {
            Some(e) if e.outcome == Outcome::Running && is_written => State::Running,
            Some(e) if e.outcome != Outcome::Done && Some(e.version) == version(definitions, id) => {
                match e.outcome == Outcome::Failed && Some(&e.run) != run {
                    true => State::Stale,
                    false => State::Failed,
                }
            }
            _ => match is_fresh(id, definitions, &last, run, &mut known) {
                true => State::Fresh,
                false => State::Stale,
            },
        };
        states.insert(*id, state);
    }
    states
}

fn version(definitions: &BTreeMap<&str, &Definition>, id: &str) -> Option<u64> {
    definitions.get(id).map(|d| d.version)
}

/// Whether the members are what the newest definition gives over the run, those of the segments that it
/// names included. `known` keeps the answers, as segments may name the same ones over and over.
fn is_fresh<'a>(
    id: &'a str,
    definitions: &BTreeMap<&str, &'a Definition>,
    last: &BTreeMap<&str, &Evaluation>,
    run: Option<&RunId>,
    known: &mut BTreeMap<&'a str, bool>,
) -> bool {
    if let Some(is_fresh) = known.get(id) {
        return *is_fresh;
    }
    // Until it is known: a circle would not be fresh.
    known.insert(id, false);
    let (Some(definition), Some(made)) = (definitions.get(id), last.get(id)) else { return false };
    let own = made.outcome == Outcome::Done && made.version == definition.version && Some(&made.run) == run;
    let is_fresh = own
        && definition.names().into_iter().all(|named| {
            let earlier = last.get(named).is_some_and(|e| e.number <= made.number);
            earlier && is_fresh(named, definitions, last, run, known)
        });
    known.insert(id, is_fresh);
    is_fresh
}
