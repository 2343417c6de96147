//! Tiers that people set by hand, with reason and end.
//!
//! The lake keeps them as they were given; nothing is changed in place. A run applies those that hold on
//! its day, and an old run's receipts see them as they were then.

mod table;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};
use clientele_engine::{EngineError, Session};
use clientele_model::{AsOf, SchemeId, TierId};
use serde::Serialize;

use super::labels::{HeldTiers, OverriddenTier};
use super::registry::SchemeRegistry;
#[cfg(test)]
pub(crate) use table::schema;
pub use table::{TABLE, list};
pub(crate) use table::{append, listed};

/// A tier that a person set for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Override {
    /// `o0001` and on.
    pub id: String,
    pub source: String,
    pub customer_id: String,
    pub customer_key: i32,
    pub scheme: SchemeId,
    pub tier: TierId,
    pub reason: String,
    /// How the person came to it, as `interview`.
    pub method: Option<String>,
    /// Who set it.
    pub by: Option<String>,
    pub set_at: NaiveDateTime,
    /// The first day that it holds.
    pub since: NaiveDate,
    /// The last day that it holds; without one it holds until it is ended.
    pub until: Option<NaiveDate>,
    /// When somebody ended it.
    pub revoked_at: Option<NaiveDateTime>,
}

/// What has become of an override, seen from a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It holds.
    Holds,
    /// It begins later.
    ToCome,
    /// Its last day is over.
    Over,
    /// Somebody ended it.
    Ended,
    /// A later one for the same customer and scheme holds.
    Replaced,
}

impl Override {
    /// Whether it holds on a day, later ones aside.
    pub fn holds(&self, day: AsOf) -> bool {
        let day = day.date();
        self.revoked_at.is_none() && self.since <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Of overrides that hold on a day, the latest of each customer and scheme.
pub fn holding(overrides: &[Override], day: AsOf) -> Vec<&Override> {
    let mut latest: BTreeMap<(&str, &str, &str), &Override> = BTreeMap::new();
    for found in overrides.iter().filter(|o| o.holds(day)) {
        let key = (found.source.as_str(), found.customer_id.as_str(), found.scheme.as_str());
        let later = latest.get(&key).is_none_or(|o| (o.set_at, &o.id) < (found.set_at, &found.id));
        if later {
            latest.insert(key, found);
        }
    }
    latest.into_values().collect()
}

/// What has become of each override, seen from a day.
pub fn states(overrides: &[Override], day: AsOf) -> Vec<State> {
    let holding: BTreeSet<&str> = holding(overrides, day).into_iter().map(|o| o.id.as_str()).collect();
    let state = |o: &Override| {
        if o.revoked_at.is_some() {
            State::Ended
        } else if day.date() < o.since {
            State::ToCome
        } else if o.until.is_some_and(|until| until < day.date()) {
            State::Over
        } else if holding.contains(o.id.as_str()) {
            State::Holds
        } else {
            State::Replaced
        }
    };
    overrides.iter().map(state).collect()
}

/// Those of the overrides that a run of these schemes can apply: of a scheme that it applies, and of a tier
/// that the scheme still has.
pub fn applicable<'a>(overrides: &'a [Override], day: AsOf, schemes: &SchemeRegistry) -> Vec<&'a Override> {
    let has_tier = |o: &&Override| {
        schemes.get(o.scheme.as_str()).is_some_and(|s| s.spec.position(o.tier.as_str()).is_some())
    };
    holding(overrides, day).into_iter().filter(has_tier).collect()
}

/// The overrides of a run by scheme, with the keys that the customers have now.
pub(crate) async fn held(session: &Session, set: &[&Override]) -> Result<HeldTiers, EngineError> {
    let keys = table::keys(session, set).await?;
    let mut held = HeldTiers::new();
    for found in set {
        let list = held.entry(found.scheme.clone()).or_default();
        if let Some(key) = keys.get(&(found.source.clone(), found.customer_id.clone())) {
            let (tier, id) = (found.tier.to_string(), found.id.clone());
            list.push(OverriddenTier { customer_key: *key, tier, id });
        }
    }
    Ok(held)
}
