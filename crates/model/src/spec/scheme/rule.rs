//! The kinds of rules.

use serde::Deserialize;

use crate::{MetricId, SchemeId, Text};

/// Per tier the lower bound, inclusive, and the upper, exclusive.
pub type Bounds = Vec<(Option<f64>, Option<f64>)>;

/// How a scheme decides. Lists that go with tiers have one entry a tier, in the tiers' order.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Thresholds on one metric.
    Bands { metric: MetricId, bounds: Bounds },
    /// Parts of the base by one metric: per tier its share, best first.
    Quantiles { metric: MetricId, best: Best, shares: Vec<f64> },
    /// Cumulative share of a total, biggest customers first: per tier where it ends.
    Share { metric: MetricId, until: Vec<f64> },
    /// Digits per metric, and tiers by the codes they make.
    Codes { scores: Vec<Score>, matching: Matching },
    /// Conditions in order; the first that holds wins, the last tier takes the rest.
    Rules { needs: Vec<MetricId>, when: Vec<String> },
    /// Points over metrics: per tier the least sum, best first; the last tier takes the rest.
    Scorecard { points: Vec<Points>, least: Vec<f64> },
    /// Two schemes crossed: per tier its (row tier, column tier) cells.
    Matrix { rows: SchemeId, columns: SchemeId, cells: Vec<Vec<(String, String)>> },
    /// Conditions counted: per tier but the last its grades, best first; the last tier takes the rest.
    Checklist { needs: Vec<MetricId>, must: Vec<Check>, signs: Vec<Check>, grades: Vec<Vec<Grade>> },
    /// Answers to a questionnaire.
    Questionnaire { survey: String, answers: Answers },
    /// Groups that the data form.
    Cluster(Clustering),
    /// An estimate, cut into tiers.
    Model {
        metric: MetricId,
        /// What the estimate is, and how far it can be trusted.
        estimate: Text,
        /// The metrics that say between which values the truth is likely to be.
        interval: Option<(MetricId, MetricId)>,
        cut: ModelCut,
    },
    /// What is known of a customer, sorted: per tier its values in lower case. With `has_rest` the last
    /// tier takes every other known value.
    Attribute { metric: MetricId, values: Vec<Vec<String>>, has_rest: bool },
    /// People say it.
    Manual,
}

impl Rule {
    /// The kind, by the word that documents use.
    pub fn kind(&self) -> &'static str {
        match self {
            Rule::Bands { .. } => "bands",
            Rule::Quantiles { .. } => "quantiles",
            Rule::Share { .. } => "share",
            Rule::Codes { .. } => "codes",
            Rule::Rules { .. } => "rules",
            Rule::Scorecard { .. } => "scorecard",
            Rule::Matrix { .. } => "matrix",
            Rule::Checklist { .. } => "checklist",
            Rule::Questionnaire { .. } => "questionnaire",
            Rule::Cluster(_) => "cluster",
            Rule::Model { .. } => "model",
            Rule::Attribute { .. } => "attribute",
            Rule::Manual => "manual",
        }
    }
}

/// One line of a checklist.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    pub when: String,
    pub name: Text,
}

/// So many must-haves and so many signs at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grade {
    pub must: usize,
    pub signs: usize,
}

/// How answers become tiers.
#[derive(Debug, Clone, PartialEq)]
pub enum Answers {
    /// The dimension that scores highest, if it leads by `margin`: per tier its dimension; `None` for the
    /// tier of those of whom no dimension leads. Of equal ones the tier that comes first.
    Leading { dimensions: Vec<Option<String>>, margin: f64 },
    /// The mean of all answers, 0 to 1.
    Overall { bounds: Bounds },
}

/// How groups are found.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustering {
    /// The metrics that customers are compared by.
    pub features: Vec<MetricId>,
    /// Those of them that are taken as ln(1 + x).
    pub log: Vec<MetricId>,
    /// How many clusters there may be.
    pub least: usize,
    pub most: usize,
    /// Where chance begins.
    pub seed: u64,
}

/// How an estimate becomes tiers.
#[derive(Debug, Clone, PartialEq)]
pub enum ModelCut {
    Bands {
        bounds: Bounds,
    },
    /// Per tier its share of the base, best first.
    Quantiles {
        best: Best,
        shares: Vec<f64>,
    },
}

/// Which end of a metric is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Best {
    High,
    Low,
}

/// One digit of a code.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The digit's letter, as in `R`.
    pub digit: String,
    pub metric: MetricId,
    pub best: Best,
    pub method: ScoreMethod,
}

impl Score {
    /// How many digits there are; they run from 1 (worst) up.
    pub fn count(&self) -> usize {
        match &self.method {
            ScoreMethod::Quantiles { count } => *count,
            ScoreMethod::Bands { cuts, .. } => cuts.len() + 1,
            ScoreMethod::Split { .. } => 2,
        }
    }

    /// The label of the digit `d` (from 1): the digit itself unless the scheme names its bands.
    pub fn label(&self, digit: usize) -> String {
        match &self.method {
            ScoreMethod::Bands { labels: Some(labels), .. } => {
                let band = match self.best {
                    Best::Low => self.count() - digit,
                    Best::High => digit - 1,
                };
                labels.get(band).cloned().unwrap_or_else(|| digit.to_string())
            }
            _ => digit.to_string(),
        }
    }
}

/// How a digit comes from its metric.
#[derive(Debug, Clone, PartialEq)]
pub enum ScoreMethod {
    /// Equal parts of the base.
    Quantiles { count: usize },
    /// Fixed cuts, ascending; a value equal to a cut is below it. Labels go from low values to high.
    Bands { cuts: Vec<f64>, labels: Option<Vec<String>> },
    /// 2 on the good side of a middle, else 1.
    Split { at: SplitAt },
}

/// The middle of a split. A value equal to it is on the good side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SplitAt {
    Median,
    Mean,
    Value(f64),
}

/// How codes become tiers.
#[derive(Debug, Clone, PartialEq)]
pub enum Matching {
    /// Per tier its codes.
    Listed(Vec<Vec<String>>),
    /// Every code is a tier of its own; per tier its code.
    EveryCode(Vec<String>),
}

/// One line of a scorecard.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// The metric that the points come from; `None` for a condition.
    pub metric: Option<MetricId>,
    pub method: PointsMethod,
    /// What the points are multiplied by.
    pub weight: f64,
}

/// How points come from a metric.
#[derive(Debug, Clone, PartialEq)]
pub enum PointsMethod {
    /// 1 to `count` points by equal parts of the base.
    Quantiles { count: usize, best: Best },
    /// Points per band; cuts ascend, a value equal to a cut is above it.
    Bands { cuts: Vec<f64>, points: Vec<f64> },
    /// Points when a condition holds, else none.
    When { condition: String, points: f64 },
}
