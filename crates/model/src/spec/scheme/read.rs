//! From the document's form to a [`Scheme`].

use std::collections::BTreeSet;

use super::playbook::playbook;
use super::raw::{Kind, RawScheme, RawTier};
use super::rule::{Best, Rule};
use super::{
    Document, Scheme, SpecError, Tier, checklist, cluster, codes, kinds, sorts, stay::stay, strangers,
};
use crate::{TierId, id::is_word};

/// Reads and checks a scheme document.
pub(super) fn read(document: &Document<'_>) -> Result<Scheme, SpecError> {
    let raw: RawScheme = document.read()?;
    if !is_word(raw.id.as_str(), '-') {
        let cure = "use lower-case letters, digits and -, starting with a letter";
        return Err(document.error("id", format!("`{}` is not an id", raw.id), cure));
    }
    if raw.version == 0 {
        return Err(document.error("version", "versions start at 1", "write version = 1"));
    }
    for (key, text) in
        [("name", &raw.name), ("question", &raw.question), ("origin", &raw.origin), ("rule", &raw.rule)]
    {
        document.both_languages(key, text)?;
    }
    for method in &raw.methods {
        if !is_word(method, '_') {
            let cure = "use lower-case letters, digits and _, as in methods = [\"interview\"]";
            return Err(document.error("methods", format!("`{method}` is not a word"), cure));
        }
    }
    let (rule, generated) = rule(document, &raw)?;
    let stay = stay(document, &raw)?;
    let tiers = match generated {
        Some(tiers) => tiers,
        None => raw
            .tiers
            .iter()
            .enumerate()
            .map(|(i, tier)| read_tier(document, i, tier))
            .collect::<Result<_, _>>()?,
    };
    let mut seen = BTreeSet::new();
    for (i, tier) in tiers.iter().enumerate() {
        if !seen.insert(tier.id.as_str()) {
            let key = format!("tiers[{i}].id");
            return Err(document.error(&key, format!("`{}` is there twice", tier.id), "rename one"));
        }
    }
    Ok(Scheme {
        id: raw.id,
        version: raw.version,
        name: raw.name,
        question: raw.question,
        origin: raw.origin,
        rule_text: raw.rule,
        population: raw.population,
        ranked: raw.ranked && raw.kind != Kind::Cluster,
        rule,
        stay,
        methods: raw.methods,
        tiers,
    })
}

fn read_tier(document: &Document<'_>, i: usize, raw: &RawTier) -> Result<Tier, SpecError> {
    let at = |leaf: &str| format!("tiers[{i}].{leaf}");
    if !is_word(raw.id.as_str(), '_') {
        let cure = "use lower-case letters, digits and _, starting with a letter";
        return Err(document.error(&at("id"), format!("`{}` is not an id", raw.id), cure));
    }
    if raw.id.as_str() == TierId::UNKNOWN {
        let cure = "remove it: customers whose facts are missing get it by themselves";
        return Err(document.error(&at("id"), "`unknown` is the product's own tier", cure));
    }
    document.both_languages(&at("name"), &raw.name)?;
    let playbook = playbook(document, &at, &raw.playbook())?;
    Ok(Tier { id: raw.id.clone(), name: raw.name.clone(), playbook })
}

fn rule(document: &Document<'_>, raw: &RawScheme) -> Result<(Rule, Option<Vec<Tier>>), SpecError> {
    strangers::refuse(document, raw)?;
    let metric = || {
        raw.metric
            .clone()
            .ok_or_else(|| document.error("kind", "this kind decides by one metric", "add metric = \"…\""))
    };
    if raw.kind == Kind::Cluster {
        return cluster::cluster(document, raw).map(|(rule, tiers)| (rule, Some(tiers)));
    }
    if raw.tiers.is_empty() && raw.code_tiers.is_none() {
        return Err(document.error("kind", "the scheme has no tiers", "add [[tiers]]"));
    }
    let rule = match raw.kind {
        Kind::Bands => Rule::Bands { metric: metric()?, bounds: kinds::bounds(document, raw)? },
        Kind::Quantiles => Rule::Quantiles {
            metric: metric()?,
            best: raw.best.unwrap_or(Best::High),
            shares: kinds::shares(document, raw)?,
        },
        Kind::Share => Rule::Share { metric: metric()?, until: kinds::until(document, raw)? },
        Kind::Codes => return codes::codes(document, raw),
        Kind::Rules => kinds::rules(document, raw)?,
        Kind::Scorecard => kinds::scorecard(document, raw)?,
        Kind::Matrix => kinds::matrix(document, raw)?,
        Kind::Checklist => checklist::checklist(document, raw)?,
        Kind::Questionnaire => sorts::questionnaire(document, raw)?,
        Kind::Model => sorts::model(document, raw, metric()?)?,
        Kind::Attribute => sorts::attribute(document, raw, metric()?)?,
        Kind::Cluster | Kind::Manual => Rule::Manual,
    };
    Ok((rule, None))
}
