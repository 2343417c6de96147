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
        let cure = (
            "add survey = \"…\", the id of a file in library/questionnaires",
            "请加上 survey = \"…\"，即 library/questionnaires 中某份问卷的编号",
        );
        return Err(document.error("kind", ("no questionnaire to decide by", "没有写按哪份问卷划分"), cure));
    };
    if !is_word(&survey, '-') {
        let cure = (
            "use the id of a file in library/questionnaires",
            "请写 library/questionnaires 中某份问卷的编号",
        );
        return Err(document.error(
            "survey",
            (format!("`{survey}` is not an id"), format!("`{survey}` 不能作为编号")),
            cure,
        ));
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
            let problem =
                ("the tiers go by dimensions, not by the overall score", "层级按维度划分，不按总分");
            return Err(document.error(&at(key), problem, ("remove it", "请删去")));
        }
        let is_rest = tier.otherwise == Some(true);
        match &tier.dimension {
            Some(_) if is_rest => {
                let problem = (
                    "a tier goes by its dimension or takes the rest, not both",
                    "层级要么按维度，要么接收其余，不能兼有",
                );
                return Err(document.error(&at("otherwise"), problem, ("remove one", "请删去其中一个")));
            }
            Some(dimension) if dimensions.contains(&tier.dimension) => {
                return Err(document.error(
                    &at("dimension"),
                    (format!("`{dimension}` is there twice"), format!("`{dimension}` 出现两次")),
                    ("keep one", "请保留一个"),
                ));
            }
            None if !is_rest => {
                let cure = (
                    "write dimension = \"…\", or otherwise = true",
                    "请写 dimension = \"…\" 或 otherwise = true",
                );
                return Err(document.error(
                    &at("dimension"),
                    ("the tier has no dimension", "该层级没有维度"),
                    cure,
                ));
            }
            None if dimensions.contains(&None) => {
                return Err(document.error(
                    &at("otherwise"),
                    ("two tiers take the rest", "有两个层级接收其余"),
                    ("keep one", "请保留一个"),
                ));
            }
            dimension => dimensions.push(dimension.clone()),
        }
    }
    if dimensions.iter().flatten().count() < 2 {
        let cure = (
            "add a tier with another dimension, or cut the overall score by min and below",
            "请加上另一维度的层级，或用 min 与 below 切分总分",
        );
        return Err(document.error(
            "tiers[0].dimension",
            ("one dimension alone cannot lead", "只有一个维度，谈不上领先"),
            cure,
        ));
    }
    let margin = raw.margin.unwrap_or(0.0);
    if !(0.0..1.0).contains(&margin) {
        let problem = ("the lead is a share of the scale", "领先幅度是量表的占比");
        return Err(document.error("margin", problem, ("write 0.1 for a tenth of it", "十分之一请写 0.1")));
    }
    match (margin > 0.0, dimensions.contains(&None)) {
        (true, false) => {
            let problem = (
                "nobody takes those of whom no dimension leads by so much",
                "没有层级接收领先幅度不足的客户",
            );
            Err(document.error(
                "margin",
                problem,
                (
                    "add a tier with otherwise = true, or remove margin",
                    "请加上 otherwise = true 的层级，或删去 margin",
                ),
            ))
        }
        (false, true) => {
            let problem = ("without a margin one dimension always leads", "没有 margin 时总有一个维度领先");
            Err(document.error(
                "kind",
                problem,
                (
                    "add margin = 0.1, or remove the tier with otherwise = true",
                    "请加上 margin = 0.1，或删去 otherwise = true 的层级",
                ),
            ))
        }
        _ => Ok(Answers::Leading { dimensions, margin }),
    }
}

fn overall(document: &Document<'_>, raw: &RawScheme) -> Result<Answers, SpecError> {
    if raw.margin.is_some() {
        let problem = ("a margin goes with dimensions", "margin 须与维度同用");
        return Err(document.error(
            "margin",
            problem,
            ("remove it, or give the tiers a dimension", "请删去，或给各层级写上维度"),
        ));
    }
    if let Some(i) = raw.tiers.iter().position(|t| t.otherwise.is_some()) {
        let key = format!("tiers[{i}].otherwise");
        return Err(document.error(
            &key,
            ("the tiers cut the overall score", "层级按总分切分"),
            ("write min or below", "请写 min 或 below"),
        ));
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
                let problem = (
                    "only the last tier can take the rest, and it lists nothing",
                    "只有最后一层能接收其余，且不列取值",
                );
                return Err(document.error(
                    &key,
                    problem,
                    ("list values, or move the tier to the end", "请列出取值，或把该层级移到最后"),
                ));
            }
            (true, false) => {
                let cure = (
                    "write values = [\"…\"], or otherwise = true for the last tier",
                    "请写 values = [\"…\"]，最后一层也可写 otherwise = true",
                );
                return Err(document.error(&key, ("the tier has no value", "该层级没有取值"), cure));
            }
            (false, false) => {}
        }
        for value in &listed {
            if value.is_empty() {
                return Err(document.error(
                    &key,
                    ("a value is empty", "有一个取值为空"),
                    ("remove it: what is not known is unknown", "请删去：未知者归入未知层"),
                ));
            }
            if let Some(other) = owners.insert(value.clone(), i) {
                let problem = (
                    format!("`{value}` belongs to {} too", raw.tiers[other].id),
                    format!("`{value}` 也属于 {}", raw.tiers[other].id),
                );
                return Err(document.error(
                    &key,
                    problem,
                    ("leave it in one place; case does not matter", "请只留一处；不分大小写"),
                ));
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
        let cure = (
            "add estimate = { en = \"…\", zh = \"…\" }: what it is and how far it goes",
            "请加上 estimate = { en = \"…\", zh = \"…\" }：这是什么估计，可信到什么程度",
        );
        return Err(document.error(
            "kind",
            ("nothing says what the estimate is", "没有说明这是什么估计"),
            cure,
        ));
    };
    document.both_languages("estimate", &estimate)?;
    let interval = match raw.interval.as_deref() {
        None => None,
        Some([low, high]) => Some((low.clone(), high.clone())),
        Some(_) => {
            let cure = ("write interval = [\"low\", \"high\"]", "请写 interval = [\"下限\", \"上限\"]");
            return Err(document.error("interval", ("two metrics are wanted", "须写两个指标"), cure));
        }
    };
    let is_banded = raw.tiers.iter().any(|t| t.min.is_some() || t.below.is_some());
    let is_shared = raw.tiers.iter().any(|t| t.share.is_some()) || raw.best.is_some();
    let cut = match (is_banded, is_shared) {
        (true, true) => {
            let problem = ("the tiers have bounds and shares", "层级既有上下限又有占比");
            return Err(document.error(
                "kind",
                problem,
                ("write min and below, or share with best", "请写 min 与 below，或 share 与 best"),
            ));
        }
        (true, false) => ModelCut::Bands { bounds: kinds::bounds(document, raw)? },
        (false, _) => ModelCut::Quantiles {
            best: raw.best.unwrap_or(Best::High),
            shares: kinds::shares(document, raw)?,
        },
    };
    if raw.population.is_some() && matches!(cut, ModelCut::Bands { .. }) {
        let problem = ("bounds do not look at the base", "上下限与客户总体无关");
        return Err(document.error(
            "population",
            problem,
            ("remove it, or cut by share", "请删去，或改按占比切分"),
        ));
    }
    Ok(Rule::Model { metric, estimate, interval, cut })
}
