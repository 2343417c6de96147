//! What a decision is told in.

use clientele_model::spec::scheme::Grade;
use clientele_model::{MetricId, Text};

use crate::rows::Value;

/// One step of a decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// The value lies in `[min, below)`; an open end is `None`.
    Band { metric: MetricId, value: Value, min: Option<f64>, below: Option<f64> },
    /// The value is in part `part` of `of`, worst first. The bounds are the cuts around it.
    Part {
        digit: Option<String>,
        metric: MetricId,
        value: Value,
        part: usize,
        of: usize,
        worse: Option<f64>,
        better: Option<f64>,
    },
    /// The value is on the good side of a middle, or not.
    Split { digit: String, metric: MetricId, value: Value, middle: f64, is_good: bool },
    /// A digit from fixed cuts.
    Digit { digit: String, metric: MetricId, value: Value, label: String },
    /// The digits together; the tier's id, where every code is a tier.
    Code { code: String },
    /// Greater values add up to the shares before this one.
    Cumulative { metric: MetricId, value: Value, least: Option<f64>, until: f64 },
    /// The condition that held, or that none did.
    Condition { condition: Option<String>, number: usize },
    /// Points for a line of a scorecard.
    Points { metric: Option<MetricId>, value: Value, condition: Option<String>, points: f64 },
    /// The sum of the points, and the least that the tier asks for.
    Sum { points: f64, least: Option<f64> },
    /// The tier in a crossed scheme.
    Crossed { scheme: String, name: Text, tier: Text },
    /// A line of a checklist, and whether it holds.
    Check { is_must: bool, name: Text, condition: String, holds: bool },
    /// How many of a checklist's lines hold, of how many, and the grade that was reached.
    Checked { must: (usize, usize), signs: (usize, usize), grade: Option<Grade> },
    /// How a customer's answers score in a dimension.
    Dimension { metric: MetricId, value: Value },
    /// How far the best dimension is ahead of the next, and how far it must be.
    Lead { best: MetricId, by: f64, margin: f64 },
    /// An estimate, with what it is and between which values the truth is likely to be.
    Estimate { metric: MetricId, value: Value, statement: Text, interval: Option<(Value, Value)> },
    /// A figure that customers are compared by, and what is usual in this cluster.
    Feature { metric: MetricId, value: Value, usual: f64 },
    /// How far the customer is from this cluster's centre and from the next one's, in standard units.
    Distance { own: f64, next: Option<(Text, f64)> },
    /// What is known, and whether the tier lists it.
    Known { metric: MetricId, value: Value, is_listed: bool },
}
