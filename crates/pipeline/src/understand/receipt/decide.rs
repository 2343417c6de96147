//! The steps from a customer's figures to the tier.

use std::collections::BTreeMap;

use clientele_model::MetricId;
use clientele_model::spec::Scheme;
use clientele_model::spec::questionnaire::overall_metric;
use clientele_model::spec::scheme::{Answers, Matching, ModelCut, PointsMethod, Rule, ScoreMethod};

use super::super::rows::{Value, text};
use super::{Case, Step, sorts};
use crate::classify::compile::{answer_metrics, ident, points_key};
use crate::classify::cuts::{Cut, SchemeCuts};
use crate::classify::ordered::Scale;

/// Retraces the decision.
pub(super) fn steps(
    case: &Case<'_>,
    values: &BTreeMap<MetricId, Value>,
    tier: &str,
    helpers: &BTreeMap<String, Value>,
) -> Vec<Step> {
    let value = |metric: &MetricId| values.get(metric).cloned().unwrap_or(Value::Unknown);
    let Some((scheme, compiled, cuts)) = case.chain.last() else { return Vec::new() };
    let helper = |column: &str| helpers.get(column).cloned().unwrap_or(Value::Unknown);
    let place = scheme.position(tier);
    match &scheme.rule {
        Rule::Bands { metric, bounds } => {
            let (min, below) = place.and_then(|p| bounds.get(p).copied()).unwrap_or((None, None));
            vec![Step::Band { metric: metric.clone(), value: value(metric), min, below }]
        }
        Rule::Share { metric, until } => {
            let place = place.unwrap_or(until.len().saturating_sub(1));
            let cut = cuts.get("until").and_then(|c| c.get(place));
            let scale = Scale::of(case.unit(metric));
            vec![Step::Cumulative {
                metric: metric.clone(),
                value: value(metric),
                least: cut.map(|c| scale.number(c.at)),
                until: until.get(place).copied().unwrap_or(1.0),
            }]
        }
        Rule::Rules { when, .. } => {
            let condition = place.and_then(|p| when.get(p)).cloned();
            vec![Step::Condition { condition, number: place.map_or(0, |p| p + 1) }]
        }
        Rule::Quantiles { metric, .. } => {
            let Some(part) = number(&helper(&compiled.parts[0].column)) else { return Vec::new() };
            vec![whole_part(case, scheme, cuts, metric, value(metric), part)]
        }
        Rule::Model { metric, estimate, interval, cut } => {
            let interval = interval.as_ref().map(|(low, high)| (value(low), value(high)));
            let statement = estimate.clone();
            let mut steps =
                vec![Step::Estimate { metric: metric.clone(), value: value(metric), statement, interval }];
            match cut {
                ModelCut::Bands { bounds } => {
                    let (min, below) = place.and_then(|p| bounds.get(p).copied()).unwrap_or((None, None));
                    steps.push(Step::Band { metric: metric.clone(), value: value(metric), min, below });
                }
                ModelCut::Quantiles { .. } => {
                    let part = compiled.parts.first().and_then(|part| number(&helper(&part.column)));
                    let step = |part| whole_part(case, scheme, cuts, metric, value(metric), part);
                    steps.extend(part.map(step));
                }
            }
            steps
        }
        Rule::Questionnaire { survey, answers: Answers::Overall { bounds } } => {
            let metric = overall_metric(survey);
            let (min, below) = place.and_then(|p| bounds.get(p).copied()).unwrap_or((None, None));
            vec![Step::Band { value: value(&metric), metric, min, below }]
        }
        Rule::Questionnaire { survey, answers: answers @ Answers::Leading { margin, .. } } => {
            sorts::leading(&answer_metrics(survey, answers), *margin, &value)
        }
        Rule::Checklist { must, signs, grades, .. } => {
            let grades = place.and_then(|p| grades.get(p)).map(Vec::as_slice).unwrap_or_default();
            sorts::checklist(&scheme.id.column(), must, signs, grades, &helper)
        }
        Rule::Cluster(clustering) => sorts::cluster(scheme, clustering, cuts, tier, &value, &helper),
        Rule::Attribute { metric, values, .. } => {
            let is_listed = place.is_some_and(|p| p < values.len());
            vec![Step::Known { metric: metric.clone(), value: value(metric), is_listed }]
        }
        Rule::Manual => Vec::new(),
        Rule::Codes { scores, matching } => {
            let mut steps = Vec::new();
            let mut code = String::new();
            for (score, part) in scores.iter().zip(&compiled.parts) {
                let Some(digit) = number(&helper(&part.column)) else { continue };
                code += &digit.to_string();
                let (metric, letter) = (score.metric.clone(), score.digit.to_uppercase());
                let scale = Scale::of(case.unit(&metric));
                let there = cuts_of(cuts, &score.digit);
                let given = value(&metric);
                steps.push(match &score.method {
                    ScoreMethod::Quantiles { count } => {
                        part_step(Some(letter), &metric, given, digit, *count, there, scale)
                    }
                    ScoreMethod::Bands { .. } => {
                        // Listed codes are of digits, whatever names the bands have.
                        let label = match matching {
                            Matching::Listed(_) => digit.to_string(),
                            Matching::EveryCode(_) => score.label(digit),
                        };
                        Step::Digit { digit: letter, metric, value: given, label }
                    }
                    ScoreMethod::Split { .. } => Step::Split {
                        digit: letter,
                        metric,
                        value: given,
                        middle: there.first().map_or(0.0, |c| Scale::Double.number(c.at)),
                        is_good: digit == 2,
                    },
                });
            }
            if let Matching::EveryCode(_) = matching {
                tier.clone_into(&mut code);
            }
            steps.push(Step::Code { code });
            steps
        }
        Rule::Scorecard { points, least } => {
            let mut steps = Vec::new();
            let mut sum = 0.0;
            for (i, line) in points.iter().enumerate() {
                let name = ident(&format!("{}__{}", scheme.id.column(), points_key(i)));
                let given = helper(&name).number().unwrap_or(0.0);
                sum += given;
                let condition = match &line.method {
                    PointsMethod::When { condition, .. } => Some(condition.clone()),
                    _ => None,
                };
                let metric = line.metric.clone();
                let value = metric.as_ref().map_or(Value::Unknown, value);
                steps.push(Step::Points { metric, value, condition, points: given });
            }
            steps.push(Step::Sum { points: sum, least: place.and_then(|p| least.get(p).copied()) });
            steps
        }
        Rule::Matrix { .. } => {
            let mut steps = Vec::new();
            for (crossed, ..) in &case.chain[..case.chain.len() - 1] {
                let tier = text(&helper(&ident(&crossed.id.column())));
                steps.push(crossed_step(crossed, &tier));
            }
            steps
        }
    }
}

