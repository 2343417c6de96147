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

/// `CASE` that says unknown where one of `known` is null, and where no branch holds.
pub(super) fn case(known: &[&String], branches: Vec<(String, String)>, rest: Option<String>) -> String {
    let unknown = text(TierId::UNKNOWN);
    let mut sql = "CASE".to_owned();
    if !known.is_empty() {
        let nulls = known.iter().map(|k| format!("{k} IS NULL")).collect::<Vec<_>>().join(" OR ");
        sql += &format!(" WHEN {nulls} THEN {unknown}");
    }
    for (when, then) in branches {
        sql += &format!(" WHEN {when} THEN {then}");
    }
    if sql == "CASE" {
        return rest.unwrap_or(unknown);
    }
    sql + &format!(" ELSE {} END", rest.unwrap_or(unknown))
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
    let mut sql = format!("CASE WHEN {metric} IS NULL THEN NULL");
    for (i, cut) in cuts.iter().enumerate() {
        sql += &format!(" WHEN {} THEN {}", until_cut(metric, scale, cut, side), i + 1);
    }
    sql + &format!(" ELSE {} END", cuts.len() + 1)
}

pub(super) fn digit(score: &Score, scale: Scale, cuts: &[Cut]) -> String {
    let m = ident(score.metric.as_str());
    match &score.method {
        ScoreMethod::Quantiles { .. } => steps(&m, score.best, scale, cuts),
        ScoreMethod::Bands { cuts, .. } => {
            let mut sql = format!("CASE WHEN {m} IS NULL THEN NULL");
            for (i, cut) in cuts.iter().enumerate() {
                let digit = match score.best {
                    Best::Low => score.count() - i,
                    Best::High => i + 1,
                };
                sql += &format!(" WHEN {m} <= {cut:?} THEN {digit}");
            }
            let last = if score.best == Best::Low { 1 } else { score.count() };
            sql + &format!(" ELSE {last} END")
        }
        ScoreMethod::Split { .. } => {
            let Some(cut) = cuts.first() else { return "CAST(NULL AS BIGINT)".to_owned() };
            let side = if score.best == Best::High { ">=" } else { "<=" };
            let middle = Scale::Double.literal(cut.at);
            format!("CASE WHEN {m} IS NULL THEN NULL WHEN {m} {side} {middle} THEN 2 ELSE 1 END")
        }
    }
}

/// Whether the digits make one of `codes`: digits are one number, so that it is one comparison.
pub(super) fn any_code(digits: &[String], codes: &[String]) -> String {
    let n = digits.len();
    let number = digits
        .iter()
        .enumerate()
        .map(|(i, d)| format!("{d} * {}", 10u32.pow((n - 1 - i) as u32)))
        .collect::<Vec<_>>()
        .join(" + ");
    format!("({number}) IN ({})", codes.join(", "))
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
