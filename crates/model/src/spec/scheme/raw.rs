//! The document's form.

use serde::Deserialize;

use super::rule::Best;
use crate::{MetricId, SchemeId, Text, TierId};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScheme {
    pub id: SchemeId,
    pub version: u32,
    pub kind: Kind,
    pub name: Text,
    pub question: Text,
    pub origin: Text,
    pub rule: Text,
    pub metric: Option<MetricId>,
    pub best: Option<Best>,
    pub population: Option<String>,
    #[serde(default = "yes")]
    pub ranked: bool,
    pub needs: Option<Vec<MetricId>>,
    pub rows: Option<SchemeId>,
    pub columns: Option<SchemeId>,
    pub must: Option<Vec<RawCheck>>,
    pub signs: Option<Vec<RawCheck>>,
    pub survey: Option<String>,
    pub margin: Option<f64>,
    pub features: Option<Vec<MetricId>>,
    pub log: Option<Vec<MetricId>>,
    pub min_clusters: Option<usize>,
    pub max_clusters: Option<usize>,
    pub seed: Option<u64>,
    pub estimate: Option<Text>,
    pub interval: Option<Vec<MetricId>>,
    #[serde(default)]
    pub methods: Vec<String>,
    pub stay: Option<RawStay>,
    #[serde(default)]
    pub scores: Vec<RawScore>,
    #[serde(default)]
    pub points: Vec<RawPoints>,
    pub code_tiers: Option<RawCodeTiers>,
    pub cluster_tiers: Option<RawClusterTiers>,
    #[serde(default)]
    pub tiers: Vec<RawTier>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Bands,
    Quantiles,
    Share,
    Codes,
    Rules,
    Checklist,
    Scorecard,
    Matrix,
    Questionnaire,
    Cluster,
    Model,
    Attribute,
    Manual,
}

impl Kind {
    /// The word that documents use.
    pub fn word(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTier {
    pub id: TierId,
    pub name: Text,
    pub beside: Option<Vec<TierId>>,
    pub goal: Option<Text>,
    pub owner: Option<String>,
    pub actions: Option<Vec<RawAction>>,
    pub offer: Option<Text>,
    pub kpi: Option<Text>,
    pub talk: Option<Vec<Text>>,
    pub min: Option<f64>,
    pub below: Option<f64>,
    pub share: Option<f64>,
    pub until: Option<f64>,
    pub codes: Option<Vec<String>>,
    pub when: Option<String>,
    pub otherwise: Option<bool>,
    pub min_points: Option<f64>,
    pub cells: Option<Vec<String>>,
    pub grades: Option<Vec<String>>,
    pub dimension: Option<String>,
    pub values: Option<Vec<String>>,
}

/// Tiers made from a template: one for every code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCodeTiers {
    /// With `{digit}` for each digit's label, as in `R{r}F{f}M{m}`.
    pub template: String,
    pub goal: Option<Text>,
    pub owner: Option<String>,
    pub actions: Option<Vec<RawAction>>,
    pub offer: Option<Text>,
    pub kpi: Option<Text>,
    pub talk: Option<Vec<Text>>,
}

/// What to do for every cluster.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClusterTiers {
    pub goal: Option<Text>,
    pub owner: Option<String>,
    pub actions: Option<Vec<RawAction>>,
    pub offer: Option<Text>,
    pub kpi: Option<Text>,
    pub talk: Option<Vec<Text>>,
}

/// The parts of a playbook wherever they stand.
pub(super) struct RawPlaybook<'a> {
    pub goal: &'a Option<Text>,
    pub owner: Option<&'a str>,
    pub actions: Option<&'a [RawAction]>,
    pub offer: &'a Option<Text>,
    pub kpi: &'a Option<Text>,
    pub talk: Option<&'a [Text]>,
}

macro_rules! has_playbook {
    ($($name:ident)*) => {$(
        impl $name {
            pub(super) fn playbook(&self) -> RawPlaybook<'_> {
                RawPlaybook {
                    goal: &self.goal,
                    owner: self.owner.as_deref(),
                    actions: self.actions.as_deref(),
                    offer: &self.offer,
                    kpi: &self.kpi,
                    talk: self.talk.as_deref(),
                }
            }
        }
    )*};
}

has_playbook!(RawTier RawCodeTiers RawClusterTiers);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAction {
    pub en: String,
    pub zh: String,
    pub channel: String,
    pub cadence: String,
}

/// One line of a checklist.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCheck {
    pub when: String,
    pub name: Text,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStay {
    pub hysteresis: Option<f64>,
    pub grace_days: Option<u32>,
    pub minimum_days: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScore {
    pub digit: String,
    pub metric: MetricId,
    pub method: ScoreKind,
    pub best: Best,
    pub count: Option<usize>,
    pub cuts: Option<Vec<f64>>,
    pub labels: Option<Vec<String>>,
    pub at: Option<RawAt>,
    pub texts: Option<Vec<Text>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ScoreKind {
    Quantiles,
    Bands,
    Split,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RawAt {
    Named(String),
    Value(f64),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPoints {
    #[allow(dead_code, reason = "a label for readers of the file")]
    pub name: Option<Text>,
    pub metric: Option<MetricId>,
    pub method: Option<ScoreKind>,
    pub best: Option<Best>,
    pub count: Option<usize>,
    pub cuts: Option<Vec<f64>>,
    pub points: Option<RawPointList>,
    pub when: Option<String>,
    pub weight: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RawPointList {
    One(f64),
    Many(Vec<f64>),
}

fn yes() -> bool {
    true
}
