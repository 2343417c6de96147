//! From the document's form to a [`Scheme`].

use std::collections::BTreeSet;

use super::playbook::playbook;
use super::raw::{Kind, RawScheme, RawTier};
use super::rule::{Best, Rule};
use super::{
    Document, Scheme, SpecError, Tier, beside, checklist, cluster, codes, former, kinds, sorts, stay::stay,
    strangers,
};
use crate::{Text, TierId, id::is_word};

/// Reads and checks a scheme document.
pub(super) fn read(document: &Document<'_>) -> Result<Scheme, SpecError> {
    former::refuse(document)?;
    let raw: RawScheme = document.read()?;
    document.check_id("id", raw.id.as_str(), '-')?;
    document.check_version(raw.version)?;
    for (key, text) in
        [("name", &raw.name), ("question", &raw.question), ("origin", &raw.origin), ("rule", &raw.rule)]
    {
        document.both_languages(key, text)?;
    }
    for method in &raw.methods {
        if !is_word(method, '_') {
            let problem = (format!("`{method}` is not a word"), format!("`{method}` 不是合法的词"));
            let cure = (
                "use lower-case letters, digits and _, as in methods = [\"interview\"]",
                "请用小写字母、数字和 _，例如 methods = [\"interview\"]",
            );
            return Err(document.error("methods", problem, cure));
        }
    }
    let (rule, generated) = rule(document, &raw)?;
    let stay = stay(document, &raw)?;
    beside::check(document, &raw)?;
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
            return Err(document.twice(&format!("tiers[{i}].id"), tier.id.as_str()));
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
    document.check_id(&at("id"), raw.id.as_str(), '_')?;
    if raw.id.as_str() == TierId::UNKNOWN {
        let cure = (
            "remove it: customers whose facts are missing get it by themselves",
            "请删去：缺少事实的客户会自动归入",
        );
        return Err(document.error(
            &at("id"),
            ("`unknown` is the product's own tier", "`unknown` 是产品自带的层级"),
            cure,
        ));
    }
    document.both_languages(&at("name"), &raw.name)?;
    let playbook = playbook(document, &at, &raw.playbook())?;
    let beside = raw.beside.clone().unwrap_or_default();
    Ok(Tier { id: raw.id.clone(), name: raw.name.clone(), beside, playbook })
}

fn rule(document: &Document<'_>, raw: &RawScheme) -> Result<(Rule, Option<Vec<Tier>>), SpecError> {
    strangers::refuse(document, raw)?;
    let metric = || {
        raw.metric.clone().ok_or_else(|| {
            let problem = Text::new("this kind decides by one metric", "这一类方案按一个指标划分");
            document.error("kind", problem, Text::new("add metric = \"…\"", "请加上 metric = \"…\""))
        })
    };
    if raw.kind == Kind::Cluster {
        return cluster::cluster(document, raw).map(|(rule, tiers)| (rule, Some(tiers)));
    }
    if raw.tiers.is_empty() && raw.code_tiers.is_none() {
        let problem = Text::new("the scheme has no tiers", "方案没有层级");
        return Err(document.error("kind", problem, Text::new("add [[tiers]]", "请加上 [[tiers]]")));
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
