//! Proof that a scheme puts everyone in exactly one tier, or the combinations for which it does not.

mod reach;

use clientele_model::spec::scheme::{Matching, PointsMethod, Rule};
use clientele_model::spec::{Scheme, SpecError};

use super::registry::{RegisteredScheme, SchemeRegistry};
use crate::library::Document;
use crate::run::{Catalogue, RefreshError};

/// What a check found.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckReport {
    pub scheme: Scheme,
    /// How many combinations were looked at.
    pub combinations: usize,
    /// Combinations that fall in no tier.
    pub gaps: Vec<String>,
    /// Combinations that fall in several tiers, with those tiers.
    pub overlaps: Vec<(String, Vec<String>)>,
    /// Tiers that no combination led to.
    pub unreachable: Vec<String>,
}

impl CheckReport {
    /// Whether everyone lands in exactly one tier. A tier that nobody reaches is allowed.
    pub fn is_sound(&self) -> bool {
        self.gaps.is_empty() && self.overlaps.is_empty()
    }
}

/// Checks a scheme document against the catalogue.
///
/// # Errors
/// A mistake in the document itself: with the file, the line and the cure.
pub async fn check(document: &Document, catalogue: &Catalogue) -> Result<CheckReport, RefreshError> {
    let own = Scheme::parse(&document.name, &document.text)?.id;
    let registry = registry(document, catalogue)?;
    let Some(scheme) = registry.get(own.as_str()) else {
        return Err(RefreshError::UnknownScheme { name: own.to_string(), nearest: None });
    };
    let mut tally = tally(&scheme.spec, &registry);
    if let Rule::Rules { .. } = &scheme.spec.rule {
        reach::rules(&scheme.spec, &catalogue.metrics, &mut tally).await?;
    }
    Ok(tally.report(scheme.spec.clone()))
}

/// Refuses a scheme that leaves somebody out or takes somebody twice.
///
/// # Errors
/// The first such combinations, with the line of a tier that could take them, or must not.
pub fn refuse_unsound(scheme: &RegisteredScheme, registry: &SchemeRegistry) -> Result<(), SpecError> {
    let leaf = match &scheme.spec.rule {
        Rule::Bands { .. } => "min",
        Rule::Codes { .. } => "codes",
        Rule::Matrix { .. } => "cells",
        _ => return Ok(()),
    };
    let tally = tally(&scheme.spec, registry);
    let key = |tier: usize| format!("tiers[{tier}].{leaf}");
    if let Some((combination, tiers)) = tally.overlaps.first() {
        let last = tiers.last().and_then(|tier| scheme.spec.position(tier)).unwrap_or_default();
        let problem = match tiers.iter().all(|tier| tier == &tiers[0]) {
            true => format!("{combination} is there twice"),
            false => format!("{combination} belongs to {}", tiers.join(" and to ")),
        };
        return Err(scheme.error(&key(last), problem, "leave it in one place".to_owned()));
    }
    if !tally.gaps.is_empty() {
        let some = tally.gaps.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        let more = if tally.gaps.len() > 5 { ", …" } else { "" };
        let last = scheme.spec.tiers.len().saturating_sub(1);
        let verb = if tally.gaps.len() == 1 { "belongs" } else { "belong" };
        let problem = format!("{some}{more} {verb} to no tier");
        return Err(scheme.error(&key(last), problem, "let a tier take them, or add one".to_owned()));
    }
    Ok(())
}

/// All combinations with the tiers that they fall in, as far as that does not take a trial.
fn tally(scheme: &Scheme, registry: &SchemeRegistry) -> Tally {
    let mut tally = Tally::new(scheme);
    match &scheme.rule {
        Rule::Bands { bounds, .. } => bands(bounds, &mut tally),
        Rule::Codes { scores, matching, .. } => {
            let counts: Vec<usize> = scores.iter().map(|s| s.count()).collect();
            codes(&counts, matching, &mut tally);
        }
        Rule::Quantiles { .. } | Rule::Share { .. } => {
            // Every customer has one rank in one order, and the parts follow each other without a gap.
            (0..scheme.tiers.len()).for_each(|tier| tally.add(format!("part {}", tier + 1), vec![tier]));
        }
        Rule::Scorecard { points, least } => {
            let options: Vec<Vec<f64>> = points.iter().map(|p| options(&p.method, p.weight)).collect();
            sums(&options, least, &mut tally);
        }
        Rule::Matrix { rows, columns, cells } => {
            let tiers = |id: &str| registry.get(id).map(|s| s.spec.tiers.clone()).unwrap_or_default();
            for row in tiers(rows.as_str()) {
                for column in tiers(columns.as_str()) {
                    let cell = (row.id.to_string(), column.id.to_string());
                    let hits = (0..cells.len()).filter(|i| cells[*i].contains(&cell)).collect();
                    tally.add(format!("{}/{}", cell.0, cell.1), hits);
                }
            }
        }
        Rule::Rules { .. } => {}
    }
    tally
}

