//! Who is in a segment, and who came and went.

use clientele_engine::EngineSettings;
use serde::Serialize;

use super::SegmentError;
use super::book::{Book, Standing};
use super::definition::Definition;
use super::state::Evaluation;
use super::tables::{self, MOVES};
use crate::rows::{int, money, rows, text};
use crate::understand::view::{RunView, members_of, moves_of};
use crate::workspace::Workspace;

/// A customer in a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentMember {
    pub source: String,
    pub customer_id: String,
    /// The day of the run with which they came in.
    pub since: String,
    /// Net revenue in ten-thousandths.
    pub revenue: i128,
}

/// A customer who came in or left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub source: String,
    pub customer_id: String,
    /// `entered` or `left`.
    pub change: String,
    /// The round of evaluations.
    pub evaluation: u64,
    pub run: String,
    /// The day that the run looks from.
    pub as_of: String,
    /// The definition's version.
    pub version: u64,
}

/// All that became of a segment.
#[derive(Debug, Clone, Serialize)]
pub struct History {
    pub definitions: Vec<Definition>,
    pub evaluations: Vec<Evaluation>,
    /// The newest first.
    pub changes: Vec<Change>,
}

/// A segment as it stands, with the book that says so.
pub struct Found {
    pub book: Book,
    pub standing: Standing,
    /// The table of its members, as queries of the view name it; nothing when nobody is in it.
    pub members: Option<String>,
}

/// Finds a segment and its members as of its last evaluation.
///
/// # Errors
/// There is no such segment, or it was never evaluated.
pub async fn find(view: &RunView, id: &str) -> Result<Found, SegmentError> {
    let last_run = view.runs.last().map(|run| run.id.clone());
    let book = Book::read(&view.whole().lake, &view.session, last_run).await?;
    let mut standing = book.standing(id)?;
    let Some(last) = &mut standing.last else { return Err(SegmentError::NotEvaluated { id: id.to_owned() }) };
    let members = (last.members > 0).then(|| members_of(id, last.number));
    if let Some(members) = members.as_ref().filter(|_| !view.reaches_all()) {
        // Of others nothing is told, neither how many they are nor how many of them came and went.
        let count = async |table: &str| -> Result<u64, SegmentError> {
            let sql = format!("SELECT count(*) FROM {table}");
            let batches = view.session.sql(&sql).await?.collect().await?;
            Ok(rows(&batches).next().map_or(0, |row| int(&row[0]).unsigned_abs()))
        };
        last.members = count(members).await?;
        let moves = moves_of(id, last.number);
        let of = async |change: &str| count(&format!("{moves} WHERE change = '{change}'")).await;
        (last.entered, last.left) = match view.columns_of(moves.trim_matches('"')).await?.is_some() {
            true => (of("entered").await?, of("left").await?),
            false => (0, 0),
        };
    }
    Ok(Found { book, standing, members })
}

/// The members of a segment as of its last evaluation, those with the most revenue first.
pub async fn members(
    view: &RunView,
    id: &str,
    limit: usize,
) -> Result<(Standing, Vec<SegmentMember>), SegmentError> {
    let Found { standing, members, .. } = find(view, id).await?;
    let Some(members) = members else { return Ok((standing, Vec::new())) };
    let sql = format!(
        "SELECT s.source, s.customer_id, s.since, {} AS revenue FROM {members} s LEFT JOIN metrics m \
         ON s.source = m.source AND s.customer_id = m.customer_id \
         ORDER BY revenue DESC, s.customer_id, s.source LIMIT {limit}",
        view.revenue()
    );
    let batches = view.session.sql(&sql).await?.collect().await?;
    let members = rows(&batches).map(|r| SegmentMember {
        source: text(&r[0]),
        customer_id: text(&r[1]),
        since: text(&r[2]),
        revenue: money(&r[3]),
    });
    Ok((standing, members.collect()))
}

/// The definitions and evaluations of a segment, and at most `limit` of those who came and went. Of evaluations that
/// say the same one after the other, the first is given. A segment that was removed has a history too.
pub async fn history(workspace: &Workspace, id: &str, limit: usize) -> Result<History, SegmentError> {
    let session = crate::session::session(&EngineSettings::default()).await?;
    let lake = workspace.lake().await?;
    session.register_location(lake.location())?;
    let book = Book::read(&lake, &session, None).await?;
    let definitions: Vec<Definition> = book.definitions.iter().filter(|d| d.id == id).cloned().collect();
    if definitions.is_empty() {
        book.definition(id)?;
    }
    let mut evaluations: Vec<Evaluation> =
        book.evaluations.iter().filter(|e| e.segment == id).cloned().collect();
    evaluations.dedup_by(|later, earlier| later.repeats(earlier));
    let mut changes = Vec::new();
    for made in evaluations.iter().rev() {
        let files = tables::files_of(&lake, MOVES, id, Some(made.number)).await?;
        if files.is_empty() || changes.len() >= limit {
            continue;
        }
        session.register_files(MOVES, tables::file_schema(MOVES), &files, &[])?;
        let sql = format!(
            "SELECT source, customer_id, change FROM {MOVES} ORDER BY change, customer_id, source LIMIT {}",
            limit - changes.len()
        );
        let batches = session.sql(&sql).await?.collect().await?;
        changes.extend(rows(&batches).map(|r| Change {
            source: text(&r[0]),
            customer_id: text(&r[1]),
            change: text(&r[2]),
            evaluation: made.number,
            run: made.run.to_string(),
            as_of: made.as_of.clone(),
            version: made.version,
        }));
    }
    Ok(History { definitions, evaluations, changes })
}
