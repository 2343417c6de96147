//! Alerts: the movements of a run held against the rules of `library/alerts/`.

use clientele_model::spec::{Alert, Scheme, SpecError};
use clientele_model::{Problem, Text, TierId};
use thiserror::Error;

use crate::classify::compile::tier_column;
use crate::library::{Document, DocumentKind, LibraryError, nearest, with_own};
use crate::quote::text as quote;
use crate::rows::{int, rows, text};
use crate::runs::{self, Run};
use crate::understand::view::{RunView, ViewError, labels_of};
use crate::workspace::Workspace;

/// How many customers an alert names.
const EXAMPLES: usize = 5;

/// An alert that a run set off.
#[derive(Debug, Clone, PartialEq)]
pub struct Raised {
    pub alert: Alert,
    /// The run that the movement is counted from.
    pub since: Run,
    /// How many customers moved so.
    pub customers: i64,
    /// Of how many who could have.
    pub of: i64,
    /// How many of those who moved are in no tier now: the batch that brought them was taken back.
    pub gone: i64,
    /// The first of them, by id.
    pub examples: Vec<String>,
}

impl Raised {
    /// The part that moved, 0 to 1.
    pub fn share(&self) -> f64 {
        if self.of == 0 { 0.0 } else { self.customers as f64 / self.of as f64 }
    }
}

/// An alert about a customer whom neither the run nor the one before knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// The alert's id.
    pub alert: String,
    /// As the alert names the customer.
    pub customer: String,
}

/// What a run's alerts say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunAlerts {
    pub raised: Vec<Raised>,
    /// Alerts that cannot be set off as they stand: the id may be mistyped, or its records were taken back.
    pub strangers: Vec<Stranger>,
}

/// Why alerts cannot be told.
#[derive(Debug, Error)]
pub enum AlertError {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Spec(#[from] SpecError),
    #[error(transparent)]
    Library(#[from] LibraryError),
}

impl AlertError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            AlertError::View(error) => error.problem(),
            AlertError::Spec(error) => error.problem(),
            AlertError::Library(error) => error.problem(),
        }
    }
}

/// An alert and where it stands.
struct Placed {
    alert: Alert,
    document: Document,
    place: usize,
}

impl Placed {
    fn error(&self, leaf: &str, problem: Text, cure: Text) -> AlertError {
        let Document { name, text } = &self.document;
        Alert::error(name, text, self.place, leaf, problem, cure).into()
    }
}

/// The alerts that the workspace has, built-in ones first; one of the same id replaces an earlier one.
fn alerts(workspace: &Workspace) -> Result<Vec<Placed>, AlertError> {
    let mut all: Vec<Placed> = Vec::new();
    for document in with_own(DocumentKind::Alerts, Some(workspace.folder()))? {
        for (place, alert) in Alert::parse(&document.name, &document.text)?.into_iter().enumerate() {
            all.retain(|other| other.alert.id != alert.id);
            all.push(Placed { alert, document: document.clone(), place });
        }
    }
    Ok(all)
}

/// The alerts that a run sets off, each against the run that it follows in the alert's scheme. Alerts
/// over schemes that the run did not apply are left out. An id that customers of several sources have
/// means all of them; one that nobody has is no error.
///
/// # Errors
/// A mistake in a file of alerts, with its line and cure.
pub async fn raised(workspace: &Workspace, view: &RunView) -> Result<RunAlerts, AlertError> {
    let mut told = RunAlerts::default();
    for placed in alerts(workspace)? {
        let id = placed.alert.scheme.as_str();
        if !view.run.schemes.contains_key(id) {
            if view.catalogue.schemes.get(id).is_none() {
                let hint = view.catalogue.schemes.nearest(id).unwrap_or("abc");
                let problem = Text::new(format!("there is no scheme `{id}`"), format!("没有分层方案 `{id}`"));
                let cure = Text::new(
                    format!("name one that exists, for example `{hint}`"),
                    format!("请写已有的名称，例如 `{hint}`"),
                );
                return Err(placed.error("scheme", problem, cure));
            }
            continue;
        }
        let scheme = view.scheme(id)?.clone();
        for (leaf, tier) in [("from", &placed.alert.from), ("to", &placed.alert.to)] {
            if let Some(tier) = tier.as_ref().filter(|tier| !is_tier(&scheme, tier)) {
                let tiers = scheme.tiers.iter().map(|t| t.id.as_str());
                let hint = nearest(tier.as_str(), tiers.clone()).or(tiers.clone().next()).unwrap_or_default();
                let problem =
                    Text::new(format!("`{id}` has no tier `{tier}`"), format!("`{id}` 没有层级 `{tier}`"));
                let cure = Text::new(format!("did you mean `{hint}`?"), format!("是不是 `{hint}`？"));
                return Err(placed.error(leaf, problem, cure));
            }
        }
        let place = view.runs.iter().position(|r| r.id == view.run.id).unwrap_or_default();
        let Some(since) = runs::before(&view.runs[..place], view.run.as_of, Some(id)).cloned() else {
            continue;
        };
        if let Some(customer) = &placed.alert.customer
            && !is_known(view, &since, customer).await?
        {
            let (alert, customer) = (placed.alert.id.clone(), customer.clone());
            told.strangers.push(Stranger { alert, customer });
            continue;
        }
        if let Some(raised) = check(view, &scheme, placed.alert, since).await? {
            told.raised.push(raised);
        }
    }
    Ok(told)
}

