//! The kinds of which each tier or line stands for itself.

use super::raw::{RawPointList, RawPoints, RawScheme, ScoreKind};
use super::rule::{Best, Bounds, Points, PointsMethod, Rule};
use super::{Document, SpecError};

pub(super) fn bounds(document: &Document<'_>, raw: &RawScheme) -> Result<Bounds, SpecError> {
    let bounds: Bounds = raw.tiers.iter().map(|t| (t.min, t.below)).collect();
    for (i, (min, below)) in bounds.iter().enumerate() {
        if min.zip(*below).is_some_and(|(min, below)| min >= below) {
            let key = format!("tiers[{i}].min");
            return Err(document.error(
                &key,
                ("min is not less than below", "min 不小于 below"),
                ("no value fits: change one", "没有值符合：请改其中一个"),
            ));
        }
    }
    Ok(bounds)
}

pub(super) fn shares(document: &Document<'_>, raw: &RawScheme) -> Result<Vec<f64>, SpecError> {
    if let Some(i) = raw.tiers.iter().position(|t| t.share.is_none())
        && raw.tiers.iter().any(|t| t.share.is_some())
    {
        let problem = ("some tiers have a share and some have none", "有的层级写了占比，有的没有");
        return Err(document.error(
            &format!("tiers[{i}].share"),
            problem,
            ("give one to each, or to none", "请全写，或全不写"),
        ));
    }
    let equal = 1.0 / raw.tiers.len() as f64;
    let shares: Vec<f64> = raw.tiers.iter().map(|t| t.share.unwrap_or(equal)).collect();
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() > 1e-9 || shares.iter().any(|&s| s <= 0.0) {
        let problem = (format!("the shares add up to {sum}"), format!("占比之和为 {sum}"));
        return Err(document.error(
            "tiers[0].share",
            problem,
            ("they must be positive and add up to 1", "占比须为正数，且相加为 1"),
        ));
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
            return Err(document.error(
                &key,
                ("the ends must rise to 1.0", "各层终点须逐层增大到 1.0"),
                ("for example 0.7, 0.9, 1.0", "例如 0.7, 0.9, 1.0"),
            ));
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
                    ("the last tier must take the rest", "最后一层须接收其余客户"),
                    ("write otherwise = true", "请写 otherwise = true"),
                ));
            }
            _ => {
                return Err(document.error(
                    &key,
                    ("the tier has no condition", "该层级没有条件"),
                    ("write when = \"…\"", "请写 when = \"…\""),
                ));
            }
        }
    }
    Ok(Rule::Rules { needs: raw.needs.clone().unwrap_or_default(), when })
}

pub(super) fn scorecard(document: &Document<'_>, raw: &RawScheme) -> Result<Rule, SpecError> {
    if raw.points.is_empty() {
        return Err(document.error(
            "kind",
            ("a scorecard wants [[points]]", "评分卡须有 [[points]]"),
            ("add at least one", "请至少加一项"),
        ));
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
                return Err(document.error(
                    &key,
                    ("the last tier takes the rest", "最后一层接收其余客户"),
                    ("remove min_points there", "请删去该层的 min_points"),
                ));
            }
            (Some(min), false) if least.last().is_none_or(|&l| l > min) => least.push(min),
            _ => {
                return Err(document.error(
                    &key,
                    ("min_points must fall from tier to tier", "min_points 须逐层减小"),
                    ("best tier first", "最好的层级写在最前"),
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
            _ => {
                return Err(document.error(
                    &at("method"),
                    ("quantiles want a count", "分位须写 count"),
                    ("write count = 3", "请写 count = 3"),
                ));
            }
        },
        (Some(ScoreKind::Bands), None, Some(RawPointList::Many(points))) => {
            let cuts = raw.cuts.clone().unwrap_or_default();
            check_cuts(document, &at("cuts"), &cuts)?;
            if points.len() != cuts.len() + 1 {
                return Err(document.error(
                    &at("points"),
                    ("one number a band is wanted", "每段须有一个数"),
                    ("write one more than cuts", "须比 cuts 多一个"),
                ));
            }
            PointsMethod::Bands { cuts, points: points.clone() }
        }
        _ => {
            let cure = (
                "write method = \"quantiles\" with count, method = \"bands\" with cuts and points, or when with points",
                "请写 method = \"quantiles\" 与 count，或 method = \"bands\" 与 cuts、points，或 when 与 points",
            );
            return Err(document.error(&at("metric"), ("no way to give points", "没有写如何给分"), cure));
        }
    };
    if raw.metric.is_none() && raw.method.is_some() {
        return Err(document.error(
            &at("method"),
            ("no metric to take points from", "没有写按哪个指标给分"),
            ("add metric = \"…\"", "请加上 metric = \"…\""),
        ));
    }
    Ok(Points { metric: raw.metric.clone(), method, weight: raw.weight.unwrap_or(1.0) })
}

pub(super) fn matrix(document: &Document<'_>, raw: &RawScheme) -> Result<Rule, SpecError> {
    let (Some(rows), Some(columns)) = (&raw.rows, &raw.columns) else {
        return Err(document.error(
            "kind",
            ("a matrix crosses two schemes", "矩阵由两个方案交叉而成"),
            ("add rows and columns", "请加上 rows 与 columns"),
        ));
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
            .ok_or_else(|| {
                document.error(
                    &key,
                    ("no cells", "没有格子"),
                    ("write cells = [\"row/column\", …]", "请写 cells = [\"行/列\", …]"),
                )
            })?;
        cells.push(pairs);
    }
    Ok(Rule::Matrix { rows: rows.clone(), columns: columns.clone(), cells })
}

/// Refuses cuts that are none, too many or out of order.
pub(super) fn check_cuts(document: &Document<'_>, key: &str, cuts: &[f64]) -> Result<(), SpecError> {
    if cuts.is_empty() || cuts.len() > 8 || cuts.windows(2).any(|w| w[0] >= w[1]) {
        return Err(document.error(
            key,
            ("one to eight rising cuts are wanted", "须有一到八个递增的切点"),
            ("for example cuts = [90, 180]", "例如 cuts = [90, 180]"),
        ));
    }
    Ok(())
}
