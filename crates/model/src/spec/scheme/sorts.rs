//! Schemes that sort by what customers answered, by what is known of them, or by an estimate.

use std::collections::BTreeMap;

use super::kinds;
use super::raw::RawScheme;
use super::rule::{Answers, Best, ModelCut, Rule};
use super::{Document, SpecError};
use crate::{MetricId, id::is_word};

/// Reads a scheme by a questionnaire.
pub(super) fn questionnaire(document: &Document<'_>, raw: &RawScheme) -> Result<Rule, SpecError> {
    let Some(survey) = raw.survey.clone() else {
        let cure = "add survey = \"…\", the id of a file in library/questionnaires";
        return Err(document.error("kind", "no questionnaire to decide by", cure));
    };
    if !is_word(&survey, '-') {
        let cure = "use the id of a file in library/questionnaires";
        return Err(document.error("survey", format!("`{survey}` is not an id"), cure));
    }
    let by_dimension = raw.tiers.iter().any(|t| t.dimension.is_some());
    let answers = if by_dimension { leading(document, raw)? } else { overall(document, raw)? };
    Ok(Rule::Questionnaire { survey, answers })
}

fn leading(document: &Document<'_>, raw: &RawScheme) -> Result<Answers, SpecError> {
    let mut dimensions: Vec<Option<String>> = Vec::new();
    for (i, tier) in raw.tiers.iter().enumerate() {
        let at = |leaf: &str| format!("tiers[{i}].{leaf}");
        if tier.min.is_some() || tier.below.is_some() {
            let key = if tier.min.is_some() { "min" } else { "below" };
            let problem = "the tiers go by dimensions, not by the overall score";
            return Err(document.error(&at(key), problem, "remove it"));
        }
        let is_rest = tier.otherwise == Some(true);
        match &tier.dimension {
            Some(_) if is_rest => {
                let problem = "a tier goes by its dimension or takes the rest, not both";
                return Err(document.error(&at("otherwise"), problem, "remove one"));
            }
            Some(dimension) if dimensions.contains(&tier.dimension) => {
                return Err(document.error(
                    &at("dimension"),
                    format!("`{dimension}` is there twice"),
                    "keep one",
                ));
            }
            None if !is_rest => {
                let cure = "write dimension = \"…\", or otherwise = true";
                return Err(document.error(&at("dimension"), "the tier has no dimension", cure));
            }
            None if dimensions.contains(&None) => {
                return Err(document.error(&at("otherwise"), "two tiers take the rest", "keep one"));
            }
            dimension => dimensions.push(dimension.clone()),
        }
    }
    if dimensions.iter().flatten().count() < 2 {
        let cure = "add a tier with another dimension, or cut the overall score by min and below";
        return Err(document.error("tiers[0].dimension", "one dimension alone cannot lead", cure));
    }
    let margin = raw.margin.unwrap_or(0.0);
    if !(0.0..1.0).contains(&margin) {
        let problem = "the lead is a share of the scale";
        return Err(document.error("margin", problem, "write 0.1 for a tenth of it"));
    }
    match (margin > 0.0, dimensions.contains(&None)) {
        (true, false) => {
            let problem = "nobody takes those of whom no dimension leads by so much";
            Err(document.error("margin", problem, "add a tier with otherwise = true, or remove margin"))
        }
        (false, true) => {
            let problem = "without a margin one dimension always leads";
            Err(document.error("kind", problem, "add margin = 0.1, or remove the tier with otherwise = true"))
        }
        _ => Ok(Answers::Leading { dimensions, margin }),
    }
}

fn overall(document: &Document<'_>, raw: &RawScheme) -> Result<Answers, SpecError> {
    if raw.margin.is_some() {
        let problem = "a margin goes with dimensions";
        return Err(document.error("margin", problem, "remove it, or give the tiers a dimension"));
    }
    if let Some(i) = raw.tiers.iter().position(|t| t.otherwise.is_some()) {
        let key = format!("tiers[{i}].otherwise");
        return Err(document.error(&key, "the tiers cut the overall score", "write min or below"));
    }
    Ok(Answers::Overall { bounds: kinds::bounds(document, raw)? })
}

/// Reads a scheme by what is known of customers.
pub(super) fn attribute(
    document: &Document<'_>,
    raw: &RawScheme,
    metric: MetricId,
) -> Result<Rule, SpecError> {
    let last = raw.tiers.len() - 1;
    let mut values: Vec<Vec<String>> = Vec::new();
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    let mut has_rest = false;
    for (i, tier) in raw.tiers.iter().enumerate() {
        let key = format!("tiers[{i}].values");
        let listed: Vec<String> =
            tier.values.iter().flatten().map(|value| value.trim().to_lowercase()).collect();
        match (listed.is_empty(), tier.otherwise == Some(true)) {
            (true, true) if i == last => has_rest = true,
            (_, true) => {
                let problem = "only the last tier can take the rest, and it lists nothing";
                return Err(document.error(&key, problem, "list values, or move the tier to the end"));
            }
            (true, false) => {
                let cure = "write values = [\"…\"], or otherwise = true for the last tier";
                return Err(document.error(&key, "the tier has no value", cure));
            }
            (false, false) => {}
        }
        for value in &listed {
            if value.is_empty() {
                return Err(document.error(
                    &key,
                    "a value is empty",
                    "remove it: what is not known is unknown",
                ));
            }
            if let Some(other) = owners.insert(value.clone(), i) {
                let problem = format!("`{value}` belongs to {} too", raw.tiers[other].id);
                return Err(document.error(&key, problem, "leave it in one place; case does not matter"));
            }
        }
        if !listed.is_empty() {
            values.push(listed);
        }
    }
    Ok(Rule::Attribute { metric, values, has_rest })
}

/// Reads a scheme by an estimate.
pub(super) fn model(document: &Document<'_>, raw: &RawScheme, metric: MetricId) -> Result<Rule, SpecError> {
    let Some(estimate) = raw.estimate.clone() else {
        let cure = "add estimate = { en = \"…\", zh = \"…\" }: what it is and how far it goes";
        return Err(document.error("kind", "nothing says what the estimate is", cure));
    };
    document.both_languages("estimate", &estimate)?;
    let interval = match raw.interval.as_deref() {
        None => None,
        Some([low, high]) => Some((low.clone(), high.clone())),
        Some(_) => {
            let cure = "write interval = [\"low\", \"high\"]";
            return Err(document.error("interval", "two metrics are wanted", cure));
        }
    };
    let is_banded = raw.tiers.iter().any(|t| t.min.is_some() || t.below.is_some());
    let is_shared = raw.tiers.iter().any(|t| t.share.is_some()) || raw.best.is_some();
    let cut = match (is_banded, is_shared) {
        (true, true) => {
            let problem = "the tiers have bounds and shares";
            return Err(document.error("kind", problem, "write min and below, or share with best"));
        }
        (true, false) => ModelCut::Bands { bounds: kinds::bounds(document, raw)? },
        (false, _) => ModelCut::Quantiles {
            best: raw.best.unwrap_or(Best::High),
            shares: kinds::shares(document, raw)?,
        },
    };
    if raw.population.is_some() && matches!(cut, ModelCut::Bands { .. }) {
        let problem = "bounds do not look at the base";
        return Err(document.error("population", problem, "remove it, or cut by share"));
    }
    Ok(Rule::Model { metric, estimate, interval, cut })
}
