//! What groups are like, what drives outcomes, and what classes think and buy.

use std::collections::BTreeSet;

use clientele_model::Text;
use clientele_model::spec::MetricSource;

use super::missing;
use crate::understand::demand::ClassDemand;
use crate::understand::drivers::{DriverAnalysis, SEED};
use crate::understand::persona::{InsightError, Persona};
use crate::understand::satisfaction::ClassSatisfaction;
use crate::understand::view::{RunView, ViewError};

/// The groups that are described: the best tier of a scheme, or the one that is named.
const GROUPS: [(&str, Option<&str>); 3] = [("rfm-11", None), ("abc", None), ("lifecycle", Some("churned"))];

/// The outcomes that are explained.
pub const OUTCOMES: [&str; 3] = ["repeat", "satisfaction", "churn"];

/// The scheme whose classes are asked what they think and buy.
const CLASSES: &str = "abc";

/// An answer, or in one sentence why there is none.
pub type Answer<T> = Result<T, Text>;

/// What the report says of groups.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Insight {
    pub personas: Vec<GroupPersona>,
    /// In the order of [`OUTCOMES`].
    pub drivers: Vec<Answer<DriverAnalysis>>,
    pub satisfaction: Vec<ClassSatisfaction>,
    pub demand: Vec<ClassDemand>,
    /// Fewer customers than this are not described.
    pub minimum_group: u64,
    /// The kinds of facts of which there is none.
    pub absent: BTreeSet<MetricSource>,
}

/// A group and what it is like.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupPersona {
    /// As people name it: `abc=a`.
    pub group: String,
    pub name: Text,
    pub persona: Answer<Persona>,
}

/// Asks all of it.
pub async fn insight(view: &RunView) -> Result<Insight, ViewError> {
    let mut insight = Insight {
        minimum_group: view.minimum_group(),
        absent: missing::absent(view).await?,
        ..Insight::default()
    };
    for (id, tier) in GROUPS {
        let Ok(scheme) = view.scheme(id) else { continue };
        let tier = match tier {
            None => scheme.tiers.first(),
            Some(named) => scheme.tiers.iter().find(|t| t.id.as_str() == named),
        };
        let Some(tier) = tier else { continue };
        let group = view.tier_group(scheme, tier.id.as_str())?;
        let persona = answer(view.persona_outline(&group).await)?;
        insight.personas.push(GroupPersona { group: group.id.clone(), name: group.name.clone(), persona });
    }
    for outcome in OUTCOMES {
        insight.drivers.push(answer(view.drivers(outcome, &[], None, SEED).await)?);
    }
    if let Ok(scheme) = view.scheme(CLASSES) {
        insight.satisfaction = answer(view.satisfaction(scheme).await)?.unwrap_or_default();
        insight.demand = answer(view.demand(scheme).await)?.unwrap_or_default();
    }
    Ok(insight)
}

/// What cannot be told is part of the report; what went wrong ends it.
fn answer<T>(result: Result<T, InsightError>) -> Result<Answer<T>, ViewError> {
    match result {
        Ok(found) => Ok(Ok(found)),
        Err(InsightError::View(error)) => Err(error),
        Err(why) => Ok(Err(why.problem().text())),
    }
}
