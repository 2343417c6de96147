//! Schemes that count conditions.

use super::super::document::at_most;
use super::raw::{RawCheck, RawScheme};
use super::rule::{Check, Grade, Rule};
use super::{Document, SpecError};

/// More conditions than this make no list that anyone would go through.
const MOST: usize = 30;

/// Reads a checklist.
pub(super) fn checklist(document: &Document<'_>, raw: &RawScheme) -> Result<Rule, SpecError> {
    let must = checks(document, "must", raw.must.as_deref().unwrap_or_default())?;
    let signs = checks(document, "signs", raw.signs.as_deref().unwrap_or_default())?;
    if must.is_empty() && signs.is_empty() {
        let cure = (
            "add must = [{ when = \"…\", name = { en = \"…\", zh = \"…\" } }] or signs",
            "请加上 must = [{ when = \"…\", name = { en = \"…\", zh = \"…\" } }] 或 signs",
        );
        return Err(document.error("kind", ("a checklist wants conditions", "清单须有条件"), cure));
    }
    let last = raw.tiers.len() - 1;
    let mut grades = Vec::new();
    for (i, tier) in raw.tiers.iter().enumerate() {
        let key = format!("tiers[{i}].grades");
        match (&tier.grades, tier.otherwise == Some(true), i == last) {
            (None, true, true) => {}
            (_, _, true) => {
                let problem = ("the last tier must take the rest", "最后一层须接收其余客户");
                return Err(document.error(
                    &key,
                    problem,
                    ("write otherwise = true, without grades", "请写 otherwise = true，不写 grades"),
                ));
            }
            (Some(list), false, false) if !list.is_empty() => {
                let read = list.iter().map(|text| grade(document, &key, text, must.len(), signs.len()));
                grades.push(read.collect::<Result<Vec<_>, _>>()?);
            }
            _ => {
                let cure = (
                    "write grades = [\"2/5\"]: 2 of the must-haves and 5 of the signs at least",
                    "请写 grades = [\"2/5\"]：至少满足 2 项必备条件和 5 项迹象",
                );
                return Err(document.error(&key, ("the tier has no grade", "该层级没有等级"), cure));
            }
        }
    }
    Ok(Rule::Checklist { needs: raw.needs.clone().unwrap_or_default(), must, signs, grades })
}

fn checks(document: &Document<'_>, key: &str, raw: &[RawCheck]) -> Result<Vec<Check>, SpecError> {
    if raw.len() > MOST {
        return Err(document.error(
            key,
            (format!("{} conditions", raw.len()), format!("共 {} 个条件", raw.len())),
            at_most(MOST),
        ));
    }
    let mut checks = Vec::new();
    for (i, check) in raw.iter().enumerate() {
        document.both_languages(&format!("{key}[{i}].name"), &check.name)?;
        checks.push(Check { when: check.when.clone(), name: check.name.clone() });
    }
    Ok(checks)
}

fn grade(
    document: &Document<'_>,
    key: &str,
    text: &str,
    must: usize,
    signs: usize,
) -> Result<Grade, SpecError> {
    let parts = text.split_once('/').map(|(m, s)| (m.trim().parse(), s.trim().parse()));
    let Some((Ok(m), Ok(s))) = parts else {
        let cure = ("write must-haves/signs, as in \"2/5\"", "请写 必备条件数/迹象数，例如 \"2/5\"");
        return Err(document.error(
            key,
            (format!("`{text}` is not a grade"), format!("`{text}` 不是等级")),
            cure,
        ));
    };
    if m > must || s > signs {
        let problem = (
            format!("`{text}` can never be met: there are {must} must-haves and {signs} signs"),
            format!("`{text}` 永远无法满足：只有 {must} 项必备条件和 {signs} 项迹象"),
        );
        return Err(document.error(key, problem, ("ask for fewer", "请要求得少些")));
    }
    Ok(Grade { must: m, signs: s })
}
