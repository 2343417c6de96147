//! A scheme as SQL over one customer's metrics.
//!
//! Whatever needs the whole base has been put into cut points before, so a tier is a CASE over one
//! row: it runs alike for one customer, one bucket or the whole base, on either engine.

use std::collections::{BTreeMap, BTreeSet};

use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::{Best, Matching, Points, PointsMethod, Rule, Score, ScoreMethod};
use clientele_model::{MetricId, SchemeId, TierId, Unit};

use super::cuts::{Cut, CutMethod, CutRequest, SchemeCuts};
use super::ordered::Scale;
pub use crate::quote::{ident, text};

/// A compiled scheme: parts computed from metrics first, then the tier from the parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    pub scheme: SchemeId,
    /// Helper columns over the metrics: digits and points.
    pub parts: Vec<Part>,
    /// The tier as text, over metrics and parts; a matrix, over the tiers of its two schemes.
    pub tier: String,
    /// The digits as text (`545`), for code schemes.
    pub code: Option<String>,
    /// Whether the tier is made from other schemes' tiers.
    pub over_tiers: bool,
}

/// A helper column.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub column: String,
    pub sql: String,
}

/// What compiling needs to know of metrics.
pub trait Units {
    /// The unit of a metric that exists.
    fn unit(&self, metric: &MetricId) -> Unit;
}

impl Units for BTreeMap<MetricId, Unit> {
    fn unit(&self, metric: &MetricId) -> Unit {
        self.get(metric).copied().unwrap_or(Unit::Ratio)
    }
}

