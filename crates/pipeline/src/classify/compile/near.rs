//! Tiers around a figure: where the figure would be were it a little less or a little more.

use clientele_model::MetricId;
use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::{Bounds, ModelCut, Rule, Stay};

use super::sql::{band, steps, until_cut};
use super::{Part, Units};
use crate::classify::cuts::{Cut, SchemeCuts};
use crate::classify::ordered::Scale;
use crate::quote::ident;

/// The stay rules of a scheme, with what the labels query needs to apply them.
#[derive(Debug, Clone, PartialEq)]
pub struct Staying {
    pub rules: Stay,
    /// The tiers' ids, best first.
    pub tiers: Vec<String>,
    /// For hysteresis.
    pub near: Option<Near>,
}

/// Places along the figure that a scheme cuts.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// Each tier's place along the figure.
    pub places: Vec<usize>,
    /// The place that a figure smaller, and one greater, by the hysteresis would have; over metrics and parts.
    pub less: String,
    pub more: String,
}

/// What the stay rules of a scheme need.
pub(super) fn staying(
    scheme: &Scheme,
    cuts: &SchemeCuts,
    units: &dyn Units,
    parts: &[Part],
) -> Option<Staying> {
    let rules = scheme.stay?;
    let tiers = scheme.tiers.iter().map(|t| t.id.to_string()).collect();
    let near = (rules.hysteresis > 0.0).then(|| near(scheme, rules.hysteresis, cuts, units, parts)).flatten();
    Some(Staying { rules, tiers, near })
}

fn near(scheme: &Scheme, width: f64, cuts: &SchemeCuts, units: &dyn Units, parts: &[Part]) -> Option<Near> {
    let none = Vec::new();
    let cuts_of = |key: &str| cuts.get(key).unwrap_or(&none).as_slice();
    let scaled = |value: &str, by: f64| format!("(CAST({value} AS DOUBLE) * {by:?})");
    let both = |value: String, place: &dyn Fn(&str) -> String| {
        (place(&scaled(&value, 1.0 - width)), place(&scaled(&value, 1.0 + width)))
    };
    let scale = |metric: &MetricId| Scale::of(units.unit(metric));
    let in_order: Vec<usize> = (0..scheme.tiers.len()).collect();
    let column = |metric: &MetricId| ident(metric.as_str());
    let (places, (less, more)) = match &scheme.rule {
        Rule::Bands { metric, bounds } | Rule::Model { metric, cut: ModelCut::Bands { bounds }, .. } => {
            let places = along(bounds);
            let sql = both(column(metric), &|value| by_bounds(value, bounds, &places));
            (places, sql)
        }
        Rule::Quantiles { metric, best, .. }
        | Rule::Model { metric, cut: ModelCut::Quantiles { best, .. }, .. } => {
            let count = scheme.tiers.len();
            let sql = both(column(metric), &|value| {
                format!("({count} - ({}))", steps(value, *best, scale(metric), cuts_of("parts")))
            });
            (in_order, sql)
        }
        Rule::Share { metric, .. } => {
            let sql = both(column(metric), &|value| by_cuts(value, scale(metric), cuts_of("until")));
            (in_order, sql)
        }
        Rule::Scorecard { least, .. } => {
            let sum = parts.iter().map(|p| p.column.clone()).collect::<Vec<_>>().join(" + ");
            let sql = both(format!("({sum})"), &|value| {
                let whens =
                    least.iter().enumerate().map(|(i, least)| format!(" WHEN {value} >= {least:?} THEN {i}"));
                format!("CASE{} ELSE {} END", whens.collect::<String>(), least.len())
            });
            (in_order, sql)
        }
        _ => return None,
    };
    Some(Near { places, less, more })
}

/// The places of bands along their metric, whatever the order in which they are written.
fn along(bounds: &Bounds) -> Vec<usize> {
    let mut order: Vec<usize> = (0..bounds.len()).collect();
    let from = |i: usize| bounds[i].0.unwrap_or(f64::NEG_INFINITY);
    order.sort_by(|a, b| from(*a).total_cmp(&from(*b)));
    let mut places = vec![0; bounds.len()];
    order.into_iter().enumerate().for_each(|(place, band)| places[band] = place);
    places
}

fn by_bounds(value: &str, bounds: &Bounds, places: &[usize]) -> String {
    let whens = bounds
        .iter()
        .zip(places)
        .map(|((min, below), place)| format!(" WHEN {} THEN {place}", band(value, *min, *below)));
    format!("CASE{} END", whens.collect::<String>())
}

fn by_cuts(value: &str, scale: Scale, cuts: &[Cut]) -> String {
    let whens = cuts.iter().enumerate();
    let whens = whens.map(|(i, cut)| format!(" WHEN {} THEN {i}", until_cut(value, scale, cut, ">")));
    format!("CASE WHEN {value} IS NULL THEN NULL{} ELSE {} END", whens.collect::<String>(), cuts.len())
}
