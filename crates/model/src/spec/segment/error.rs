//! What is wrong with a rule, where, and what was expected there.

use std::fmt;
use std::ops::Range;

use thiserror::Error;

use super::rule::ValueKind;
use super::wanted::Wanted;
use super::{FUNCTIONS, MAX_BYTES, MAX_CONDITIONS, MAX_DEPTH, MAX_VALUES};
use crate::Language;

/// Why a rule was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.message(Language::En))]
pub struct RuleError {
    pub place: Box<TextPosition>,
    pub problem: RuleProblem,
}

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPosition {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// In bytes, for editors that mark it.
    pub bytes: Range<usize>,
    /// The line, or what is around the place in a long one.
    excerpt: String,
    /// Where the mark goes below the excerpt, and how wide it is.
    mark: (usize, usize),
}

/// The kinds of things that are wrong with rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleProblem {
    Empty,
    TooLong {
        bytes: usize,
    },
    TooManyConditions {
        conditions: usize,
    },
    TooManyValues {
        values: usize,
    },
    TooDeep,
    /// A character that no rule has.
    Character {
        found: char,
    },
    /// A text whose closing quote is missing.
    Unclosed,
    /// Something else was expected; nothing was found where the rule ends.
    Expected {
        found: Option<String>,
        wanted: Vec<Wanted>,
    },
    UnknownField {
        name: String,
        nearest: Option<String>,
    },
    UnknownFunction {
        name: String,
        nearest: Option<String>,
    },
    UnknownScheme {
        name: String,
        nearest: Option<String>,
    },
    UnknownTier {
        scheme: String,
        name: String,
        nearest: Option<String>,
        known: String,
    },
    UnknownSegment {
        name: String,
        nearest: Option<String>,
    },
    /// A value of another kind than the field has.
    WrongValue {
        field: String,
        kind: ValueKind,
        found: String,
    },
    /// `<` and the like on values without an order.
    NoOrder {
        field: String,
        kind: ValueKind,
    },
    /// More digits than are kept exactly.
    TooManyDigits {
        found: String,
    },
    /// Not a whole number of days from 1 to 36,500.
    BadDays {
        found: String,
    },
    /// The first value of `between` is above the second.
    EmptyRange {
        low: String,
        high: String,
    },
    /// A change of tier from one to the same.
    NoMove {
        tier: String,
    },
}

impl RuleError {
    pub(super) fn new(text: &str, at: Range<usize>, problem: RuleProblem) -> Self {
        RuleError { place: Box::new(TextPosition::new(text, at)), problem }
    }

    /// Where, what and the cure, with the line and a mark below it.
    pub fn message(&self, language: Language) -> String {
        let TextPosition { line, column, excerpt, mark, .. } = self.place.as_ref();
        let place = language.pick(format!("{line}:{column}: "), format!("第 {line} 行第 {column} 列："));
        let problem = self.problem.message(language);
        if excerpt.is_empty() {
            return format!("{place}{problem}");
        }
        let (before, width) = (" ".repeat(mark.0), "^".repeat(mark.1));
        format!("{place}{problem}\n  {excerpt}\n  {before}{width}")
    }
}

impl TextPosition {
    /// How many characters of a long line are shown on either side.
    const AROUND: usize = 40;

