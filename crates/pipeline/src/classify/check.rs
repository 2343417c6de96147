//! Proof that a scheme puts everyone in exactly one tier, or the combinations for which it does not.

mod combine;
mod reach;

use clientele_model::Text;
use clientele_model::spec::scheme::{Answers, ModelCut, Rule};
use clientele_model::spec::{Scheme, SpecError};

use super::registry::{RegisteredScheme, SchemeRegistry};
use crate::error::CatalogueError;
use crate::library::Document;
use crate::measure::registry::MetricRegistry;

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

/// Checks a scheme document against the schemes and metrics that are known.
///
/// # Errors
/// A mistake in the document itself: with the file, the line and the cure.
pub async fn check(
    document: &Document,
    schemes: &SchemeRegistry,
    metrics: &MetricRegistry,
) -> Result<CheckReport, CatalogueError> {
    let own = Scheme::parse(&document.name, &document.text)?.id;
    let registry = registry(document, schemes, metrics)?;
    let Some(scheme) = registry.get(own.as_str()) else {
        return Err(CatalogueError::UnknownScheme { name: own.to_string(), nearest: None });
    };
    let mut tally = tally(&scheme.spec, &registry);
    if let Rule::Rules { .. } = &scheme.spec.rule {
        reach::rules(&scheme.spec, metrics, &mut tally).await?;
    }
    Ok(tally.report(scheme.spec.clone()))
}

/// Refuses a scheme that leaves somebody out or takes somebody twice.
///
/// # Errors
/// The first such combinations, with the line of a tier that could take them, or must not.
pub fn refuse_unsound(scheme: &RegisteredScheme, registry: &SchemeRegistry) -> Result<(), SpecError> {
    let leaf = match &scheme.spec.rule {
        Rule::Bands { .. }
        | Rule::Model { cut: ModelCut::Bands { .. }, .. }
        | Rule::Questionnaire { answers: Answers::Overall { .. }, .. } => "min",
        Rule::Codes { .. } => "codes",
        Rule::Matrix { .. } => "cells",
        _ => return Ok(()),
    };
    let tally = tally(&scheme.spec, registry);
    let key = |tier: usize| format!("tiers[{tier}].{leaf}");
    if let Some((combination, tiers)) = tally.overlaps.first() {
        let last = tiers.last().and_then(|tier| scheme.spec.position(tier)).unwrap_or_default();
        let problem = match tiers.iter().all(|tier| tier == &tiers[0]) {
            true => Text::new(format!("{combination} is there twice"), format!("{combination} 出现两次")),
            false => Text::new(
                format!("{combination} belongs to {}", tiers.join(" and to ")),
                format!("{combination} 同时属于 {}", tiers.join("、")),
            ),
        };
        return Err(scheme.error(&key(last), problem, Text::new("leave it in one place", "请只留一处")));
    }
    if !tally.gaps.is_empty() {
        let some = tally.gaps.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        let more = if tally.gaps.len() > 5 { ", …" } else { "" };
        let last = scheme.spec.tiers.len().saturating_sub(1);
        let verb = if tally.gaps.len() == 1 { "belongs" } else { "belong" };
        let problem =
            Text::new(format!("{some}{more} {verb} to no tier"), format!("{some}{more} 不属于任何层级"));
        let cure = Text::new("let a tier take them, or add one", "请归入某个层级，或新增一个");
        return Err(scheme.error(&key(last), problem, cure));
    }
    Ok(())
}

/// All combinations with the tiers that they fall in, as far as that does not take a trial.
fn tally(scheme: &Scheme, registry: &SchemeRegistry) -> Tally {
    let mut tally = Tally::new(scheme);
    match &scheme.rule {
        Rule::Bands { bounds, .. }
        | Rule::Model { cut: ModelCut::Bands { bounds }, .. }
        | Rule::Questionnaire { answers: Answers::Overall { bounds }, .. } => {
            combine::bands(bounds, &mut tally);
        }
        Rule::Codes { scores, matching, .. } => {
            let counts: Vec<usize> = scores.iter().map(|s| s.count()).collect();
            combine::codes(&counts, matching, &mut tally);
        }
        Rule::Quantiles { .. } | Rule::Share { .. } | Rule::Model { .. } => {
            // Every customer has one rank in one order, and the parts follow each other without a gap.
            (0..scheme.tiers.len()).for_each(|tier| tally.add(format!("part {}", tier + 1), vec![tier]));
        }
        Rule::Scorecard { points, least } => combine::sums(points, least, &mut tally),
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
        Rule::Checklist { must, signs, grades, .. } => {
            combine::grades(must.len(), signs.len(), grades, &mut tally);
        }
        Rule::Questionnaire { answers: Answers::Leading { dimensions, margin }, .. } => {
            combine::leads(dimensions, *margin, &mut tally);
        }
        Rule::Attribute { values, has_rest, .. } => combine::values(values, *has_rest, &mut tally),
        // One centre is nearest to a customer, of equally near ones the first; a person names one tier.
        Rule::Cluster(_) | Rule::Manual => {
            (0..scheme.tiers.len()).for_each(|tier| tally.add(scheme.tiers[tier].id.to_string(), vec![tier]));
        }
        Rule::Rules { .. } => {}
    }
    tally
}

/// The schemes with the document's instead of one of the same id.
fn registry(
    document: &Document,
    schemes: &SchemeRegistry,
    metrics: &MetricRegistry,
) -> Result<SchemeRegistry, SpecError> {
    let known = schemes.iter().map(|scheme| &scheme.document);
    let documents: Vec<Document> = known.chain([document]).cloned().collect();
    SchemeRegistry::build(&documents, metrics)
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
