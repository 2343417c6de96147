//! A scheme as SQL over one customer's metrics.
//!
//! Whatever needs the whole base has been put into cut points before, so a tier is chosen by conditions
//! over one row: it runs alike for one customer, one bucket or the whole base, on either engine.

mod near;
mod reads;
mod requests;
mod sorts;
mod sql;

use std::collections::BTreeMap;

use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::{Answers, Matching, ModelCut, Rule};
use clientele_model::{MetricId, SchemeId, Unit};

use super::cuts::SchemeCuts;
use super::ordered::Scale;
pub use crate::quote::{ident, text};
pub use near::{Near, Staying};
pub use reads::{answer_metrics, asked_for, conditions, named_metrics, replace_conditions, shown_metrics};
pub use requests::{cut_requests, points_key};
pub use sorts::{must_key, sign_key};
use sql::{any_code, band, digit, first, number, part, points_sql, steps, tiers, until_cut};

/// A compiled scheme: parts computed from metrics first, then the tier from the parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    pub scheme: SchemeId,
    /// Helper columns over the metrics: digits, points, distances.
    pub parts: Vec<Part>,
    /// The tier as text, over metrics and parts; a matrix, over the tiers of its two schemes.
    pub tier: String,
    /// The code that decided, for code schemes.
    pub code: Option<Code>,
    /// Whether the tier is made from other schemes' tiers.
    pub over_tiers: bool,
    /// What keeps a customer in a tier although the rule says another.
    pub stay: Option<Staying>,
}

/// What a customer's code is.
#[derive(Debug, Clone, PartialEq)]
pub enum Code {
    /// The digits as text (`545`), as SQL over the parts.
    Digits(String),
    /// What the rule says: every code is a tier of its own, which is named by it (`r1f3m1`).
    Tier,
}

/// A helper column.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub column: String,
    pub sql: String,
}

/// What compiling needs to know of metrics.
pub trait Units: Sync {
    /// The unit of a metric that exists.
    fn unit(&self, metric: &MetricId) -> Unit;
}