/// What has to be computed over the base for this scheme.
pub fn cut_requests(scheme: &Scheme) -> Vec<CutRequest> {
    let request = |key: String, metric: &MetricId, method| CutRequest {
        key,
        metric: metric.clone(),
        population: scheme.population.clone(),
        method,
    };
    match &scheme.rule {
        Rule::Quantiles { metric, best, shares } => {
            let equal = shares.iter().all(|s| (s - shares[0]).abs() < 1e-12);
            let method = if equal {
                CutMethod::EqualParts { count: shares.len(), best: *best }
            } else {
                let worst_first = shares.iter().rev().copied().collect();
                CutMethod::Parts { shares: worst_first, best: *best }
            };
            vec![request("parts".into(), metric, method)]
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
        Rule::Bands { .. } | Rule::Rules { .. } | Rule::Matrix { .. } => Vec::new(),
    }
}

/// The key of a scorecard line's cuts.
pub fn points_key(line: usize) -> String {
    format!("points_{line}")
}

/// Compiles a scheme with its cuts.
pub fn compile(scheme: &Scheme, cuts: &SchemeCuts, units: &dyn Units) -> Compiled {
    let column = scheme.id.column();
    let none = Vec::new();
    let cuts_of = |key: &str| cuts.get(key).unwrap_or(&none).as_slice();
    let scale = |metric: &MetricId| Scale::of(units.unit(metric));
    let mut parts = Vec::new();
    let mut code = None;
    let outside = scheme.population.as_ref().map(|p| format!("NULLIF(({p}), false)"));
    let case = |known: &[String], branches: Vec<(String, String)>, rest: Option<String>| {
        let known: Vec<&String> = outside.iter().chain(known).collect();
        case(&known, branches, rest)
    };
    let tier = match &scheme.rule {
        Rule::Bands { metric, bounds } => {
            let m = ident(metric.as_str());
            let whens = bounds.iter().map(|(min, below)| band(&m, *min, *below));
            case(std::slice::from_ref(&m), whens.zip(tiers(scheme)).collect(), None)
        }
        Rule::Quantiles { metric, best, .. } => {
            let m = ident(metric.as_str());
            let digit = steps(&m, *best, scale(metric), cuts_of("parts"));
            parts.push(part(&column, "part", &digit));
            let name = parts[0].column.clone();
            let count = scheme.tiers.len();
            let whens = (0..count).map(|tier| format!("{name} = {}", count - tier));
            case(std::slice::from_ref(&name), whens.zip(tiers(scheme)).collect(), None)
        }
        Rule::Share { metric, .. } => {
            let m = ident(metric.as_str());
            let whens = cuts_of("until").iter().map(|cut| until_cut(&m, scale(metric), cut, ">"));
            case(std::slice::from_ref(&m), whens.zip(tiers(scheme)).collect(), tiers(scheme).pop())
        }
        Rule::Codes { scores, matching } => {
            for score in scores {
                let digit = digit(score, scale(&score.metric), cuts_of(&score.digit));
                parts.push(part(&column, &score.digit, &digit));
            }
            let digits: Vec<String> = parts.iter().map(|p| p.column.clone()).collect();
            code = Some(format!(
                "CASE WHEN {} THEN {} END",
                digits.iter().map(|d| format!("{d} IS NOT NULL")).collect::<Vec<_>>().join(" AND "),
                digits.iter().map(|d| format!("CAST({d} AS VARCHAR)")).collect::<Vec<_>>().join(" || "),
            ));
            let whens = match matching {
                Matching::Listed(codes) => codes.iter().map(|codes| any_code(&digits, codes)).collect(),
                Matching::EveryCode(codes) => {
                    codes.iter().map(|code| any_code(&digits, std::slice::from_ref(code))).collect::<Vec<_>>()
                }
            };
            case(&digits, whens.into_iter().zip(tiers(scheme)).collect(), None)
        }
        Rule::Rules { needs, when } => {
            let needs: Vec<String> = needs.iter().map(|m| ident(m.as_str())).collect();
            let whens = when.iter().map(|w| format!("({w})"));
            case(&needs, whens.zip(tiers(scheme)).collect(), tiers(scheme).pop())
        }
        Rule::Scorecard { points, least } => {
            let mut known = Vec::new();
            for (i, line) in points.iter().enumerate() {
                let sql = points_sql(line, scale, cuts_of(&points_key(i)));
                parts.push(part(&column, &points_key(i), &sql));
                if line.metric.is_some() {
                    known.push(parts[i].column.clone());
                }
            }
            let sum = parts.iter().map(|p| p.column.clone()).collect::<Vec<_>>().join(" + ");
            let whens = least.iter().map(|least| format!("{sum} >= {least:?}"));
            case(&known, whens.zip(tiers(scheme)).collect(), tiers(scheme).pop())
        }
        Rule::Matrix { rows, columns, cells } => {
            let (row, col) = (tier_column(rows), tier_column(columns));
            let whens = cells.iter().map(|cells| {
                let cells =
                    cells.iter().map(|(r, c)| format!("({row} = {} AND {col} = {})", text(r), text(c)));
                cells.collect::<Vec<_>>().join(" OR ")
            });
            case(&[], whens.zip(tiers(scheme)).collect(), None)
        }
    };
    let over_tiers = matches!(scheme.rule, Rule::Matrix { .. });
    Compiled { scheme: scheme.id.clone(), parts, tier, code, over_tiers }
}

/// The metrics that a scheme names outside of free-form conditions.
pub fn named_metrics(scheme: &Scheme) -> BTreeSet<MetricId> {
    match &scheme.rule {
        Rule::Bands { metric, .. } | Rule::Quantiles { metric, .. } | Rule::Share { metric, .. } => {
            BTreeSet::from([metric.clone()])
        }
        Rule::Codes { scores, .. } => scores.iter().map(|s| s.metric.clone()).collect(),
        Rule::Rules { needs, .. } => needs.iter().cloned().collect(),
        Rule::Scorecard { points, .. } => points.iter().filter_map(|p| p.metric.clone()).collect(),
        Rule::Matrix { .. } => BTreeSet::new(),
    }
}

/// The free-form conditions of a scheme with the keys that they stand under.
pub fn conditions(scheme: &Scheme) -> Vec<(String, &str)> {
    let population = scheme.population.iter().map(|p| ("population".to_owned(), p.as_str()));
    let more: Vec<(String, &str)> = match &scheme.rule {
        Rule::Rules { when, .. } => {
            when.iter().enumerate().map(|(i, when)| (format!("tiers[{i}].when"), when.as_str())).collect()
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

/// The column that holds a scheme's tier.
pub fn tier_column(scheme: &SchemeId) -> String {
    ident(&scheme.column())
}

fn part(scheme: &str, name: &str, sql: &str) -> Part {
    Part { column: ident(&format!("{scheme}__{name}")), sql: sql.to_owned() }
}

fn tiers(scheme: &Scheme) -> Vec<String> {
    scheme.tiers.iter().map(|t| text(t.id.as_str())).collect()
}

/// `CASE` that says unknown where one of `known` is null, and where no branch holds.
fn case(known: &[&String], branches: Vec<(String, String)>, rest: Option<String>) -> String {
    let unknown = text(TierId::UNKNOWN);
    let mut sql = "CASE".to_owned();
    if !known.is_empty() {
        let nulls = known.iter().map(|k| format!("{k} IS NULL")).collect::<Vec<_>>().join(" OR ");
        sql += &format!(" WHEN {nulls} THEN {unknown}");
    }
    for (when, then) in branches {
        sql += &format!(" WHEN {when} THEN {then}");
    }
    sql + &format!(" ELSE {} END", rest.unwrap_or(unknown))
}

fn band(metric: &str, min: Option<f64>, below: Option<f64>) -> String {
    match (min, below) {
        (Some(min), Some(below)) => format!("({metric} >= {min:?} AND {metric} < {below:?})"),
        (Some(min), None) => format!("{metric} >= {min:?}"),
        (None, Some(below)) => format!("{metric} < {below:?}"),
        (None, None) => "true".to_owned(),
    }
}

/// The condition of being before a cut, when customers are sorted so that `metric side value` comes first.
fn until_cut(metric: &str, scale: Scale, cut: &Cut, side: &str) -> String {
    let value = scale.literal(cut.at);
    match &cut.tie {
        None => format!("{metric} {side}= {value}"),
        Some(tie) => {
            format!("({metric} {side} {value} OR ({metric} = {value} AND customer_id <= {}))", text(tie))
        }
    }
}

/// The number of the part that a value is in, from 1, the worst.
fn steps(metric: &str, best: Best, scale: Scale, cuts: &[Cut]) -> String {
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

fn digit(score: &Score, scale: Scale, cuts: &[Cut]) -> String {
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
fn any_code(digits: &[String], codes: &[String]) -> String {
    let n = digits.len();
    let number = digits
        .iter()
        .enumerate()
        .map(|(i, d)| format!("{d} * {}", 10u32.pow((n - 1 - i) as u32)))
        .collect::<Vec<_>>()
        .join(" + ");
    format!("({number}) IN ({})", codes.join(", "))
}

fn points_sql(line: &Points, scale: impl Fn(&MetricId) -> Scale, cuts: &[Cut]) -> String {
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
