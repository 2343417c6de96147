//! What a scheme reads: metrics that it names, and conditions.

use std::collections::BTreeSet;

use clientele_model::MetricId;
use clientele_model::spec::Scheme;
use clientele_model::spec::questionnaire::{dimension_metric, overall_metric};
use clientele_model::spec::scheme::{Answers, PointsMethod, Rule};

/// The metrics that a scheme names outside of free-form conditions: without them there is no tier.
pub fn named_metrics(scheme: &Scheme) -> BTreeSet<MetricId> {
    match &scheme.rule {
        Rule::Bands { metric, .. }
        | Rule::Quantiles { metric, .. }
        | Rule::Share { metric, .. }
        | Rule::Model { metric, .. }
        | Rule::Attribute { metric, .. } => BTreeSet::from([metric.clone()]),
        Rule::Codes { scores, .. } => scores.iter().map(|s| s.metric.clone()).collect(),
        Rule::Rules { needs, .. } | Rule::Checklist { needs, .. } => needs.iter().cloned().collect(),
        Rule::Scorecard { points, .. } => points.iter().filter_map(|p| p.metric.clone()).collect(),
        Rule::Questionnaire { survey, answers } => answer_metrics(survey, answers).into_iter().collect(),
        Rule::Cluster(clustering) => clustering.features.iter().cloned().collect(),
        Rule::Matrix { .. } | Rule::Manual => BTreeSet::new(),
    }
}

/// The metrics that a questionnaire scheme compares: one a dimension that has a tier, in the tiers' order,
/// or the one over all answers.
pub fn answer_metrics(survey: &str, answers: &Answers) -> Vec<MetricId> {
    match answers {
        Answers::Leading { dimensions, .. } => {
            dimensions.iter().flatten().map(|dimension| dimension_metric(survey, dimension)).collect()
        }
        Answers::Overall { .. } => vec![overall_metric(survey)],
    }
}

/// Metrics that are shown beside those that decide.
pub fn shown_metrics(scheme: &Scheme) -> Vec<MetricId> {
    match &scheme.rule {
        Rule::Model { interval: Some((low, high)), .. } => vec![low.clone(), high.clone()],
        _ => Vec::new(),
    }
}

/// The free-form conditions of a scheme with the keys that they stand under.
pub fn conditions(scheme: &Scheme) -> Vec<(String, &str)> {
    let population = scheme.population.iter().map(|p| ("population".to_owned(), p.as_str()));
    let more: Vec<(String, &str)> = match &scheme.rule {
        Rule::Rules { when, .. } => {
            when.iter().enumerate().map(|(i, when)| (format!("tiers[{i}].when"), when.as_str())).collect()
        }
        Rule::Checklist { must, signs, .. } => {
            let must = must.iter().enumerate().map(|(i, c)| (format!("must[{i}].when"), c.when.as_str()));
            let signs = signs.iter().enumerate().map(|(i, c)| (format!("signs[{i}].when"), c.when.as_str()));
            must.chain(signs).collect()
        }
        Rule::Scorecard { points, .. } => points
            .iter()
            .enumerate()
            .filter_map(|(i, points)| match &points.method {
                PointsMethod::When { condition, .. } => {
                    Some((format!("points[{i}].when"), condition.as_str()))
                }
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    population.chain(more).collect()
}

/// The metrics that a condition asks to be known at all: those of which it says `is not null`.
pub fn asked_for(condition: &str) -> Vec<MetricId> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words: Vec<&str> = condition.split(|c| !is_word(c)).filter(|w| !w.is_empty()).collect();
    let says = |words: &[&str]| {
        ["is", "not", "null"].iter().zip(&words[1..]).all(|(known, word)| word.eq_ignore_ascii_case(known))
    };
    words.windows(4).filter(|w| says(w)).map(|w| MetricId::new(w[0])).collect()
}

/// Puts checked conditions back, in the order in which [`conditions`] lists them.
pub fn replace_conditions(spec: &mut Scheme, checked: Vec<String>) {
    let mut checked = checked.into_iter();
    if spec.population.is_some() {
        spec.population = checked.next();
    }
    match &mut spec.rule {
        Rule::Rules { when, .. } => when.iter_mut().zip(checked).for_each(|(w, c)| *w = c),
        Rule::Checklist { must, signs, .. } => {
            must.iter_mut().chain(signs).zip(checked).for_each(|(check, c)| check.when = c);
        }
        Rule::Scorecard { points, .. } => {
            for line in points {
                if let PointsMethod::When { condition, .. } = &mut line.method
                    && let Some(safe) = checked.next()
                {
                    *condition = safe;
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_that_a_base_asks_for() {
        let asked =
            asked_for("\"nps_last\" IS NOT NULL or csat_mean is not null and frequency >= 1 and x is null");
        assert_eq!(asked, [MetricId::new("nps_last"), MetricId::new("csat_mean")]);
        assert!(asked_for("not is_member").is_empty() && asked_for("").is_empty());
    }
}
