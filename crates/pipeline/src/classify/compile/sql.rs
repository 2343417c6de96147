//! Pieces of SQL that kinds of schemes share.

use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::{Best, Points, PointsMethod, Score, ScoreMethod};
use clientele_model::{MetricId, TierId};

use super::Part;
use crate::classify::cuts::Cut;
use crate::classify::ordered::Scale;
use crate::quote::{ident, text};

pub(super) fn part(scheme: &str, name: &str, sql: &str) -> Part {
    Part { column: ident(&format!("{scheme}__{name}")), sql: sql.to_owned() }
}

/// The tiers' ids as SQL texts.
pub(super) fn tiers(scheme: &Scheme) -> Vec<String> {
    scheme.tiers.iter().map(|t| text(t.id.as_str())).collect()
}

/// The tier of the first branch that holds, as a text: unknown where one of `known` is null, and `rest`
/// where no branch holds; unknown without a rest.
pub(super) fn first(known: &[&String], branches: Vec<(String, String)>, rest: Option<String>) -> String {
    let unknown = text(TierId::UNKNOWN);
    let nulls = known.iter().map(|k| format!("{k} IS NULL")).collect::<Vec<_>>().join(" OR ");
    let nulls = (!nulls.is_empty()).then(|| (nulls, unknown.clone()));
    let branches: Vec<String> =
        nulls.into_iter().chain(branches).map(|(when, then)| format!("{when}, {then}, ")).collect();
    let rest = rest.unwrap_or(unknown);
    if branches.is_empty() {
        return rest;
    }
    format!("first_text({}{rest})", branches.concat())
}

pub(super) fn band(metric: &str, min: Option<f64>, below: Option<f64>) -> String {
    match (min, below) {
        (Some(min), Some(below)) => format!("({metric} >= {min:?} AND {metric} < {below:?})"),
        (Some(min), None) => format!("{metric} >= {min:?}"),
        (None, Some(below)) => format!("{metric} < {below:?}"),
        (None, None) => "true".to_owned(),
    }
}

/// The condition of being before a cut, when customers are sorted so that `metric side value` comes first.
pub(super) fn until_cut(metric: &str, scale: Scale, cut: &Cut, side: &str) -> String {
    let value = scale.literal(cut.at);
    match &cut.tie {
        None => format!("{metric} {side}= {value}"),
        Some(tie) => {
            format!("({metric} {side} {value} OR ({metric} = {value} AND customer_id <= {}))", text(tie))
        }
    }
}

/// The number of the part that a value is in, from 1, the worst.
pub(super) fn steps(metric: &str, best: Best, scale: Scale, cuts: &[Cut]) -> String {
    let side = match best {
        Best::High => "<",
        Best::Low => ">",
    };
    if cuts.is_empty() {
        return format!("CASE WHEN {metric} IS NOT NULL THEN 1 END");
    }
    let whens: Vec<String> = cuts.iter().map(|cut| until_cut(metric, scale, cut, side)).collect();
    format!("first_place({})", whens.join(", "))
}

pub(super) fn digit(score: &Score, scale: Scale, cuts: &[Cut]) -> String {
    let m = ident(score.metric.as_str());
    match &score.method {
        ScoreMethod::Quantiles { .. } => steps(&m, score.best, scale, cuts),
        ScoreMethod::Bands { cuts, .. } => {
            let whens: Vec<String> = cuts.iter().map(|cut| format!("{m} <= {cut:?}")).collect();
            let place = format!("first_place({})", whens.join(", "));
            match score.best {
                Best::High => place,
                Best::Low => format!("{} - {place}", score.count() + 1),
            }
        }
        ScoreMethod::Split { .. } => {
            let Some(cut) = cuts.first() else { return "CAST(NULL AS BIGINT)".to_owned() };
            let side = if score.best == Best::High { ">=" } else { "<=" };
            let middle = Scale::Double.literal(cut.at);
            format!("3 - first_place({m} {side} {middle})")
        }
    }
}

/// The digits as one number, `545`; null where one is.
pub(super) fn number(digits: &[String]) -> String {
    let n = digits.len();
    let places = digits.iter().enumerate().map(|(i, d)| format!("{d} * {}", 10u32.pow((n - 1 - i) as u32)));
    places.collect::<Vec<_>>().join(" + ")
}

/// Whether the digits make one of `codes`.
pub(super) fn any_code(digits: &[String], codes: &[String]) -> String {
    format!("({}) IN ({})", number(digits), codes.join(", "))
}

pub(super) fn points_sql(line: &Points, scale: impl Fn(&MetricId) -> Scale, cuts: &[Cut]) -> String {
    let weight = line.weight;
    let m = line.metric.as_ref().map(|m| ident(m.as_str())).unwrap_or_default();
    match (&line.method, &line.metric) {
        (PointsMethod::Quantiles { best, .. }, Some(metric)) => {
            format!("{weight:?} * ({})", steps(&m, *best, scale(metric), cuts))
        }
        (PointsMethod::Bands { cuts, points }, _) => {
            let mut sql = format!("CASE WHEN {m} IS NULL THEN NULL");
            for (cut, points) in cuts.iter().zip(points) {
                sql += &format!(" WHEN {m} < {cut:?} THEN {:?}", points * weight);
            }
            sql + &format!(" ELSE {:?} END", points[cuts.len()] * weight)
        }
        (PointsMethod::When { condition, points }, _) => {
            format!("CASE WHEN {condition} THEN {:?} ELSE 0.0 END", points * weight)
        }
        (PointsMethod::Quantiles { .. }, None) => "0.0".to_owned(),
    }
}
