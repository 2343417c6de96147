//! Setting a tier by hand, and ending that.

use chrono::{NaiveDate, NaiveDateTime};
use clientele_engine::{EngineSettings, Lake, Session};
use clientele_model::{SchemeId, TierId};

use super::{Override, OverrideError, list};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::classify::overrides::append;
use crate::library::nearest;
use crate::quote::text as quote;
use crate::rows::{int, rows, text};
use crate::runs;
use crate::session::session;
use crate::workspace::{Workspace, WorkspaceError};

/// What a person asks for.
#[derive(Debug, Clone)]
pub struct OverrideRequest {
    /// The id, or `source:id`.
    pub customer: String,
    pub scheme: SchemeId,
    pub tier: TierId,
    pub reason: String,
    pub method: Option<String>,
    pub by: Option<String>,
    /// The first day that it holds; the day that the last run looked from, else `now`'s day.
    pub since: Option<NaiveDate>,
    /// The last day that it holds.
    pub until: Option<NaiveDate>,
    pub now: NaiveDateTime,
}

/// Sets a tier by hand; the next refresh applies it.
///
/// # Errors
/// A part of the request that cannot be; nothing is written then.
pub async fn set(workspace: &Workspace, request: OverrideRequest) -> Result<Override, OverrideError> {
    let reason = request.reason.trim();
    if reason.is_empty() {
        return Err(OverrideError::NoReason);
    }
    let catalogue = Catalogue::load(Some(workspace))?;
    check_tier(&catalogue, &request)?;
    let session = session(&EngineSettings::default()).await?;
    let mut transaction = workspace.lake().await?.begin().await?;
    let lake = workspace.lake().await?;
    session.register_location(lake.location())?;
    let last = runs::list(&lake, &session).await?.pop();
    let since = request.since.or(last.map(|run| run.as_of.date())).unwrap_or(request.now.date());
    let checked = match request.until.filter(|until| *until < since) {
        Some(until) => Err(OverrideError::Past { until, since }),
        None => customer(&lake, &session, &request.customer).await,
    };
    let (customer_key, source, customer_id) = match checked {
        Ok(customer) => customer,
        Err(error) => {
            transaction.discard().await?;
            return Err(error);
        }
    };
    // Those of customers who were forgotten are gone, so counting the rest would give a number twice.
    let number_of = |o: &Override| o.id.trim_start_matches('o').parse().unwrap_or(0);
    let number: u32 = list(&lake, &session).await?.iter().map(number_of).max().unwrap_or(0) + 1;
    let made = Override {
        id: format!("o{number:04}"),
        source,
        customer_id,
        customer_key,
        scheme: request.scheme,
        tier: request.tier,
        reason: reason.to_owned(),
        method: request.method,
        by: request.by,
        set_at: request.now,
        since,
        until: request.until,
        revoked_at: None,
    };
    append(&mut transaction, &made)?;
    transaction.commit_at(&format!("override {}", made.id), request.now.and_utc()).await?;
    Ok(made)
}

/// Ends an override; the next refresh lets the rule decide again.
///
/// # Errors
/// There is no such override, or it was ended before.
pub async fn end(workspace: &Workspace, id: &str, now: NaiveDateTime) -> Result<Override, OverrideError> {
    let session = session(&EngineSettings::default()).await?;
    let mut transaction = workspace.lake().await?.begin().await?;
    let lake = workspace.lake().await?;
    session.register_location(lake.location())?;
    let found = list(&lake, &session).await?.into_iter().find(|o| o.id == id);
    let problem = match &found {
        None => Some(OverrideError::Unknown { id: id.to_owned() }),
        Some(found) => found.revoked_at.map(|at| OverrideError::Ended {
            id: id.to_owned(),
            at: at.format("%Y-%m-%d %H:%M").to_string(),
        }),
    };
    let (Some(mut found), None) = (found, &problem) else {
        transaction.discard().await?;
        return Err(problem.unwrap_or(OverrideError::Unknown { id: id.to_owned() }));
    };
    found.revoked_at = Some(now);
    append(&mut transaction, &found)?;
    transaction.commit_at(&format!("end of override {id}"), now.and_utc()).await?;
    Ok(found)
}

fn check_tier(catalogue: &Catalogue, request: &OverrideRequest) -> Result<(), OverrideError> {
    let Some(scheme) = catalogue.schemes.get(request.scheme.as_str()) else {
        return Err(CatalogueError::UnknownScheme {
            name: request.scheme.to_string(),
            nearest: catalogue.schemes.nearest(request.scheme.as_str()).map(str::to_owned),
        }
        .into());
    };
    let tiers: Vec<&str> = scheme.spec.tiers.iter().map(|t| t.id.as_str()).collect();
    if !tiers.contains(&request.tier.as_str()) {
        return Err(OverrideError::UnknownTier {
            scheme: request.scheme.to_string(),
            name: request.tier.to_string(),
            nearest: nearest(request.tier.as_str(), tiers.iter().copied()).map(str::to_owned),
            known: tiers.join(", "),
        });
    }
    let known = &scheme.spec.methods;
    match &request.method {
        Some(method) if !known.is_empty() && !known.contains(method) => Err(OverrideError::UnknownMethod {
            scheme: request.scheme.to_string(),
            name: method.clone(),
            known: known.join(", "),
        }),
        _ => Ok(()),
    }
}

/// The key, source and id of a customer who was brought in.
async fn customer(
    lake: &Lake,
    session: &Session,
    name: &str,
) -> Result<(i32, String, String), OverrideError> {
    let files = lake.files("customer_keys").await?;
    let unknown = || OverrideError::UnknownCustomer { name: name.to_owned() };
    let (Some(schema), false) = (lake.schema("customer_keys").await?, files.is_empty()) else {
        return Err(unknown());
    };
    session.register_files("customer_keys", schema, &files, &[])?;
    let mut condition = format!("customer_id = {}", quote(name));
    if let Some((source, id)) = name.split_once(':') {
        condition += &format!(" OR (source = {} AND customer_id = {})", quote(source), quote(id));
    }
    let sql = format!(
        "SELECT DISTINCT CAST(customer_key AS BIGINT), source, customer_id FROM customer_keys \
         WHERE {condition} ORDER BY source LIMIT 10"
    );
    let batches = session.sql(&sql).await?.collect().await?;
    let found: Vec<(i32, String, String)> =
        rows(&batches).map(|r| (int(&r[0]) as i32, text(&r[1]), text(&r[2]))).collect();
    match found.as_slice() {
        [] => Err(unknown()),
        [only] => Ok(only.clone()),
        several => Err(OverrideError::AmbiguousCustomer {
            name: name.to_owned(),
            sources: several.iter().map(|c| c.1.as_str()).collect::<Vec<_>>().join(", "),
            example: format!("{}:{}", several[0].1, several[0].2),
        }),
    }
}

impl From<WorkspaceError> for OverrideError {
    fn from(error: WorkspaceError) -> Self {
        CatalogueError::from(error).into()
    }
}
