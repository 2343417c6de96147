//! Tiers that people set by hand.

use clientele_pipeline::act::overrides::{self, State};
use serde::Serialize;

use crate::value::time;

/// A tier that a person set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Override {
    pub id: String,
    pub source: String,
    pub customer_id: String,
    pub scheme: String,
    pub tier: String,
    /// Why, as the person said it.
    pub reason: String,
    /// How they came to it.
    pub method: Option<String>,
    pub by: Option<String>,
    pub set_at: String,
    /// The first day that it holds.
    pub since: String,
    /// The last day that it holds.
    pub until: Option<String>,
    pub revoked_at: Option<String>,
}

/// What `override list` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overrides {
    pub overrides: Vec<ListedOverride>,
}

/// An override, and whether it holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListedOverride {
    #[serde(flatten)]
    pub set: Override,
    pub state: State,
}

impl From<&overrides::Override> for Override {
    fn from(set: &overrides::Override) -> Self {
        Override {
            id: set.id.clone(),
            source: set.source.clone(),
            customer_id: set.customer_id.clone(),
            scheme: set.scheme.to_string(),
            tier: set.tier.to_string(),
            reason: set.reason.clone(),
            method: set.method.clone(),
            by: set.by.clone(),
            set_at: time(set.set_at),
            since: set.since.to_string(),
            until: set.until.map(|day| day.to_string()),
            revoked_at: set.revoked_at.map(time),
        }
    }
}
