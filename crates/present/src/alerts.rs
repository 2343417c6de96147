//! Which movements of a run the alerts ask for.

use clientele_pipeline::Run;
use clientele_pipeline::learn::alerts::{self, RunAlerts};
use serde::Serialize;

use crate::run::RunReference;

/// What `alerts` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alerts {
    pub run: RunReference,
    pub alerts: Vec<RaisedAlert>,
    /// Alerts about customers who are not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub strangers: Vec<Stranger>,
}

/// An alert that a run set off.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RaisedAlert {
    pub alert: String,
    pub scheme: String,
    /// Null for any tier.
    pub from: Option<String>,
    /// Null for any other tier.
    pub to: Option<String>,
    /// The run that the movement is counted from.
    pub since: String,
    /// How many customers moved so.
    pub customers: i64,
    /// Of how many who could have.
    pub of: i64,
    /// Their part, 0 to 1.
    pub share: f64,
    /// How many of them are in no tier any more; left out when nobody is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone: Option<i64>,
    /// The first of them, by id.
    pub examples: Vec<String>,
}

/// An alert about a customer who is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stranger {
    pub alert: String,
    pub customer: String,
}

impl Alerts {
    /// What a run's alerts say.
    pub fn new(run: &Run, told: &RunAlerts) -> Self {
        Alerts {
            run: run.into(),
            alerts: told.raised.iter().map(RaisedAlert::from).collect(),
            strangers: told.strangers.iter().map(Stranger::from).collect(),
        }
    }
}

impl From<&alerts::Raised> for RaisedAlert {
    fn from(raised: &alerts::Raised) -> Self {
        RaisedAlert {
            alert: raised.alert.id.clone(),
            scheme: raised.alert.scheme.to_string(),
            from: raised.alert.from.as_ref().map(ToString::to_string),
            to: raised.alert.to.as_ref().map(ToString::to_string),
            since: raised.since.id.to_string(),
            customers: raised.customers,
            of: raised.of,
            share: raised.share(),
            gone: Some(raised.gone).filter(|gone| *gone > 0),
            examples: raised.examples.clone(),
        }
    }
}

impl From<&alerts::Stranger> for Stranger {
    fn from(stranger: &alerts::Stranger) -> Self {
        Stranger { alert: stranger.alert.clone(), customer: stranger.customer.clone() }
    }
}
