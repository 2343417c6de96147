//! Overrides as JSON.

use clientele_pipeline::act::overrides::Override;
use serde::Serialize;

/// A tier that a person set.
#[derive(Serialize)]
pub struct OverrideJson {
    pub id: String,
    pub source: String,
    pub customer_id: String,
    pub scheme: String,
    pub tier: String,
    pub reason: String,
    pub method: Option<String>,
    pub by: Option<String>,
    pub set_at: String,
    /// The first day that it holds.
    pub since: String,
    /// The last day that it holds.
    pub until: Option<String>,
    pub revoked_at: Option<String>,
}

impl OverrideJson {
    pub fn new(set: &Override) -> Self {
        let time = |time: chrono::NaiveDateTime| time.format("%Y-%m-%dT%H:%M:%S").to_string();
        OverrideJson {
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