fn crossed_step(scheme: &Scheme, tier: &str) -> Step {
    Step::Crossed { scheme: scheme.id.to_string(), name: scheme.name.clone(), tier: scheme.tier_name(tier) }
}

/// The step of a scheme that cuts one figure into parts.
fn whole_part(
    case: &Case<'_>,
    scheme: &Scheme,
    cuts: &SchemeCuts,
    metric: &MetricId,
    value: Value,
    part: usize,
) -> Step {
    let scale = Scale::of(case.unit(metric));
    part_step(None, metric, value, part, scheme.tiers.len(), cuts_of(cuts, "parts"), scale)
}

fn cuts_of<'a>(cuts: &'a SchemeCuts, key: &str) -> &'a [Cut] {
    cuts.get(key).map(Vec::as_slice).unwrap_or_default()
}

#[allow(clippy::too_many_arguments, reason = "each is a different part of one sentence")]
fn part_step(
    digit: Option<String>,
    metric: &MetricId,
    value: Value,
    part: usize,
    of: usize,
    cuts: &[Cut],
    scale: Scale,
) -> Step {
    let at = |place: Option<usize>| place.and_then(|p| cuts.get(p)).map(|c| scale.number(c.at));
    Step::Part {
        digit,
        metric: metric.clone(),
        value,
        part,
        of,
        worse: at(part.checked_sub(2)),
        better: at(part.checked_sub(1)),
    }
}

fn number(value: &Value) -> Option<usize> {
    value.number().map(|n| n as usize)
}