/// The catalogue's schemes with the document's instead of one of the same id.
fn registry(document: &Document, catalogue: &Catalogue) -> Result<SchemeRegistry, SpecError> {
    let known = catalogue.schemes.iter().map(|scheme| &scheme.document);
    let documents: Vec<Document> = known.chain([document]).cloned().collect();
    SchemeRegistry::build(&documents, &catalogue.metrics)
}

/// Counts combinations by how many tiers they fall in.
struct Tally {
    tiers: Vec<String>,
    reached: Vec<bool>,
    combinations: usize,
    gaps: Vec<String>,
    overlaps: Vec<(String, Vec<String>)>,
}

impl Tally {
    fn new(scheme: &Scheme) -> Tally {
        let tiers: Vec<String> = scheme.tiers.iter().map(|t| t.id.to_string()).collect();
        let reached = vec![false; tiers.len()];
        Tally { tiers, reached, combinations: 0, gaps: Vec::new(), overlaps: Vec::new() }
    }

    fn add(&mut self, combination: String, hits: Vec<usize>) {
        self.combinations += 1;
        hits.iter().for_each(|&tier| self.reached[tier] = true);
        match hits.len() {
            0 => self.gaps.push(combination),
            1 => {}
            _ => {
                let names = hits.into_iter().map(|tier| self.tiers[tier].clone()).collect();
                self.overlaps.push((combination, names));
            }
        }
    }

    fn report(self, scheme: Scheme) -> CheckReport {
        let unreachable = self
            .tiers
            .iter()
            .zip(&self.reached)
            .filter(|(_, reached)| !**reached)
            .map(|(tier, _)| tier.clone())
            .collect();
        CheckReport {
            scheme,
            combinations: self.combinations,
            gaps: self.gaps,
            overlaps: self.overlaps,
            unreachable,
        }
    }
}

/// Below, at and between all bounds.
fn bands(bounds: &[(Option<f64>, Option<f64>)], tally: &mut Tally) {
    let mut ends: Vec<f64> = bounds.iter().flat_map(|(min, below)| [*min, *below]).flatten().collect();
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    let mut points: Vec<f64> = ends.windows(2).map(|w| w[0].midpoint(w[1])).collect();
    points.extend(&ends);
    points.extend(ends.first().map(|e| e - 1.0));
    points.extend(ends.last().map(|e| e + 1.0));
    if points.is_empty() {
        points.push(0.0);
    }
    points.sort_by(f64::total_cmp);
    for point in points {
        let holds = |(min, below): &(Option<f64>, Option<f64>)| {
            min.is_none_or(|min| point >= min) && below.is_none_or(|below| point < below)
        };
        let hits = bounds.iter().enumerate().filter(|(_, b)| holds(b)).map(|(i, _)| i).collect();
        tally.add(format!("{point}"), hits);
    }
}

fn codes(counts: &[usize], matching: &Matching, tally: &mut Tally) {
    let total: usize = counts.iter().product();
    for mut number in 0..total {
        let mut code = String::new();
        for count in counts.iter().rev() {
            code.insert(0, char::from(b'1' + (number % count) as u8));
            number /= count;
        }
        let hits = match matching {
            Matching::Listed(listed) => {
                let twice = |codes: &Vec<String>| codes.iter().filter(|c| **c == code).count();
                listed.iter().enumerate().flat_map(|(i, c)| std::iter::repeat_n(i, twice(c))).collect()
            }
            Matching::EveryCode(every) => {
                every.iter().enumerate().filter(|(_, c)| **c == code).map(|(i, _)| i).collect()
            }
        };
        tally.add(code, hits);
    }
}

/// The points that a line can give.
fn options(method: &PointsMethod, weight: f64) -> Vec<f64> {
    match method {
        PointsMethod::Quantiles { count, .. } => (1..=*count).map(|p| p as f64 * weight).collect(),
        PointsMethod::Bands { points, .. } => points.iter().map(|p| p * weight).collect(),
        PointsMethod::When { points, .. } => vec![0.0, points * weight],
    }
}

/// All sums that the lines can make; the last tier takes what no other does.
fn sums(options: &[Vec<f64>], least: &[f64], tally: &mut Tally) {
    let mut sums = vec![0.0];
    for line in options {
        sums = sums.iter().flat_map(|sum| line.iter().map(move |points| sum + points)).collect();
        sums.sort_by(f64::total_cmp);
        sums.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
    }
    for sum in sums {
        let tier = least.iter().position(|least| sum >= *least).unwrap_or(least.len());
        tally.add(format!("{sum} points"), vec![tier]);
    }
}
