//! What would move a customer up: the scheme is asked about the same customer with one figure changed.

use std::collections::{BTreeMap, BTreeSet};

use clientele_model::spec::Direction;
use clientele_model::spec::scheme::{ModelCut, PointsMethod, Rule, ScoreMethod};
use clientele_model::{MetricId, Unit};

use super::super::rows::Value;
use super::super::view::RunView;
use super::{Case, Trial};
use crate::classify::compile::{conditions, points_key};
use crate::classify::ordered::Scale;

/// A change of one figure that leads to a better tier.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub metric: MetricId,
    pub from: Value,
    pub to: Value,
    /// The tier that it leads to.
    pub tier: String,
}

/// More questions than this are not asked about one customer.
const MOST: usize = 400;

/// What is tried: changes for the better of one figure each; none for who is in the best tier, or in none.
pub(super) fn candidates(
    view: &RunView,
    case: &Case<'_>,
    values: &BTreeMap<MetricId, Value>,
    tier: &str,
) -> Vec<(MetricId, Value)> {
    if case.scheme.position(tier).is_none() || case.scheme.is_best(tier) {
        return Vec::new();
    }
    let mut candidates = beside_thresholds(case, values);
    candidates.retain(|(metric, to)| is_improvement(view, metric, values.get(metric), to));
    candidates
}

/// The smallest change, relative to the figure's size, that leads to a better tier.
pub(super) fn nearest(
    case: &Case<'_>,
    values: &BTreeMap<MetricId, Value>,
    tier: &str,
    candidates: Vec<(MetricId, Value)>,
    trial: &Trial,
) -> Option<Change> {
    let mut best: Option<(f64, Change)> = None;
    for (i, (metric, to)) in candidates.into_iter().enumerate() {
        let Some(reached) = trial.tiers.get(&(i as i64)) else { continue };
        if !case.scheme.is_better(reached, tier) {
            continue;
        }
        let from = values.get(&metric).cloned().unwrap_or(Value::Unknown);
        let (Some(a), Some(b)) = (from.number(), to.number()) else { continue };
        let size = (a - b).abs() / (a.abs() + b.abs()).max(f64::MIN_POSITIVE);
        if best.as_ref().is_none_or(|(least, _)| size < *least) {
            best = Some((size, Change { metric, from, to, tier: reached.clone() }));
        }
    }
    best.map(|(_, change)| change)
}

/// Whether a change is for the better by the metric's own direction. Nobody is advised to buy less
/// regularly, whatever a rule makes of it, nor to wait: days that had better be many only come with time.
fn is_improvement(view: &RunView, metric: &MetricId, from: Option<&Value>, to: &Value) -> bool {
    let Some(metric) = view.catalogue.metrics.get(metric).map(|m| &m.spec) else { return false };
    let (Some(from), Some(to)) = (from.and_then(Value::number), to.number()) else { return false };
    match metric.direction {
        Direction::High => to > from && metric.unit != Unit::Days,
        Direction::Low => to < from,
        Direction::None => false,
    }
}

/// Values just at, above and below every threshold that the schemes know.
fn beside_thresholds(case: &Case<'_>, values: &BTreeMap<MetricId, Value>) -> Vec<(MetricId, Value)> {
    let mut found: BTreeSet<(MetricId, i64)> = BTreeSet::new();
    for (metric, threshold) in thresholds(case, values) {
        let unit = case.unit(&metric);
        let Some(current) = values.get(&metric).and_then(Value::number) else { continue };
        if !unit.is_number() {
            continue;
        }
        for to in around(threshold, step(unit)) {
            let is_possible = to >= 0.0 || current < 0.0 || matches!(unit, Unit::Money | Unit::Ratio);
            if to != current && is_possible {
                found.insert((metric.clone(), Scale::of(unit).from_number(to)));
            }
        }
    }
    found
        .into_iter()
        .take(MOST)
        .map(|(metric, ordered)| {
            let unit = case.unit(&metric);
            let value = match Scale::of(unit) {
                Scale::Integer => Value::Int(ordered),
                Scale::Money => Value::Money(ordered.into()),
                Scale::Double => Value::Float(Scale::Double.number(ordered)),
            };
            (metric, value)
        })
        .collect()
}