/// The condition of being the customer that is named by an id, or by `source:id`.
fn is_named(name: &str) -> String {
    let mut condition = format!("a.customer_id = {}", quote(name));
    if let Some((source, id)) = name.split_once(':') {
        condition += &format!(" OR (a.source = {} AND a.customer_id = {})", quote(source), quote(id));
    }
    format!("({condition})")
}

/// Whether the run or the one before has a customer of this name. Who came or left in between is known too.
async fn is_known(view: &RunView, since: &Run, name: &str) -> Result<bool, ViewError> {
    for labels in [&since.id, &view.run.id].map(labels_of) {
        let sql = format!("SELECT a.customer_id FROM {labels} a WHERE {} LIMIT 1", is_named(name));
        let batches = view.session.sql(&sql).await?.collect().await?;
        if rows(&batches).next().is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_tier(scheme: &Scheme, tier: &TierId) -> bool {
    tier.as_str() == TierId::UNKNOWN || scheme.position(tier.as_str()).is_some()
}

/// Holds an alert against the tiers of then and of now.
async fn check(
    view: &RunView,
    scheme: &Scheme,
    alert: Alert,
    since: Run,
) -> Result<Option<Raised>, AlertError> {
    let tier = tier_column(&scheme.id);
    let mut could = vec![format!("a.{tier} IS NOT NULL")];
    could.extend(alert.from.iter().map(|from| format!("a.{tier} = {}", quote(from.as_str()))));
    could.extend(alert.customer.iter().map(|name| is_named(name)));
    let moved = match &alert.to {
        Some(to) => format!("b.{tier} = {} AND a.{tier} <> b.{tier}", quote(to.as_str())),
        None => format!("a.{tier} IS DISTINCT FROM b.{tier}"),
    };
    let from = format!(
        "{} a LEFT JOIN labels b ON a.customer_key = b.customer_key WHERE {}",
        labels_of(&since.id),
        could.join(" AND ")
    );
    let sql = format!(
        "SELECT count(*), count(*) FILTER (WHERE {moved}), \
         count(*) FILTER (WHERE ({moved}) AND b.customer_key IS NULL) FROM {from}"
    );
    let batches = view.session.sql(&sql).await.map_err(ViewError::from)?.collect().await;
    let batches = batches.map_err(ViewError::from)?;
    let [of, customers, gone] =
        rows(&batches).next().map_or([0; 3], |r| [int(&r[0]), int(&r[1]), int(&r[2])]);
    let is_enough = customers > 0
        && alert.more_than.is_none_or(|share| customers as f64 > share * of as f64)
        && alert.at_least.is_none_or(|least| customers as u64 >= least);
    if !is_enough {
        return Ok(None);
    }
    let sql = format!(
        "SELECT a.customer_id FROM {from} AND ({moved}) ORDER BY a.customer_id, a.source LIMIT {EXAMPLES}"
    );
    let batches = view.session.sql(&sql).await.map_err(ViewError::from)?.collect().await;
    let batches = batches.map_err(ViewError::from)?;
    let examples = rows(&batches).map(|r| text(&r[0])).collect();
    Ok(Some(Raised { alert, since, customers, of, gone, examples }))
}
