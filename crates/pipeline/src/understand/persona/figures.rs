//! Metrics with numbers: the group's mean against the base's.

use std::collections::BTreeSet;

use clientele_model::spec::{Metric, MetricSource};
use clientele_model::{Text, Unit};
use clientele_predict::stats::{Moments, mean_over_whole};

use super::compare;
use super::group::{Group, GroupSize};
use super::{InsightError, Verdict};
use crate::quote::ident;
use crate::understand::RunView;
use crate::understand::rows::{Value, int, money, rows};

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
    /// The group's mean in percent of the base's; 100 is the same. None where the base's is not above 0, and for
    /// answers on a scale, which have no zero to measure from.
    pub index: Option<f64>,
    /// The 95 % interval of the index. None without an index, or where nobody differs.
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

/// Counts the group and compares all its means, in one query.
pub(super) async fn figures(view: &RunView, group: &Group) -> Result<(GroupSize, Vec<Figure>), InsightError> {
    let metrics: Vec<&Metric> = view.metrics().filter(|m| m.unit.is_number()).collect();
    let columns: String = metrics
        .iter()
        .map(|metric| {
            let column = format!("CAST(m.{} AS DOUBLE)", ident(metric.id.as_str()));
            format!(", count({column}), avg({column}), var_samp({column})")
        })
        .collect();
    let sql = format!(
        "SELECT {} AS here, count(*), CAST(sum({}) AS DECIMAL(38,4)){columns} FROM {} GROUP BY 1",
        group.sql(),
        view.revenue(),
        group.base(),
    );
    let batches = view.session.sql(&sql).await?.collect().await?;
    let found: Vec<Vec<Value>> = rows(&batches).collect();
    let part = |here: bool| found.iter().find(|row| row[0] == Value::Bool(here));
    let (inside, outside) = (part(true), part(false));
    let counted =
        |row: Option<&Vec<Value>>| row.map_or((0, 0), |r| (int(&r[1]).unsigned_abs(), money(&r[2])));
    let ((customers, revenue), (others, others_revenue)) = (counted(inside), counted(outside));
    view.refuse_small(group, customers)?;
    let compared = others >= view.minimum_group();
    let size = GroupSize {
        customers,
        base: customers + others,
        revenue,
        base_revenue: revenue + others_revenue,
        compared,
    };
    let about = view.about(group);
    let figures = metrics
        .iter()
        .enumerate()
        .filter_map(|(place, metric)| {
            let here = moments(inside, place);
            let there = Some(moments(outside, place)).filter(|m| compared && m.count >= view.minimum_group());
            (here.count >= view.minimum_group()).then(|| figure(metric, &about, &here, there.as_ref()))
        })
        .collect();
    Ok((size, figures))
}

fn figure(metric: &Metric, about: &BTreeSet<String>, here: &Moments, there: Option<&Moments>) -> Figure {
    let base_mean = there.map(|there| here.with(there).mean);
    let index = base_mean.filter(|base| *base > 0.0 && !is_on_a_scale(metric)).map(|base| here.mean / base);
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
        // What is counted, or a part of something, is never below nothing.
        index_range: ratio.map(|ratio| match metric.unit {
            Unit::Money | Unit::Ratio => (ratio.low * 100.0, ratio.high * 100.0),
            _ => (ratio.low.max(0.0) * 100.0, ratio.high * 100.0),
        }),
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

fn moments(row: Option<&Vec<Value>>, place: usize) -> Moments {
    let number = |offset: usize| row.and_then(|r| r[3 + 3 * place + offset].number()).unwrap_or(0.0);
    let count = row.map_or(0, |r| int(&r[3 + 3 * place]).unsigned_abs());
    Moments { count, mean: number(1), variance: number(2).max(0.0) }
}
