//! What has to be computed over the base before a scheme can be compiled.

use clientele_model::MetricId;
use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::{Best, ModelCut, PointsMethod, Rule, ScoreMethod};

use crate::classify::cuts::{CutMethod, CutRequest};

/// What has to be computed over the base for this scheme, metric by metric. Clusters look at several
/// metrics at once and are found by [`crate::classify::cluster`].
pub fn cut_requests(scheme: &Scheme) -> Vec<CutRequest> {
    let request = |key: String, metric: &MetricId, method| CutRequest {
        key,
        metric: metric.clone(),
        population: scheme.population.clone(),
        method,
    };
    match &scheme.rule {
        Rule::Quantiles { metric, best, shares }
        | Rule::Model { metric, cut: ModelCut::Quantiles { best, shares }, .. } => {
            vec![request("parts".into(), metric, parts(*best, shares))]
        }
        Rule::Share { metric, until } => {
            let method = CutMethod::Cumulative { until: until.clone() };
            vec![request("until".into(), metric, method)]
        }
        Rule::Codes { scores, .. } => scores
            .iter()
            .filter_map(|score| {
                let method = match &score.method {
                    ScoreMethod::Quantiles { count } => {
                        CutMethod::EqualParts { count: *count, best: score.best }
                    }
                    ScoreMethod::Split { at } => CutMethod::Split { at: *at },
                    ScoreMethod::Bands { .. } => return None,
                };
                Some(request(score.digit.clone(), &score.metric, method))
            })
            .collect(),
        Rule::Scorecard { points, .. } => points
            .iter()
            .enumerate()
            .filter_map(|(i, points)| match (&points.metric, &points.method) {
                (Some(metric), PointsMethod::Quantiles { count, best }) => {
                    let method = CutMethod::EqualParts { count: *count, best: *best };
                    Some(request(points_key(i), metric, method))
                }
                _ => None,
            })
            .collect(),
        Rule::Bands { .. }
        | Rule::Rules { .. }
        | Rule::Matrix { .. }
        | Rule::Checklist { .. }
        | Rule::Questionnaire { .. }
        | Rule::Cluster(_)
        | Rule::Model { .. }
        | Rule::Attribute { .. }
        | Rule::Manual => Vec::new(),
    }
}

fn parts(best: Best, shares: &[f64]) -> CutMethod {
    let equal = shares.iter().all(|s| (s - shares[0]).abs() < 1e-12);
    if equal {
        return CutMethod::EqualParts { count: shares.len(), best };
    }
    CutMethod::Parts { shares: shares.iter().rev().copied().collect(), best }
}

/// The key of a scorecard line's cuts.
pub fn points_key(line: usize) -> String {
    format!("points_{line}")
}