/// The threshold itself, and the nearest whole steps above and below it.
fn around(threshold: f64, step: f64) -> [f64; 3] {
    let steps = threshold / step;
    // 635.41 is a whole number of pennies, although 635.41 / 0.01 is not one in binary.
    let whole = steps.round();
    let (below, above) = match (steps - whole).abs() < 1e-6 {
        true => (whole - 1.0, whole + 1.0),
        false => (steps.floor(), steps.ceil()),
    };
    [threshold, above * step, below * step]
}

/// The smallest change of a figure that people speak of.
fn step(unit: Unit) -> f64 {
    match unit {
        Unit::Count | Unit::Days => 1.0,
        Unit::Money | Unit::Ratio | Unit::Quantity => 0.01,
        _ => 0.001,
    }
}

fn thresholds(case: &Case<'_>, values: &BTreeMap<MetricId, Value>) -> Vec<(MetricId, f64)> {
    let mut out: Vec<(MetricId, f64)> = Vec::new();
    for (scheme, _, cuts) in &case.chain {
        let cut_values = |key: &str, metric: &MetricId, scale: Scale| -> Vec<(MetricId, f64)> {
            let there = cuts.get(key).map(Vec::as_slice).unwrap_or_default();
            there.iter().map(|c| (metric.clone(), scale.number(c.at))).collect()
        };
        let scale = |metric: &MetricId| Scale::of(case.unit(metric));
        match &scheme.rule {
            Rule::Bands { metric, bounds } | Rule::Model { metric, cut: ModelCut::Bands { bounds }, .. } => {
                let ends = bounds.iter().flat_map(|(min, below)| [*min, *below]).flatten();
                out.extend(ends.map(|end| (metric.clone(), end)));
            }
            Rule::Quantiles { metric, .. } | Rule::Model { metric, .. } => {
                out.extend(cut_values("parts", metric, scale(metric)))
            }
            Rule::Share { metric, .. } => out.extend(cut_values("until", metric, scale(metric))),
            Rule::Codes { scores, .. } => {
                for score in scores {
                    match &score.method {
                        ScoreMethod::Quantiles { .. } => {
                            out.extend(cut_values(&score.digit, &score.metric, scale(&score.metric)));
                        }
                        ScoreMethod::Split { .. } => {
                            out.extend(cut_values(&score.digit, &score.metric, Scale::Double));
                        }
                        ScoreMethod::Bands { cuts, .. } => {
                            out.extend(cuts.iter().map(|cut| (score.metric.clone(), *cut)));
                        }
                    }
                }
            }
            Rule::Scorecard { points, .. } => {
                for (i, line) in points.iter().enumerate() {
                    let Some(metric) = &line.metric else { continue };
                    match &line.method {
                        PointsMethod::Quantiles { .. } => {
                            let key = points_key(i);
                            out.extend(cut_values(&key, metric, scale(metric)));
                        }
                        PointsMethod::Bands { cuts, .. } => {
                            out.extend(cuts.iter().map(|cut| (metric.clone(), *cut)));
                        }
                        PointsMethod::When { .. } => {}
                    }
                }
            }
            // Conditions are looked at below; nobody is advised to answer otherwise or to be somebody else.
            Rule::Rules { .. }
            | Rule::Checklist { .. }
            | Rule::Matrix { .. }
            | Rule::Questionnaire { .. }
            | Rule::Cluster(_)
            | Rule::Attribute { .. }
            | Rule::Manual => {}
        }
        for (_, condition) in conditions(scheme) {
            out.extend(in_condition(condition, case, values));
        }
    }
    out
}

/// The numbers in a condition, and the customer's own figures that it compares with, as thresholds
/// of every metric in it. Too many rather than too few: each is tried on the scheme itself.
fn in_condition(
    condition: &str,
    case: &Case<'_>,
    values: &BTreeMap<MetricId, Value>,
) -> Vec<(MetricId, f64)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let words: Vec<&str> = condition.split(|c| !is_word(c)).filter(|w| !w.is_empty()).collect();
    let metrics: Vec<&MetricId> = case.metrics.iter().filter(|m| words.contains(&m.as_str())).collect();
    let mut numbers: Vec<f64> = words.iter().filter_map(|w| w.parse().ok()).collect();
    numbers.extend(metrics.iter().filter_map(|m| values.get(m)?.number()));
    metrics.iter().flat_map(|metric| numbers.iter().map(|number| ((*metric).clone(), *number))).collect()
}
