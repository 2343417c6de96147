//! Schemes that decide by digits.

use super::playbook::{Playbook, playbook};
use super::raw::{RawAt, RawCodeTiers, RawScheme, RawScore, ScoreKind};
use super::rule::{Best, Matching, Rule, Score, ScoreMethod, SplitAt};
use super::{Document, SpecError, Tier, kinds};
use crate::{Text, TierId, id::is_word};

/// Reads a scheme that decides by digits.
pub(super) fn codes(
    document: &Document<'_>,
    raw: &RawScheme,
) -> Result<(Rule, Option<Vec<Tier>>), SpecError> {
    if raw.scores.is_empty() || raw.scores.len() > 5 {
        return Err(document.error(
            "kind",
            ("codes want one to five [[scores]]", "编码须有一到五个 [[scores]]"),
            ("add or remove some", "请增减"),
        ));
    }
    let scores = raw
        .scores
        .iter()
        .enumerate()
        .map(|(i, score)| read_score(document, i, score))
        .collect::<Result<Vec<_>, _>>()?;
    for (i, score) in scores.iter().enumerate() {
        if scores[..i].iter().any(|other| other.digit == score.digit) {
            let problem =
                (format!("`{}` is there twice", score.digit), format!("`{}` 出现两次", score.digit));
            let cure = ("give each score a letter of its own", "请给每个评分一个自己的字母");
            return Err(document.error(&format!("scores[{i}].digit"), problem, cure));
        }
    }
    if let Some(template) = &raw.code_tiers {
        if !raw.tiers.is_empty() {
            return Err(document.error(
                "template",
                ("code_tiers and [[tiers]] are both there", "code_tiers 与 [[tiers]] 同时存在"),
                ("keep one", "请保留一个"),
            ));
        }
        let (every, tiers) = code_tiers(document, raw, &scores, template)?;
        let rule = Rule::Codes { scores, matching: Matching::EveryCode(every) };
        return Ok((rule, Some(tiers)));
    }
    let mut listed = Vec::new();
    for (i, tier) in raw.tiers.iter().enumerate() {
        let key = format!("tiers[{i}].codes");
        let codes = tier.codes.clone().unwrap_or_default();
        for code in &codes {
            let digits: Vec<usize> =
                code.chars().filter_map(|c| c.to_digit(10)).map(|d| d as usize).collect();
            let fits = digits.len() == scores.len()
                && code.len() == scores.len()
                && digits.iter().zip(&scores).all(|(d, s)| (1..=s.count()).contains(d));
            if !fits {
                let problem = (
                    format!("`{code}` is not a code of these scores"),
                    format!("`{code}` 不是这些评分的编码"),
                );
                return Err(document.error(
                    &key,
                    problem,
                    ("one digit a score, from 1 to its count", "每个评分一位数字，从 1 到其档数"),
                ));
            }
        }
        if codes.is_empty() {
            return Err(document.error(
                &key,
                ("the tier has no code", "该层级没有编码"),
                ("list its codes", "请列出它的编码"),
            ));
        }
        listed.push(codes);
    }
    Ok((Rule::Codes { scores, matching: Matching::Listed(listed) }, None))
}

