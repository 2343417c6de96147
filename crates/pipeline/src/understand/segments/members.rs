//! Who is in a segment, and who came and went.

use serde::Serialize;

use super::SegmentError;
use super::definition::Definition;
use super::registry::{SegmentRegistry, Standing};
use super::state::{Evaluation, Outcome};
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
    pub book: SegmentRegistry,
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
    let book = SegmentRegistry::read(&view.whole().lake, &view.session, last_run).await?;
    let mut standing = book.standing(id)?;
    let Some(last) = &mut standing.last else { return Err(SegmentError::NotEvaluated { id: id.to_owned() }) };
    let members = (last.members > 0).then(|| members_of(id, last.number));
    if !view.reaches_all() {
        within_reach(view, &mut [last]).await?;
    }
    Ok(Found { book, standing, members })
}

/// Tells of evaluations of a segment, the last one at the end, how many within reach were in it, came and went: of others
/// nothing is told, not even how many they are.
async fn within_reach(view: &RunView, evaluations: &mut [&mut Evaluation]) -> Result<(), SegmentError> {
    let count = async |table: &str, condition: &str| -> Result<u64, SegmentError> {
        if view.columns_of(table.trim_matches('"')).await?.is_none() {
            return Ok(0);
        }
        let sql = format!("SELECT count(*) FROM {table} WHERE {condition}");
        let batches = view.session.sql(&sql).await?.collect().await?;
        Ok(rows(&batches).next().map_or(0, |row| int(&row[0]).unsigned_abs()))
    };
    let mut members = match evaluations.last() {
        Some(last) if last.members > 0 => count(&members_of(&last.segment, last.number), "true").await?,
        _ => 0,
    };
    for made in evaluations.iter_mut().rev() {
        let moves = moves_of(&made.segment, made.number);
        made.entered = count(&moves, "change = 'entered'").await?;
        made.left = count(&moves, "change = 'left'").await?;
        made.members = members;
        // Who was in it before is who is, but for those who came, and with those who went.
        members = (members + made.left).saturating_sub(made.entered);
    }
    Ok(())
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
/// say the same one after the other, the first is given. A segment that was removed has a history too. Without a view,
/// as where nothing has been computed yet, there are definitions only.
pub async fn history(
    workspace: &Workspace,
    view: Option<&RunView>,
    id: &str,
    limit: usize,
) -> Result<History, SegmentError> {
    let book = match view {
        Some(view) => SegmentRegistry::read(&view.whole().lake, &view.session, None).await?,
        None => SegmentRegistry::open(workspace).await?,
    };
    let definitions: Vec<Definition> = book.definitions.iter().filter(|d| d.id == id).cloned().collect();
    if definitions.is_empty() {
        book.definition(id)?;
    }
    let mut evaluations: Vec<Evaluation> =
        book.evaluations.iter().filter(|e| e.segment == id).cloned().collect();
    let mut changes = Vec::new();
    let Some(view) = view else { return Ok(History { definitions, evaluations, changes }) };
    if !view.reaches_all() {
        let mut done: Vec<&mut Evaluation> =
            evaluations.iter_mut().filter(|e| e.outcome == Outcome::Done).collect();
        within_reach(view, &mut done).await?;
    }
    evaluations.dedup_by(|later, earlier| later.repeats(earlier));
    for made in evaluations.iter().rev() {
        let moves = moves_of(id, made.number);
        if changes.len() >= limit || view.columns_of(moves.trim_matches('"')).await?.is_none() {
            continue;
        }
        let sql = format!(
            "SELECT source, customer_id, change FROM {moves} ORDER BY change, customer_id, source LIMIT {}",
            limit - changes.len()
        );
        let batches = view.session.sql(&sql).await?.collect().await?;
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
