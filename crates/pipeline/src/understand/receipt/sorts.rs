//! The steps of checklists, questionnaires and clusters.

use clientele_model::MetricId;
use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::{Check, Clustering, Grade};

use super::Step;
use crate::classify::cluster::Centres;
use crate::classify::compile::{ident, must_key, sign_key};
use crate::classify::cuts::SchemeCuts;
use crate::rows::Value;

/// Every line, and the count; `grades` are those of the tier.
pub(super) fn checklist(
    column: &str,
    must: &[Check],
    signs: &[Check],
    grades: &[Grade],
    helper: &dyn Fn(&str) -> Value,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut count = |checks: &[Check], is_must: bool| -> usize {
        let mut held = 0;
        for (i, check) in checks.iter().enumerate() {
            let key = if is_must { must_key(i) } else { sign_key(i) };
            let holds = helper(&ident(&format!("{column}__{key}"))).number() == Some(1.0);
            held += usize::from(holds);
            let (name, condition) = (check.name.clone(), check.when.clone());
            steps.push(Step::Check { is_must, name, condition, holds });
        }
        held
    };
    let (m, s) = (count(must, true), count(signs, false));
    let grade = grades.iter().find(|g| m >= g.must && s >= g.signs).copied();
    steps.push(Step::Checked { must: (m, must.len()), signs: (s, signs.len()), grade });
    steps
}

/// Every dimension, and the lead of the best.
pub(super) fn leading(metrics: &[MetricId], margin: f64, value: &dyn Fn(&MetricId) -> Value) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut scores: Vec<(f64, &MetricId)> = Vec::new();
    for metric in metrics {
        let value = value(metric);
        scores.extend(value.number().map(|score| (score, metric)));
        steps.push(Step::Dimension { metric: metric.clone(), value });
    }
    // The first of equals, as the rule takes it.
    scores.sort_by(|a, b| b.0.total_cmp(&a.0));
    if let [best, next, ..] = scores.as_slice() {
        steps.push(Step::Lead { best: best.1.clone(), by: best.0 - next.0, margin });
    }
    steps
}

/// Every feature beside what is usual in the cluster, and the distances.
pub(super) fn cluster(
    scheme: &Scheme,
    clustering: &Clustering,
    cuts: &SchemeCuts,
    tier: &str,
    value: &dyn Fn(&MetricId) -> Value,
    helper: &dyn Fn(&str) -> Value,
) -> Vec<Step> {
    let Some(centres) = Centres::of(cuts, clustering.features.len()) else { return Vec::new() };
    let Some(own) = centres.centres.iter().find(|c| c.tier() == tier) else { return Vec::new() };
    let mut steps: Vec<Step> = clustering
        .features
        .iter()
        .enumerate()
        .map(|(i, metric)| Step::Feature {
            metric: metric.clone(),
            value: value(metric),
            usual: centres.value(own, i, clustering.log.contains(metric)),
        })
        .collect();
    let column = scheme.id.column();
    let distance = |number: usize| {
        let squared = helper(&ident(&format!("{column}__d{number}"))).number();
        squared.map(|d| d.max(0.0).sqrt())
    };
    let others = centres.centres.iter().filter(|c| c.number != own.number);
    let next = others
        .filter_map(|c| Some((scheme.tier_name(&c.tier()), distance(c.number)?)))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    if let Some(own) = distance(own.number) {
        steps.push(Step::Distance { own, next });
    }
    steps
}
