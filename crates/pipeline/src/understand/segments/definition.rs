//! Definitions of segments and their history.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use clientele_engine::{Lake, Session, Transaction};
use clientele_model::Text;
use clientele_model::spec::segment::SegmentRule;
use serde::Serialize;

use super::SegmentError;
use super::tables::{self, SEGMENTS, counts, texts, times};

/// A segment as it was defined at some time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Definition {
    pub id: String,
    /// From 1; raised by one with every change.
    pub version: u64,
    pub kind: Kind,
    pub name: Text,
    /// The rule as text.
    pub rule: Option<String>,
    /// The rule as a tree.
    pub tree: Option<SegmentRule>,
    pub note: Option<String>,
    pub made_at: NaiveDateTime,
    /// How many customers a list holds.
    pub listed: Option<u64>,
}

/// What makes a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Rule,
    List,
    /// It was taken away.
    Removed,
}

impl Kind {
    /// As it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Rule => "rule",
            Kind::List => "list",
            Kind::Removed => "removed",
        }
    }

    fn named(word: &str) -> Option<Kind> {
        [Kind::Rule, Kind::List, Kind::Removed].into_iter().find(|kind| kind.word() == word)
    }
}

impl Definition {
    /// The segments that the rule names.
    pub fn names(&self) -> std::collections::BTreeSet<&str> {
        self.tree.as_ref().map(SegmentRule::segments).unwrap_or_default()
    }
}

/// All definitions, older ones first.
pub async fn list(lake: &Lake, session: &Session) -> Result<Vec<Definition>, SegmentError> {
    let mut found = Vec::new();
    for row in tables::read(lake, session, SEGMENTS).await? {
        found.push(definition(&row).map_err(|cause| SegmentError::Record(cause.to_owned()))?);
    }
    found.sort_by(|a, b| (&a.id, a.version).cmp(&(&b.id, b.version)));
    Ok(found)
}

fn definition(row: &[crate::rows::Value]) -> Result<Definition, &'static str> {
    let text = |place| tables::text(row, place);
    let tree = text(6).map(|tree| serde_json::from_str(&tree)).transpose();
    Ok(Definition {
        id: text(0).ok_or("a definition has no segment")?,
        version: tables::count(row, 1).ok_or("a definition has no version")?,
        kind: text(2).as_deref().and_then(Kind::named).ok_or("a definition has no kind")?,
        name: Text::new(text(3).unwrap_or_default(), text(4).unwrap_or_default()),
        rule: text(5),
        tree: tree.map_err(|_| "a rule tree is not what it was")?,
        note: text(7),
        made_at: tables::time(row, 8).ok_or("a definition has no time")?,
        listed: tables::count(row, 9),
    })
}

/// The definitions that count: the last of each segment that is not removed.
pub fn current(all: &[Definition]) -> BTreeMap<&str, &Definition> {
    let mut last: BTreeMap<&str, &Definition> = BTreeMap::new();
    for definition in all {
        let newer = last.get(definition.id.as_str()).is_none_or(|d| d.version < definition.version);
        if newer {
            last.insert(&definition.id, definition);
        }
    }
    last.retain(|_, d| d.kind != Kind::Removed);
    last
}

/// Adds a definition.
pub fn append(transaction: &mut Transaction, made: &Definition) -> Result<(), SegmentError> {
    let tree = made.tree.as_ref().map(serde_json::to_string).transpose();
    let tree = tree.map_err(|error| SegmentError::Record(error.to_string()))?;
    let batch = tables::batch([
        ("segment", texts([Some(&made.id)])),
        ("version", counts([Some(made.version)])),
        ("kind", texts([Some(made.kind.word())])),
        ("name_en", texts([Some(&made.name.en)])),
        ("name_zh", texts([Some(&made.name.zh)])),
        ("rule", texts([made.rule.as_ref()])),
        ("tree", texts([tree.as_ref()])),
        ("note", texts([made.note.as_ref()])),
        ("made_at", times([Some(made.made_at)])),
        ("listed", counts([made.listed])),
    ])?;
    Ok(tables::append(transaction, SEGMENTS, &batch)?)
}
