//! The kinds of which each tier or line stands for itself.

use super::raw::{RawPointList, RawPoints, RawScheme, ScoreKind};
use super::rule::{Best, Bounds, Points, PointsMethod, Rule};
use super::{Document, SpecError};

pub(super) fn bounds(document: &Document<'_>, raw: &RawScheme) -> Result<Bounds, SpecError> {
    let bounds: Bounds = raw.tiers.iter().map(|t| (t.min, t.below)).collect();
    for (i, (min, below)) in bounds.iter().enumerate() {
        if min.zip(*below).is_some_and(|(min, below)| min >= below) {
            let key = format!("tiers[{i}].min");
            return Err(document.error(&key, "min is not less than below", "no value fits: change one"));
        }
    }
    Ok(bounds)
}

pub(super) fn shares(document: &Document<'_>, raw: &RawScheme) -> Result<Vec<f64>, SpecError> {
    if let Some(i) = raw.tiers.iter().position(|t| t.share.is_none())
        && raw.tiers.iter().any(|t| t.share.is_some())
    {
        let problem = "some tiers have a share and some have none";
        return Err(document.error(&format!("tiers[{i}].share"), problem, "give one to each, or to none"));
    }
    let equal = 1.0 / raw.tiers.len() as f64;
    let shares: Vec<f64> = raw.tiers.iter().map(|t| t.share.unwrap_or(equal)).collect();
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() > 1e-9 || shares.iter().any(|&s| s <= 0.0) {
        let problem = format!("the shares add up to {sum}");
        return Err(document.error("tiers[0].share", problem, "they must be positive and add up to 1"));
    }
    Ok(shares)
}

pub(super) fn until(document: &Document<'_>, raw: &RawScheme) -> Result<Vec<f64>, SpecError> {
    let mut last = 0.0;
    for (i, tier) in raw.tiers.iter().enumerate() {
        let end = tier.until.unwrap_or(f64::NAN);
        let is_last = i + 1 == raw.tiers.len();
        if end.is_nan() || end <= last || (is_last && end != 1.0) {
            let key = format!("tiers[{i}].until");
            return Err(document.error(&key, "the ends must rise to 1.0", "for example 0.7, 0.9, 1.0"));
        }
        last = end;
    }
    Ok(raw.tiers.iter().filter_map(|t| t.until).collect())
}

pub(super) fn rules(document: &Document<'_>, raw: &RawScheme) -> Result<Rule, SpecError> {
    let last = raw.tiers.len() - 1;
    let mut when = Vec::new();
    for (i, tier) in raw.tiers.iter().enumerate() {
        let key = format!("tiers[{i}].when");
        match (&tier.when, tier.otherwise == Some(true), i == last) {
            (Some(condition), false, false) => when.push(condition.clone()),
            (None, true, true) => {}
            (_, _, true) => {
                return Err(document.error(
                    &key,
                    "the last tier must take the rest",
                    "write otherwise = true",
                ));
            }
            _ => return Err(document.error(&key, "the tier has no condition", "write when = \"…\"")),
        }
    }
    Ok(Rule::Rules { needs: raw.needs.clone().unwrap_or_default(), when })
}

pub(super) fn scorecard(document: &Document<'_>, raw: &RawScheme) -> Result<Rule, SpecError> {
    if raw.points.is_empty() {
        return Err(document.error("kind", "a scorecard wants [[points]]", "add at least one"));
    }
    let points = raw
        .points
        .iter()
        .enumerate()
        .map(|(i, points)| read_points(document, i, points))
        .collect::<Result<Vec<_>, _>>()?;
    let last = raw.tiers.len() - 1;
    let mut least: Vec<f64> = Vec::new();
    for (i, tier) in raw.tiers.iter().enumerate() {
        let key = format!("tiers[{i}].min_points");
        match (tier.min_points, i == last) {
            (None, true) => {}
            (Some(_), true) => {
                return Err(document.error(&key, "the last tier takes the rest", "remove min_points there"));
            }
            (Some(min), false) if least.last().is_none_or(|&l| l > min) => least.push(min),
            _ => {
                return Err(document.error(
                    &key,
                    "min_points must fall from tier to tier",
                    "best tier first",
                ));
            }
        }
    }
    Ok(Rule::Scorecard { points, least })
}

fn read_points(document: &Document<'_>, i: usize, raw: &RawPoints) -> Result<Points, SpecError> {
    let at = |leaf: &str| format!("points[{i}].{leaf}");
    let method = match (raw.method, &raw.when, &raw.points) {
        (None, Some(condition), Some(RawPointList::One(points))) => {
            PointsMethod::When { condition: condition.clone(), points: *points }
        }
        (Some(ScoreKind::Quantiles), None, None) => match raw.count {
            Some(count @ 2..=100) => PointsMethod::Quantiles { count, best: raw.best.unwrap_or(Best::High) },
            _ => return Err(document.error(&at("method"), "quantiles want a count", "write count = 3")),
        },
        (Some(ScoreKind::Bands), None, Some(RawPointList::Many(points))) => {
            let cuts = raw.cuts.clone().unwrap_or_default();
            check_cuts(document, &at("cuts"), &cuts)?;
            if points.len() != cuts.len() + 1 {
                return Err(document.error(
                    &at("points"),
                    "one number a band is wanted",
                    "write one more than cuts",
                ));
            }
            PointsMethod::Bands { cuts, points: points.clone() }
        }
        _ => {
            let cure = "write method = \"quantiles\" with count, method = \"bands\" with cuts and points, or when with points";
            return Err(document.error(&at("metric"), "no way to give points", cure));
        }
    };
    if raw.metric.is_none() && raw.method.is_some() {
        return Err(document.error(&at("method"), "no metric to take points from", "add metric = \"…\""));
    }
    Ok(Points { metric: raw.metric.clone(), method, weight: raw.weight.unwrap_or(1.0) })
}

pub(super) fn matrix(document: &Document<'_>, raw: &RawScheme) -> Result<Rule, SpecError> {
    let (Some(rows), Some(columns)) = (&raw.rows, &raw.columns) else {
        return Err(document.error("kind", "a matrix crosses two schemes", "add rows and columns"));
    };
    let mut cells = Vec::new();
    for (i, tier) in raw.tiers.iter().enumerate() {
        let key = format!("tiers[{i}].cells");
        let list = tier.cells.as_deref().unwrap_or_default();
        let pairs = list
            .iter()
            .map(|cell| {
                let (row, column) = cell.split_once('/')?;
                Some((row.trim().to_owned(), column.trim().to_owned()))
            })
            .collect::<Option<Vec<_>>>()
            .filter(|pairs| !pairs.is_empty())
            .ok_or_else(|| document.error(&key, "no cells", "write cells = [\"row/column\", …]"))?;
        cells.push(pairs);
    }
    Ok(Rule::Matrix { rows: rows.clone(), columns: columns.clone(), cells })
}

/// Refuses cuts that are none, too many or out of order.
pub(super) fn check_cuts(document: &Document<'_>, key: &str, cuts: &[f64]) -> Result<(), SpecError> {
    if cuts.is_empty() || cuts.len() > 8 || cuts.windows(2).any(|w| w[0] >= w[1]) {
        return Err(document.error(
            key,
            "one to eight rising cuts are wanted",
            "for example cuts = [90, 180]",
        ));
    }
    Ok(())
}
