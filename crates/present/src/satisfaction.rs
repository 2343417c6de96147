//! How satisfied each class is.

use clientele_model::Figure;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::satisfaction::{ClassSatisfaction, GroupSatisfaction, INTERVAL};
use serde::Serialize;

use crate::run::RunReference;
use crate::verdict::Difference;

/// What `satisfaction` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Satisfaction {
    pub run: RunReference,
    pub scheme: String,
    /// The fewest customers that anything is said of.
    pub minimum_group: u64,
    pub classes: Vec<TierSatisfaction>,
}

/// What the customers of a tier answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TierSatisfaction {
    pub tier: String,
    pub measures: Vec<Measure>,
}

/// What a group answered to one question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measure {
    pub metric: String,
    /// Customers who answered.
    pub answered: u64,
    /// Of yes and no, the share of yes.
    pub mean: Figure,
    /// The 95 % interval of the mean.
    pub low: Figure,
    pub high: Figure,
    /// The net promoter score, −100 to 100, where the question has one.
    pub nps: Figure,
    pub nps_low: Figure,
    pub nps_high: Figure,
    /// How both intervals are made: `wilson`.
    pub interval: &'static str,
    /// From the others, where it can be told.
    pub difference: Option<Difference>,
}

impl Satisfaction {
    /// What the tiers of a scheme answered.
    pub fn new(view: &RunView, scheme: &str, classes: &[ClassSatisfaction]) -> Self {
        let class = |class: &ClassSatisfaction| TierSatisfaction {
            tier: class.class.clone(),
            measures: class.measures.iter().map(Measure::from).collect(),
        };
        Satisfaction {
            run: (&view.run).into(),
            scheme: scheme.to_owned(),
            minimum_group: view.minimum_group(),
            classes: classes.iter().map(class).collect(),
        }
    }
}

impl From<&GroupSatisfaction> for Measure {
    fn from(one: &GroupSatisfaction) -> Self {
        Measure {
            metric: one.metric.clone(),
            answered: one.answered,
            mean: one.mean.into(),
            low: Figure::maybe(one.interval.map(|(low, _)| low)),
            high: Figure::maybe(one.interval.map(|(_, high)| high)),
            nps: Figure::maybe(one.nps),
            nps_low: Figure::maybe(one.nps_interval.map(|(low, _)| low)),
            nps_high: Figure::maybe(one.nps_interval.map(|(_, high)| high)),
            interval: INTERVAL,
            difference: one.verdict.as_ref().map(Difference::from),
        }
    }
}
