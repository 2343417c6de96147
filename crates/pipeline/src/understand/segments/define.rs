//! Defining segments and taking them away.

use chrono::NaiveDateTime;
use clientele_engine::{Lake, Session, Transaction};
use clientele_model::Text;
use clientele_model::spec::segment::{is_id, parse};

use super::SegmentError;
use super::definition::{self, Definition, Kind};
use super::order::{order, users};
use super::registry::SegmentRegistry;
use super::tables::{self, MEMBERS};
use crate::catalogue::Catalogue;
use crate::runs;
use crate::session::session;
use crate::workspace::Workspace;

/// What a person asks for.
#[derive(Debug, Clone)]
pub struct SegmentRequest {
    pub id: String,
    /// The rule as text.
    pub rule: String,
    /// The names; those of before, or the id, where none are given.
    pub name_en: Option<String>,
    pub name_zh: Option<String>,
    pub note: Option<String>,
    pub now: NaiveDateTime,
}

/// A transaction, and what the workspace knows of segments as of its start.
pub(super) struct SegmentEdit {
    pub transaction: Transaction,
    pub lake: Lake,
    pub session: Session,
    pub book: SegmentRegistry,
}

impl SegmentEdit {
    pub async fn open(workspace: &Workspace) -> Result<SegmentEdit, SegmentError> {
        // Local, whatever the workspace's engine: rows in memory are joined here.
        let session = session(&clientele_engine::EngineSettings::default()).await?;
        let transaction = workspace.lake().await?.begin().await?;
        let lake = workspace.lake().await?;
        session.register_location(lake.location())?;
        let run = runs::list(&lake, &session).await?.pop().map(|run| run.id);
        let book = SegmentRegistry::read(&lake, &session, run).await?;
        Ok(SegmentEdit { transaction, lake, session, book })
    }

    /// The next version of a segment; versions of segments that were removed are not given again.
    pub fn next_version(&self, id: &str) -> u64 {
        let versions = self.book.definitions.iter().filter(|d| d.id == id).map(|d| d.version);
        versions.max().unwrap_or_default() + 1
    }

    /// The names: those given, else those of before, else the id.
    pub fn name(&self, id: &str, en: Option<String>, zh: Option<String>) -> Text {
        let current = self.book.current();
        let before = current.get(id).map(|d| &d.name);
        let one = |given: Option<String>, before: Option<&String>, other: Option<&String>| {
            let given = given.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
            given.or_else(|| before.cloned()).or_else(|| other.cloned()).unwrap_or_else(|| id.to_owned())
        };
        // A name in one language is better than an id in the other.
        Text {
            en: one(en.clone(), before.map(|b| &b.en), zh.as_ref()),
            zh: one(zh, before.map(|b| &b.zh), en.as_ref()),
        }
    }
}

/// Defines a segment by a rule, or changes it. Nothing is evaluated yet. What is as it was stays the same
/// version.
///
/// # Errors
/// The rule or the name is wrong, or segments would name each other in a circle; nothing is written.
pub async fn define(workspace: &Workspace, wish: SegmentRequest) -> Result<Definition, SegmentError> {
    let catalogue = Catalogue::load(Some(workspace))?;
    let mut desk = SegmentEdit::open(workspace).await?;
    match checked(&desk, &catalogue, wish) {
        Ok((made, true)) => {
            definition::append(&mut desk.transaction, &made)?;
            let message = format!("segment {}, version {}", made.id, made.version);
            desk.transaction.commit_at(&message, made.made_at.and_utc()).await?;
            Ok(made)
        }
        Ok((same, false)) => {
            desk.transaction.discard().await?;
            Ok(same)
        }
        Err(error) => {
            desk.transaction.discard().await?;
            Err(error)
        }
    }
}

/// The definition, and whether it is new.
fn checked(
    desk: &SegmentEdit,
    catalogue: &Catalogue,
    wish: SegmentRequest,
) -> Result<(Definition, bool), SegmentError> {
    let id = wish.id.clone();
    if !is_id(&id) {
        return Err(SegmentError::BadId { name: id });
    }
    let mut current = desk.book.current();
    let before = current.get(id.as_str()).copied();
    if before.is_some_and(|d| d.kind == Kind::List) {
        return Err(SegmentError::IsList { id });
    }
    let mut names = desk.book.vocabulary(catalogue);
    // It may be named, if only to be told that this goes in a circle.
    names.segments.insert(id.clone());
    let tree = parse(&wish.rule, &names)?;
    let made = Definition {
        version: desk.next_version(&id),
        kind: Kind::Rule,
        name: desk.name(&id, wish.name_en, wish.name_zh),
        rule: Some(tree.to_string()),
        tree: Some(tree),
        note: wish.note,
        made_at: wish.now,
        listed: None,
        id,
    };
    if let Some(before) = before
        && before.rule == made.rule
        && before.name == made.name
        && (made.note.is_none() || before.note == made.note)
    {
        return Ok((before.clone(), false));
    }
    current.insert(&made.id, &made);
    order(&current, [made.id.clone()])?;
    Ok((made, true))
}

/// Takes a segment away. Its history stays.
///
/// # Errors
/// There is none of that name, or others name it; nothing is written.
pub async fn remove(workspace: &Workspace, id: &str, now: NaiveDateTime) -> Result<Definition, SegmentError> {
    let mut desk = SegmentEdit::open(workspace).await?;
    let found = desk.book.definition(id).cloned();
    let users = users(&desk.book.current(), id);
    let checked = match (found, users.is_empty()) {
        (Ok(_), false) => Err(SegmentError::InUse { id: id.to_owned(), users }),
        (found, _) => found,
    };
    let before = match checked {
        Ok(before) => before,
        Err(error) => {
            desk.transaction.discard().await?;
            return Err(error);
        }
    };
    let made = Definition {
        version: desk.next_version(id),
        kind: Kind::Removed,
        rule: None,
        tree: None,
        note: None,
        made_at: now,
        listed: None,
        ..before
    };
    definition::append(&mut desk.transaction, &made)?;
    let members = tables::files_of(&desk.lake, MEMBERS, id, None).await?;
    if !members.is_empty() {
        desk.transaction.remove(MEMBERS, members)?;
    }
    desk.transaction.commit_at(&format!("segment {id} removed"), now.and_utc()).await?;
    Ok(made)
}