fn read_score(document: &Document<'_>, i: usize, raw: &RawScore) -> Result<Score, SpecError> {
    let at = |leaf: &str| format!("scores[{i}].{leaf}");
    if raw.digit.len() != 1 || !is_word(&raw.digit, '-') {
        let problem = (format!("`{}` is not a letter", raw.digit), format!("`{}` 不是字母", raw.digit));
        return Err(document.error(
            &at("digit"),
            problem,
            ("write one lower-case letter, as r", "请写一个小写字母，例如 r"),
        ));
    }
    let method = match raw.method {
        ScoreKind::Quantiles => match raw.count {
            Some(count @ 2..=9) => ScoreMethod::Quantiles { count },
            _ => {
                return Err(document.error(
                    &at("method"),
                    ("quantiles want a count", "分位须写 count"),
                    ("write count = 5 (2 to 9)", "请写 count = 5（2 到 9）"),
                ));
            }
        },
        ScoreKind::Bands => {
            let cuts = raw.cuts.clone().unwrap_or_default();
            kinds::check_cuts(document, &at("cuts"), &cuts)?;
            if raw.labels.as_ref().is_some_and(|l| l.len() != cuts.len() + 1) {
                return Err(document.error(
                    &at("labels"),
                    ("one label a band is wanted", "每段须有一个标签"),
                    ("write one more than cuts", "须比 cuts 多一个"),
                ));
            }
            ScoreMethod::Bands { cuts, labels: raw.labels.clone() }
        }
        ScoreKind::Split => ScoreMethod::Split {
            at: match &raw.at {
                Some(RawAt::Named(name)) if name == "median" => SplitAt::Median,
                Some(RawAt::Named(name)) if name == "mean" => SplitAt::Mean,
                Some(RawAt::Value(value)) => SplitAt::Value(*value),
                _ => {
                    return Err(document.error(
                        &at("at"),
                        ("no middle to split at", "没有写从哪里一分为二"),
                        ("write \"median\", \"mean\" or a number", "请写 \"median\"、\"mean\" 或一个数"),
                    ));
                }
            },
        },
    };
    if let Some(texts) = &raw.texts {
        for text in texts {
            document.both_languages(&at("texts"), text)?;
        }
    }
    Ok(Score { digit: raw.digit.clone(), metric: raw.metric.clone(), best: raw.best, method })
}

/// Names every code by the template; best codes first.
fn code_tiers(
    document: &Document<'_>,
    raw: &RawScheme,
    scores: &[Score],
    template: &RawCodeTiers,
) -> Result<(Vec<String>, Vec<Tier>), SpecError> {
    let play = playbook(document, &|key| format!("code_tiers.{key}"), &template.playbook())?;
    let mut codes = vec![Vec::new()];
    for score in scores {
        codes = codes
            .into_iter()
            .flat_map(|code: Vec<usize>| {
                (1..=score.count()).rev().map(move |digit| {
                    let mut code = code.clone();
                    code.push(digit);
                    code
                })
            })
            .collect();
    }
    if codes.len() > 400 {
        return Err(document.error(
            "template",
            (format!("{} tiers", codes.len()), format!("共 {} 个层级", codes.len())),
            ("use fewer bands", "请减少分段"),
        ));
    }
    let texts = |code: &[usize], goal: &Text| {
        let pieces: Vec<&Text> = raw
            .scores
            .iter()
            .zip(scores)
            .zip(code)
            .filter_map(|((raw, score), digit)| {
                let band = match score.best {
                    Best::Low => score.count() - digit,
                    Best::High => digit - 1,
                };
                raw.texts.as_ref()?.get(band)
            })
            .collect();
        let en = pieces.iter().map(|t| t.en.as_str()).collect::<Vec<_>>().join(" ");
        let zh = pieces.iter().map(|t| t.zh.as_str()).collect::<Vec<_>>().join("");
        Text::new(format!("{} {en}", goal.en).trim(), format!("{}{zh}", goal.zh).trim())
    };
    let mut tiers = Vec::new();
    for code in &codes {
        let mut name = template.template.clone();
        for (score, &digit) in scores.iter().zip(code) {
            name = name.replace(&format!("{{{}}}", score.digit), &score.label(digit));
        }
        tiers.push(Tier {
            id: TierId::new(name.to_lowercase()),
            name: Text::new(&name, &name),
            beside: Vec::new(),
            playbook: Playbook { goal: texts(code, &play.goal), ..play.clone() },
        });
    }
    let codes = codes.iter().map(|code| code.iter().map(|d| char::from(b'0' + *d as u8)).collect()).collect();
    Ok((codes, tiers))
}
