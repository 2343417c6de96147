//! The document's form, and its way into a [`Scheme`].

use std::collections::BTreeSet;

use serde::Deserialize;

use super::rule::{Best, Rule};
use super::{Document, Scheme, SpecError, Tier, codes, kinds};
use crate::{MetricId, SchemeId, Text, TierId, id::is_word};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScheme {
    pub id: SchemeId,
    pub version: u32,
    pub kind: Kind,
    pub name: Text,
    pub question: Text,
    pub origin: Text,
    pub rule: Text,
    pub metric: Option<MetricId>,
    pub best: Option<Best>,
    pub population: Option<String>,
    #[serde(default = "yes")]
    pub ranked: bool,
    pub needs: Option<Vec<MetricId>>,
    pub rows: Option<SchemeId>,
    pub columns: Option<SchemeId>,
    #[serde(default)]
    pub scores: Vec<RawScore>,
    #[serde(default)]
    pub points: Vec<RawPoints>,
    pub code_tiers: Option<RawCodeTiers>,
    #[serde(default)]
    pub tiers: Vec<RawTier>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Bands,
    Quantiles,
    Share,
    Codes,
    Rules,
    Scorecard,
    Matrix,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTier {
    pub id: TierId,
    pub name: Text,
    pub goal: Text,
    pub actions: RawActions,
    pub min: Option<f64>,
    pub below: Option<f64>,
    pub share: Option<f64>,
    pub until: Option<f64>,
    pub codes: Option<Vec<String>>,
    pub when: Option<String>,
    pub otherwise: Option<bool>,
    pub min_points: Option<f64>,
    pub cells: Option<Vec<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawActions {
    pub en: Vec<String>,
    pub zh: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScore {
    pub digit: String,
    pub metric: MetricId,
    pub method: ScoreKind,
    pub best: Best,
    pub count: Option<usize>,
    pub cuts: Option<Vec<f64>>,
    pub labels: Option<Vec<String>>,
    pub at: Option<RawAt>,
    pub texts: Option<Vec<Text>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ScoreKind {
    Quantiles,
    Bands,
    Split,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RawAt {
    Named(String),
    Value(f64),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPoints {
    #[allow(dead_code, reason = "a label for readers of the file")]
    pub name: Option<Text>,
    pub metric: Option<MetricId>,
    pub method: Option<ScoreKind>,
    pub best: Option<Best>,
    pub count: Option<usize>,
    pub cuts: Option<Vec<f64>>,
    pub points: Option<RawPointList>,
    pub when: Option<String>,
    pub weight: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RawPointList {
    One(f64),
    Many(Vec<f64>),
}

/// Tiers made from a template: one for every code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCodeTiers {
    /// With `{digit}` for each digit's label, as in `R{r}F{f}M{m}`.
    pub template: String,
    pub goal: Text,
    pub actions: RawActions,
}

fn yes() -> bool {
    true
}

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
    let (rule, generated) = rule(document, &raw)?;
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
        ranked: raw.ranked,
        rule,
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
    document.both_languages(&at("goal"), &raw.goal)?;
    Ok(Tier {
        id: raw.id.clone(),
        name: raw.name.clone(),
        goal: raw.goal.clone(),
        actions: actions(document, &at("actions"), &raw.actions)?,
    })
}

pub(super) fn actions(document: &Document<'_>, key: &str, raw: &RawActions) -> Result<Vec<Text>, SpecError> {
    let is_blank = |text: &String| text.trim().is_empty();
    if raw.en.iter().chain(&raw.zh).any(is_blank) {
        return Err(document.error(key, "an action says nothing", "write what to do, or remove it"));
    }
    if raw.en.len() != raw.zh.len() || raw.en.is_empty() {
        let problem = format!("{} actions in en, {} in zh", raw.en.len(), raw.zh.len());
        return Err(document.error(key, problem, "write at least one, the same number in both"));
    }
    Ok(raw.en.iter().zip(&raw.zh).map(|(en, zh)| Text::new(en, zh)).collect())
}

fn rule(document: &Document<'_>, raw: &RawScheme) -> Result<(Rule, Option<Vec<Tier>>), SpecError> {
    refuse_strangers(document, raw)?;
    let metric = || {
        raw.metric
            .clone()
            .ok_or_else(|| document.error("kind", "this kind decides by one metric", "add metric = \"…\""))
    };
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
    };
    Ok((rule, None))
}

/// Refuses keys that belong to another kind: they would be ignored in silence.
fn refuse_strangers(document: &Document<'_>, raw: &RawScheme) -> Result<(), SpecError> {
    use Kind::*;
    let kind = raw.kind;
    let top = [
        ("metric", raw.metric.is_some(), [Bands, Quantiles, Share].as_slice()),
        ("best", raw.best.is_some(), &[Quantiles]),
        ("population", raw.population.is_some(), &[Quantiles, Share, Codes, Scorecard]),
        ("needs", raw.needs.is_some(), &[Rules]),
        ("rows", raw.rows.is_some(), &[Matrix]),
        ("columns", raw.columns.is_some(), &[Matrix]),
        ("scores", !raw.scores.is_empty(), &[Codes]),
        ("points", !raw.points.is_empty(), &[Scorecard]),
    ];
    let refuse = |key: &str, kinds: &[Kind]| {
        let kinds = kinds.iter().map(|k| format!("{k:?}").to_lowercase()).collect::<Vec<_>>().join(", ");
        let problem = format!("belongs to {kinds}, not to {}", format!("{kind:?}").to_lowercase());
        document.error(key, problem, "remove it, or change kind")
    };
    for (key, there, kinds) in top {
        if there && !kinds.contains(&kind) {
            return Err(refuse(key, kinds));
        }
    }
    for (i, tier) in raw.tiers.iter().enumerate() {
        let keys = [
            ("min", tier.min.is_some(), [Bands].as_slice()),
            ("below", tier.below.is_some(), &[Bands]),
            ("share", tier.share.is_some(), &[Quantiles]),
            ("until", tier.until.is_some(), &[Share]),
            ("codes", tier.codes.is_some(), &[Codes]),
            ("when", tier.when.is_some(), &[Rules]),
            ("otherwise", tier.otherwise.is_some(), &[Rules]),
            ("min_points", tier.min_points.is_some(), &[Scorecard]),
            ("cells", tier.cells.is_some(), &[Matrix]),
        ];
        for (key, there, kinds) in keys {
            if there && !kinds.contains(&kind) {
                return Err(refuse(&format!("tiers[{i}].{key}"), kinds));
            }
        }
    }
    Ok(())
}