    fn new(text: &str, at: Range<usize>) -> TextPosition {
        let start = text.floor_char_boundary(at.start.min(text.len()));
        let end = text.ceil_char_boundary(at.end.clamp(start, text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let column = text[line_start..start].chars().count();
        let line: Vec<char> = text[line_start..line_end].chars().collect();
        let length = text[start..end.min(line_end).max(start)].chars().count().max(1);
        let from = column.saturating_sub(Self::AROUND);
        let to = (column + length.min(Self::AROUND) + Self::AROUND).min(line.len());
        let shown =
            |from: usize, to: usize| -> usize { line[from.min(to)..to].iter().map(|c| width(*c)).sum() };
        let (head, tail) = (if from > 0 { "…" } else { "" }, if to < line.len() { "…" } else { "" });
        let excerpt: String =
            line[from..to].iter().map(|c| if c.is_whitespace() { ' ' } else { *c }).collect();
        let marked_to = (column + length).min(to);
        TextPosition {
            line: text[..start].matches('\n').count() + 1,
            column: column + 1,
            bytes: start..end,
            excerpt: format!("{head}{}{tail}", excerpt.trim_end()),
            mark: (
                head.chars().count() + shown(from, column.min(line.len())),
                shown(column, marked_to).max(1),
            ),
        }
    }
}

/// How many places of a terminal a character takes.
fn width(c: char) -> usize {
    if matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}')
    {
        2
    } else {
        1
    }
}

/// `; did you mean …?`, or another cure.
fn hint(language: Language, nearest: Option<&String>, en: &str, zh: &str) -> String {
    match nearest {
        Some(name) => language.pick(format!("; did you mean `{name}`?"), format!("；是不是 {name}？")),
        None => language.pick(format!("; {en}"), format!("；{zh}")),
    }
}

impl RuleProblem {
    /// What is wrong and the cure, in a sentence.
    pub fn message(&self, language: Language) -> String {
        let pick = |en: String, zh: String| language.pick(en, zh);
        match self {
            RuleProblem::Empty => pick(
                "the rule is empty; write a condition, as in spend_365d > 1000".into(),
                "规则为空；请写一个条件，例如 spend_365d > 1000".into(),
            ),
            RuleProblem::TooLong { bytes } => pick(
                format!(
                    "the rule has {bytes} bytes, of at most {MAX_BYTES}; upload long lists of customers instead"
                ),
                format!("规则长 {bytes} 字节，上限为 {MAX_BYTES}；客户名单请改用上传"),
            ),
            RuleProblem::TooManyConditions { conditions } => pick(
                format!(
                    "the rule has {conditions} conditions, of at most {MAX_CONDITIONS}; \
                     write alternatives as `x in (a, b)`, or divide it into segments"
                ),
                format!(
                    "规则有 {conditions} 个条件，上限为 {MAX_CONDITIONS}；并列取值请写成 x in (a, b)，或拆成多个客群"
                ),
            ),
            RuleProblem::TooManyValues { values } => pick(
                format!(
                    "the rule has {values} values, of at most {MAX_VALUES}; upload a list of customers instead"
                ),
                format!("规则有 {values} 个取值，上限为 {MAX_VALUES}；请改用上传客户名单"),
            ),
            RuleProblem::TooDeep => pick(
                format!("groups nest deeper than {MAX_DEPTH} levels; make a segment of the inner part"),
                format!("括号嵌套超过 {MAX_DEPTH} 层；请把内层做成单独的客群"),
            ),
            RuleProblem::Character { found } => pick(
                format!("`{found}` means nothing in a rule; put texts in quotes, as in country = 'UK'"),
                format!("规则中不能出现 {found}；文字请加引号，例如 country = 'UK'"),
            ),
            RuleProblem::Unclosed => pick(
                "the closing quote is missing; add it, and write a quote within a text twice".into(),
                "缺少右引号；请补上，文字里的引号要写两个".into(),
            ),
            RuleProblem::Expected { found, wanted } => expected(language, found.as_deref(), wanted),
            RuleProblem::UnknownField { name, nearest } => {
                let cure = hint(
                    language,
                    nearest.as_ref(),
                    "see `clientele metrics list` and `clientele schemes list`",
                    "可用 clientele metrics list 和 clientele schemes list 查看",
                );
                pick(
                    format!("there is no metric, scheme or profile field `{name}`{cure}"),
                    format!("没有指标、分层方案或客户字段 {name}{cure}"),
                )
            }
            RuleProblem::UnknownFunction { name, nearest } => {
                let all = FUNCTIONS.join(", ");
                let cure =
                    hint(language, nearest.as_ref(), &format!("there are {all}"), &format!("可用的有 {all}"));
                pick(format!("there is no `{name}(…)`{cure}"), format!("没有 {name}(…){cure}"))
            }
            RuleProblem::UnknownScheme { name, nearest } => {
                let see = "clientele schemes list";
                let cure =
                    hint(language, nearest.as_ref(), &format!("see `{see}`"), &format!("可用 {see} 查看"));
                pick(format!("there is no scheme `{name}`{cure}"), format!("没有分层方案 {name}{cure}"))
            }
            RuleProblem::UnknownTier { scheme, name, nearest, known } => {
                let (en, zh) = (format!("its tiers are {known}"), format!("它的层级有：{known}"));
                let cure = hint(language, nearest.as_ref(), &en, &zh);
                pick(
                    format!("scheme {scheme} has no tier `{name}`{cure}"),
                    format!("分层方案 {scheme} 没有层级 {name}{cure}"),
                )
            }
            RuleProblem::UnknownSegment { name, nearest } => {
                let see = "clientele segments list";
                let cure =
                    hint(language, nearest.as_ref(), &format!("see `{see}`"), &format!("可用 {see} 查看"));
                pick(format!("there is no segment `{name}`{cure}"), format!("没有客群 {name}{cure}"))
            }
            RuleProblem::WrongValue { field, kind, found } => {
                let (en, zh) = kind_name(*kind);
                pick(
                    format!("{field} is compared with {en}, not with {found}"),
                    format!("{field} 应与{zh}比较，而不是 {found}"),
                )
            }
            RuleProblem::NoOrder { field, kind } => {
                let (en, zh) = kind_name(*kind);
                pick(
                    format!("{field} is compared with {en}, which has no order; use =, != or in (…)"),
                    format!("{field} 的取值（{zh}）没有大小之分；请用 =、!= 或 in (…)"),
                )
            }
            RuleProblem::TooManyDigits { found } => pick(
                format!("{found} has more than 15 digits; round it"),
                format!("{found} 超过 15 位数字；请取整"),
            ),
            RuleProblem::BadDays { found } => pick(
                format!("{found} is no number of days; write a whole number from 1 to 36500"),
                format!("{found} 不是天数；请写 1 到 36500 的整数"),
            ),
            RuleProblem::EmptyRange { low, high } => pick(
                format!("nothing lies between {low} and {high}; write the smaller one first"),
                format!("{low} 与 {high} 之间没有取值；请把较小的写在前面"),
            ),
            RuleProblem::NoMove { tier } => pick(
                format!("from {tier} to {tier} is no move; name two tiers, or `any`"),
                format!("从 {tier} 到 {tier} 不是迁移；请写两个不同的层级，或用 any"),
            ),
        }
    }
}

fn expected(language: Language, found: Option<&str>, wanted: &[Wanted]) -> String {
    let names: Vec<String> = wanted.iter().map(|w| w.name(language)).collect();
    let wanted = match names.as_slice() {
        [several @ .., last] if !several.is_empty() => {
            let several = several.join(language.pick(", ", "、"));
            language.pick(format!("{several} or {last}"), format!("{several}或{last}"))
        }
        one => one.concat(),
    };
    match found {
        Some(found) => language.pick(
            format!("{wanted} was expected, not `{found}`"),
            format!("这里应为{wanted}，而不是 {found}"),
        ),
        None => language.pick(
            format!("{wanted} was expected, but the rule ends"),
            format!("这里应为{wanted}，但规则已结束"),
        ),
    }
}

/// A kind of value with an example.
fn kind_name(kind: ValueKind) -> (&'static str, &'static str) {
    match kind {
        ValueKind::Number => ("a number", "数字"),
        ValueKind::Text => ("a text in quotes", "加引号的文字"),
        ValueKind::YesNo => ("yes or no", "yes 或 no"),
        ValueKind::Date => ("a day, as 2025-01-31", "日期（如 2025-01-31）"),
        ValueKind::Tier => ("a tier", "层级"),
    }
}

impl fmt::Display for TextPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
