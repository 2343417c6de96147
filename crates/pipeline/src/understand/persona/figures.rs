//! Metrics with numbers: the group's mean against the base's.

use std::collections::BTreeSet;
use std::sync::Arc;

use clientele_model::spec::{Metric, MetricSource};
use clientele_model::{Text, Unit};
use clientele_predict::stats::{Moments, mean_over_whole};

use super::moments::moments;
use crate::quote::ident;
use crate::understand::RunView;
use crate::understand::groups::Sides;
use crate::understand::groups::compare;
use crate::understand::groups::{Group, GroupSize};
use crate::understand::groups::{InsightError, Verdict};

/// How a group stands in a metric.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub metric: String,
    pub name: Text,
    pub unit: Unit,
    /// Customers of the group for whom it is known.
    pub known: u64,
    pub mean: f64,
    /// Standard deviation in the group.
    pub deviation: f64,
    /// Mean of all customers for whom it is known. None when there are too few others to compare with.
    pub base_mean: Option<f64>,
    /// The group's mean in percent of the base's, 0 or above; 100 is the same. None where the base's is not above 0 or
    /// the group's is below, and for answers on a scale, which have no zero to measure from.
    pub index: Option<f64>,
    /// The 95 % interval of the index, never below 0: of the ratio to the others on the logarithm, carried over. None
    /// without an index, where nobody differs, or where the others' mean is not above 0.
    pub index_range: Option<(f64, f64)>,
    /// None when there is nothing to compare with, or nobody differs.
    pub verdict: Option<Verdict>,
    /// Whether the rule that made the group is about this metric, or about one that it is derived from.
    pub by_rule: bool,
}

impl RunView {
    /// The metrics of the run that its catalogue still knows.
    pub(in crate::understand) fn metrics(&self) -> impl Iterator<Item = &Metric> {
        self.catalogue
            .metrics
            .iter()
            .map(|m| &m.spec)
            .filter(|m| self.run.metrics.contains_key(m.id.as_str()))
    }
}

/// Counts the group and compares all its means, in one pass.
pub(super) async fn figures(
    view: &RunView,
    group: &Group,
    sides: &Arc<Sides>,
) -> Result<(GroupSize, Vec<Figure>), InsightError> {
    let metrics: Vec<&Metric> = view.metrics().filter(|m| m.unit.is_number()).collect();
    let revenues = view.revenues().await?;
    let (mut counts, mut brought) = ([0_u64; 2], [0_i128; 2]);
    for (key, side) in sides.iter() {
        counts[side] += 1;
        brought[side] += i128::from(revenues.get(key).copied().unwrap_or_default());
    }
    let ([others, customers], [others_revenue, revenue]) = (counts, brought);
    view.refuse_small(group, customers)?;
    let compared = others >= view.minimum_group();
    let size = GroupSize {
        customers,
        base: customers + others,
        revenue,
        base_revenue: revenue + others_revenue,
        compared,
    };
    let columns: Vec<String> =
        metrics.iter().map(|metric| format!("CAST({} AS DOUBLE)", ident(metric.id.as_str()))).collect();
    let found = moments(view, sides, &columns).await?;
    let about = view.about(group);
    let figures = metrics.iter().zip(found).filter_map(|(metric, [there, here])| {
        let there = Some(there).filter(|m| compared && m.count >= view.minimum_group());
        (here.count >= view.minimum_group()).then(|| figure(metric, &about, &here, there.as_ref()))
    });
    Ok((size, figures.collect()))
}

fn figure(metric: &Metric, about: &BTreeSet<String>, here: &Moments, there: Option<&Moments>) -> Figure {
    let base_mean = there.map(|there| here.with(there).mean);
    let has_index = |base: &f64| *base > 0.0 && here.mean >= 0.0 && !is_on_a_scale(metric);
    let index = base_mean.filter(has_index).map(|base| here.mean / base);
    let ratio = there.filter(|_| index.is_some()).and_then(|there| mean_over_whole(here, there));
    let verdict = there.and_then(|there| compare::means(here, there));
    Figure {
        metric: metric.id.to_string(),
        name: metric.name.clone(),
        unit: metric.unit,
        known: here.count,
        mean: here.mean,
        deviation: here.deviation(),
        base_mean,
        index: index.map(|index| index * 100.0),
        index_range: ratio.map(|ratio| (ratio.low * 100.0, ratio.high * 100.0)),
        verdict: match ratio {
            Some(ratio) => verdict.map(|verdict| verdict.with_ratio(&ratio)),
            None => verdict,
        },
        by_rule: about.contains(metric.id.as_str()),
    }
}

/// Whether it is an answer on a scale: such begin at 1, or anywhere.
fn is_on_a_scale(metric: &Metric) -> bool {
    let asked = metric.source == MetricSource::Responses || metric.id.as_str().contains("satisfaction");
    asked && metric.unit == Unit::Quantity
}
