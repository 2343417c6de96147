//! Checklists, questionnaires and clusters as SQL.

use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::{Check, Clustering, Grade};

use super::Part;
use super::sql::{part, tiers};
use crate::classify::cluster::{Centre, Centres};
use crate::classify::cuts::SchemeCuts;
use crate::classify::ordered::Scale;
use crate::quote::{ident, text};

/// Of shares that are equal but for the last bits, neither leads.
const CLOSE: f64 = 1e-9;

/// The name of the helper column of a must-have.
pub fn must_key(line: usize) -> String {
    format!("must_{line}")
}

/// The name of the helper column of a sign.
pub fn sign_key(line: usize) -> String {
    format!("sign_{line}")
}

/// A column a condition: 1 where it holds.
pub(super) fn checks(column: &str, must: &[Check], signs: &[Check]) -> Vec<Part> {
    let count = |name: String, check: &Check| {
        part(column, &name, &format!("CASE WHEN {} THEN 1 ELSE 0 END", check.when))
    };
    let must = must.iter().enumerate().map(|(i, check)| count(must_key(i), check));
    let signs = signs.iter().enumerate().map(|(i, check)| count(sign_key(i), check));
    must.chain(signs).collect()
}

/// Per tier the condition that one of its grades is reached.
pub(super) fn grades(parts: &[Part], must: usize, grades: &[Vec<Grade>]) -> Vec<String> {
    let sum = |parts: &[Part]| match parts.is_empty() {
        true => "0".to_owned(),
        false => format!("({})", parts.iter().map(|p| p.column.as_str()).collect::<Vec<_>>().join(" + ")),
    };
    let (must, signs) = (sum(&parts[..must]), sum(&parts[must..]));
    let reached = |g: &Grade| format!("({must} >= {} AND {signs} >= {})", g.must, g.signs);
    grades.iter().map(|tier| tier.iter().map(reached).collect::<Vec<_>>().join(" OR ")).collect()
}

/// The tiers with a dimension, each with the condition that it leads, and the tier of the rest.
pub(super) fn leading(
    scheme: &Scheme,
    dimensions: &[Option<String>],
    metrics: &[String],
    margin: f64,
) -> (Vec<(String, String)>, Option<String>) {
    let tiers = tiers(scheme);
    let (mut whens, mut rest) = (Vec::new(), None);
    for (tier, dimension) in tiers.into_iter().zip(dimensions) {
        if dimension.is_none() {
            rest = Some(tier);
            continue;
        }
        let mine = whens.len();
        let others: Vec<&str> =
            metrics.iter().enumerate().filter(|(i, _)| *i != mine).map(|(_, m)| m.as_str()).collect();
        let next =
            if others.len() == 1 { others[0].to_owned() } else { format!("greatest({})", others.join(", ")) };
        whens.push((format!("{} - {next} >= {:?}", metrics[mine], margin - CLOSE), tier));
    }
    (whens, rest)
}

/// A column a cluster: the squared distance from its centre, in standard units.
pub(super) fn distances(column: &str, clustering: &Clustering, cuts: &SchemeCuts) -> Vec<Part> {
    let number = |value: f64| Scale::Double.literal(Scale::Double.from_number(value));
    let Some(centres) = Centres::of(cuts, clustering.features.len()) else { return Vec::new() };
    let squared = |centre: &[f64]| {
        let terms = clustering.features.iter().enumerate().map(|(i, metric)| {
            let mut value = format!("CAST({} AS DOUBLE)", ident(metric.as_str()));
            if clustering.log.contains(metric) {
                // What is below nothing counts as nothing; what is not known stays so.
                value = format!("ln(1.0 + CASE WHEN {value} > 0.0 THEN {value} ELSE {value} * 0.0 END)");
            }
            let (mean, scale) = (number(centres.means[i]), number(centres.scales[i]));
            format!("power(({value} - {mean}) / {scale} - {}, 2.0)", number(centre[i]))
        });
        terms.collect::<Vec<_>>().join(" + ")
    };
    let named = |centre: &Centre| part(column, &format!("d{}", centre.number), &squared(&centre.at));
    centres.centres.iter().map(named).collect()
}

/// The tier of each cluster, and the condition that no other centre is nearer; of equally near ones the
/// first.
pub(super) fn nearest(cuts: &SchemeCuts, features: usize, distances: &[String]) -> Vec<(String, String)> {
    let Some(centres) = Centres::of(cuts, features) else { return Vec::new() };
    let least = match distances {
        [only] => only.clone(),
        several => format!("least({})", several.join(", ")),
    };
    let named = |(centre, d): (&Centre, &String)| (format!("{d} <= {least}"), text(&centre.tier()));
    centres.centres.iter().zip(distances).map(named).collect()
}