impl Units for BTreeMap<MetricId, Unit> {
    fn unit(&self, metric: &MetricId) -> Unit {
        self.get(metric).copied().unwrap_or(Unit::Ratio)
    }
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
    let first = |known: &[String], branches: Vec<(String, String)>, rest: Option<String>| {
        let known: Vec<&String> = outside.iter().chain(known).collect();
        first(&known, branches, rest)
    };
    let tier = match &scheme.rule {
        Rule::Bands { metric, bounds } | Rule::Model { metric, cut: ModelCut::Bands { bounds }, .. } => {
            let m = ident(metric.as_str());
            let whens = bounds.iter().map(|(min, below)| band(&m, *min, *below));
            first(std::slice::from_ref(&m), whens.zip(tiers(scheme)).collect(), None)
        }
        Rule::Quantiles { metric, best, .. }
        | Rule::Model { metric, cut: ModelCut::Quantiles { best, .. }, .. } => {
            let m = ident(metric.as_str());
            let digit = steps(&m, *best, scale(metric), cuts_of("parts"));
            parts.push(part(&column, "part", &digit));
            let name = parts[0].column.clone();
            let count = scheme.tiers.len();
            let whens = (0..count).map(|tier| format!("{name} = {}", count - tier));
            first(std::slice::from_ref(&name), whens.zip(tiers(scheme)).collect(), None)
        }
        Rule::Share { metric, .. } => {
            let m = ident(metric.as_str());
            let whens = cuts_of("until").iter().map(|cut| until_cut(&m, scale(metric), cut, ">"));
            first(std::slice::from_ref(&m), whens.zip(tiers(scheme)).collect(), tiers(scheme).pop())
        }
        Rule::Codes { scores, matching } => {
            for score in scores {
                let digit = digit(score, scale(&score.metric), cuts_of(&score.digit));
                parts.push(part(&column, &score.digit, &digit));
            }
            let digits: Vec<String> = parts.iter().map(|p| p.column.clone()).collect();
            code = Some(match matching {
                Matching::Listed(_) => Code::Digits(format!("CAST({} AS VARCHAR)", number(&digits))),
                Matching::EveryCode(_) => Code::Tier,
            });
            let whens = match matching {
                Matching::Listed(codes) => codes.iter().map(|codes| any_code(&digits, codes)).collect(),
                Matching::EveryCode(codes) => {
                    codes.iter().map(|code| any_code(&digits, std::slice::from_ref(code))).collect::<Vec<_>>()
                }
            };
            first(&digits, whens.into_iter().zip(tiers(scheme)).collect(), None)
        }
        Rule::Rules { needs, when } => {
            let needs: Vec<String> = needs.iter().map(|m| ident(m.as_str())).collect();
            let whens = when.iter().map(|w| format!("({w})"));
            first(&needs, whens.zip(tiers(scheme)).collect(), tiers(scheme).pop())
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
            first(&known, whens.zip(tiers(scheme)).collect(), tiers(scheme).pop())
        }
        Rule::Matrix { rows, columns, cells } => {
            let (row, col) = (tier_column(rows), tier_column(columns));
            let whens = cells.iter().map(|cells| {
                let cells =
                    cells.iter().map(|(r, c)| format!("({row} = {} AND {col} = {})", text(r), text(c)));
                cells.collect::<Vec<_>>().join(" OR ")
            });
            first(&[], whens.zip(tiers(scheme)).collect(), None)
        }
        Rule::Checklist { needs, must, signs, grades } => {
            let needs: Vec<String> = needs.iter().map(|m| ident(m.as_str())).collect();
            parts = sorts::checks(&column, must, signs);
            let whens = sorts::grades(&parts, must.len(), grades);
            first(&needs, whens.into_iter().zip(tiers(scheme)).collect(), tiers(scheme).pop())
        }
        Rule::Questionnaire { survey, answers } => {
            let metrics: Vec<String> =
                answer_metrics(survey, answers).iter().map(|m| ident(m.as_str())).collect();
            match answers {
                Answers::Overall { bounds } => {
                    let whens = bounds.iter().map(|(min, below)| band(&metrics[0], *min, *below));
                    first(&metrics, whens.zip(tiers(scheme)).collect(), None)
                }
                Answers::Leading { dimensions, margin } => {
                    let (whens, rest) = sorts::leading(scheme, dimensions, &metrics, *margin);
                    first(&metrics, whens, rest)
                }
            }
        }
        Rule::Cluster(clustering) => {
            parts = sorts::distances(&column, clustering, cuts);
            let distances: Vec<String> = parts.iter().map(|p| p.column.clone()).collect();
            let branches = sorts::nearest(cuts, clustering.features.len(), &distances);
            first(&distances, branches, None)
        }
        Rule::Attribute { metric, values, has_rest } => {
            let word = format!("NULLIF(lower(btrim({})), '')", ident(metric.as_str()));
            let whens = values.iter().map(|listed| {
                let listed: Vec<String> = listed.iter().map(|value| text(value)).collect();
                format!("{word} IN ({})", listed.join(", "))
            });
            let rest = has_rest.then(|| tiers(scheme).pop()).flatten();
            first(std::slice::from_ref(&word), whens.zip(tiers(scheme)).collect(), rest)
        }
        Rule::Manual => first(&[], Vec::new(), None),
    };
    let over_tiers = matches!(scheme.rule, Rule::Matrix { .. });
    let stay = near::staying(scheme, cuts, units, &parts);
    Compiled { scheme: scheme.id.clone(), parts, tier, code, over_tiers, stay }
}

/// The column that holds a scheme's tier.
pub fn tier_column(scheme: &SchemeId) -> String {
    ident(&scheme.column())
}
