//! What an outcome is explained with.

use clientele_model::spec::{Metric, MetricSource};
use clientele_model::{Text, Unit};
use clientele_predict::drivers::MOST_FOR_SHAPLEY;

use super::correlations::correlations;
use super::made_of;
use super::outcome::number;
use super::{Among, Outcome};
use crate::library::nearest;
use crate::understand::RunView;
use crate::understand::groups::InsightError;

/// A metric that fewer of those with an outcome have would cost too many customers.
const KNOWN_SHARE: f64 = 0.8;

/// A metric as a number for each customer.
pub(super) struct Predictor<'a> {
    pub(super) metric: &'a Metric,
    pub(super) sql: String,
}

/// What was settled on.
pub(super) struct Chosen<'a> {
    pub(super) predictors: Vec<Predictor<'a>>,
    pub(super) left_out: Vec<(String, Text)>,
    /// Customers of whom the outcome is known.
    pub(super) asked: u64,
}

/// How a metric goes along with the outcome.
struct Tried<'a> {
    predictor: Predictor<'a>,
    known: u64,
    correlation: f64,
}

pub(super) async fn choose<'a>(
    view: &'a RunView,
    outcome: &Outcome,
    of: &[String],
    among: &Among,
) -> Result<Chosen<'a>, InsightError> {
    let named = !of.is_empty();
    let metrics: Vec<&Metric> = if named {
        named_metrics(view, outcome, of)?
    } else {
        view.metrics().filter(|m| may_explain(view, m, outcome)).collect()
    };
    let no = |why: &str| InsightError::NoPredictors { outcome: outcome.id.clone(), why: why.to_owned() };
    if metrics.is_empty() {
        return Err(no("no metric beside those that the outcome is made of"));
    }
    let predictors: Vec<Predictor<'a>> =
        metrics.into_iter().map(|metric| Predictor { metric, sql: number(metric) }).collect();
    let columns: Vec<String> = predictors.iter().map(|p| p.sql.clone()).collect();
    let (asked, found) = correlations(view, &outcome.sql, &columns, among).await?;
    let tried = predictors.into_iter().zip(found).map(|(predictor, found)| Tried {
        predictor,
        known: found.count,
        correlation: found.correlation(),
    });
    if asked < view.minimum_group() {
        return Err(no("too few customers have both figures"));
    }
    let mut left_out = Vec::new();
    let mut kept: Vec<Tried<'_>> = Vec::new();
    for one in tried {
        let id = one.predictor.metric.id.to_string();
        if (one.known as f64) < KNOWN_SHARE * asked as f64 && !named {
            let share = 100.0 * one.known as f64 / asked as f64;
            let en = format!("known of only {share:.0} % of the customers");
            left_out.push((id, Text::new(en, format!("只有 {share:.0} % 的客户已知"))));
        } else if !one.correlation.is_finite() {
            left_out.push((id, Text::new("the same for everyone", "所有客户都相同")));
        } else {
            kept.push(one);
        }
    }
    if kept.is_empty() {
        return Err(no("nothing that might explain it differs between customers"));
    }
    if !named {
        // Correlations that differ only in digits that depend on the order of adding up are equal.
        let strength = |one: &Tried<'_>| (one.correlation.abs() * 1e9).round();
        kept.sort_by(|a, b| {
            strength(b)
                .total_cmp(&strength(a))
                .then_with(|| a.predictor.metric.id.cmp(&b.predictor.metric.id))
        });
        for one in kept.drain(kept.len().min(MOST_FOR_SHAPLEY)..) {
            let why =
                Text::new("goes along with the outcome less than those shown", "与结果的关系弱于列出的指标");
            left_out.push((one.predictor.metric.id.to_string(), why));
        }
    }
    left_out.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Chosen { predictors: kept.into_iter().map(|one| one.predictor).collect(), left_out, asked })
}

fn named_metrics<'a>(
    view: &'a RunView,
    outcome: &Outcome,
    of: &[String],
) -> Result<Vec<&'a Metric>, InsightError> {
    let mut metrics: Vec<&Metric> = Vec::new();
    for name in of {
        let id = name.trim().replace('-', "_");
        let unfit = |why: &str| InsightError::UnfitPredictor { name: name.clone(), why: why.to_owned() };
        let Some(metric) = view.metrics().find(|m| m.id.as_str() == id) else {
            let near = nearest(&id, view.metrics().map(|m| m.id.as_str())).map(str::to_owned);
            return Err(InsightError::UnknownDimension {
                name: name.clone(),
                run: view.run.id.to_string(),
                nearest: near,
            });
        };
        if outcome.metrics.contains(&id) {
            return Err(unfit("the outcome itself"));
        }
        if !metric.unit.is_number() && metric.unit != Unit::YesNo {
            return Err(unfit("words, not numbers"));
        }
        if !metrics.iter().any(|m| m.id == metric.id) {
            metrics.push(metric);
        }
    }
    Ok(metrics)
}

/// Whether a metric is more than the outcome in other words: made of other facts, and counted from these rather than
/// worked out from other metrics.
fn may_explain(view: &RunView, metric: &Metric, outcome: &Outcome) -> bool {
    if !metric.unit.is_number() && metric.unit != Unit::YesNo || metric.source == MetricSource::Derived {
        return false;
    }
    // With one order everything is the favourite: such a share mostly counts orders.
    if metric.unit == Unit::Share && metric.id.as_str().starts_with("favourite_") {
        return false;
    }
    outcome.facts.is_disjoint(&made_of::facts(view, metric))
}
