//! What is wrong with a rule, where, and what was expected there.

use std::fmt;
use std::ops::Range;

use thiserror::Error;

use super::rule::ValueKind;
use super::wanted::Wanted;
use super::{FUNCTIONS, MAX_BYTES, MAX_CONDITIONS, MAX_DEPTH, MAX_VALUES};
use crate::problem::kinds::questions::{UNKNOWN_SCHEME, UNKNOWN_TIER};
use crate::problem::kinds::rules as kinds;
use crate::problem::kinds::segments::UNKNOWN_SEGMENT;
use crate::problem::{Mark, Problem};
use crate::{Language, Text};

/// Why a rule was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.problem().sentence(Language::En))]
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

    /// What is told of it, with the line and a mark below it.
    pub fn problem(&self) -> Problem {
        let TextPosition { line, column, excerpt, mark, .. } = self.place.as_ref();
        let place = (format!("{line}:{column}"), format!("第 {line} 行第 {column} 列"));
        let problem = self.problem.problem().within(place);
        if excerpt.is_empty() {
            return problem;
        }
        let (before, width) = (" ".repeat(mark.0), "^".repeat(mark.1));
        problem.marked(Mark::Excerpt(format!("  {excerpt}\n  {before}{width}")))
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

impl RuleProblem {
    /// What is told of it, without the place.
    pub fn problem(&self) -> Problem {
        match self {
            RuleProblem::Empty => kinds::RULE_EMPTY.problem(),
            RuleProblem::TooLong { bytes } => {
                kinds::RULE_TOO_LONG.problem().with("bytes", bytes).with("most", MAX_BYTES)
            }
            RuleProblem::TooManyConditions { conditions } => {
                let problem = kinds::TOO_MANY_CONDITIONS.problem().with("conditions", conditions);
                problem.with("most", MAX_CONDITIONS)
            }
            RuleProblem::TooManyValues { values } => {
                kinds::TOO_MANY_VALUES.problem().with("values", values).with("most", MAX_VALUES)
            }
            RuleProblem::TooDeep => kinds::TOO_DEEP.problem().with("most", MAX_DEPTH),
            RuleProblem::Character { found } => kinds::CHARACTER.problem().with("found", found),
            RuleProblem::Unclosed => kinds::UNCLOSED.problem(),
            RuleProblem::Expected { found: Some(found), wanted } => {
                kinds::EXPECTED.problem().with("found", found).with_text("wanted", any_of(wanted))
            }
            RuleProblem::Expected { found: None, wanted } => {
                kinds::EXPECTED_MORE.problem().with_text("wanted", any_of(wanted))
            }
            RuleProblem::UnknownField { name, nearest } => {
                kinds::UNKNOWN_FIELD.problem().with("name", name).or_nearest(nearest.as_ref())
            }
            RuleProblem::UnknownFunction { name, nearest } => {
                let problem = kinds::UNKNOWN_FUNCTION.problem().with("name", name);
                problem.with_list("known", FUNCTIONS.as_slice()).or_nearest(nearest.as_ref())
            }
            RuleProblem::UnknownScheme { name, nearest } => {
                UNKNOWN_SCHEME.problem().with("name", name).or_nearest(nearest.as_ref())
            }
            RuleProblem::UnknownTier { scheme, name, nearest, known } => {
                let problem = UNKNOWN_TIER.problem().with("scheme", scheme).with("name", name);
                problem.with("known", known).or_nearest(nearest.as_ref())
            }
            RuleProblem::UnknownSegment { name, nearest } => {
                UNKNOWN_SEGMENT.problem().with("name", name).or_nearest(nearest.as_ref())
            }
            RuleProblem::WrongValue { field, kind, found } => {
                let problem = kinds::WRONG_VALUE.problem().with("field", field).with("found", found);
                problem.with_text("kind", kind_name(*kind))
            }
            RuleProblem::NoOrder { field, kind } => {
                kinds::NO_ORDER.problem().with("field", field).with_text("kind", kind_name(*kind))
            }
            RuleProblem::TooManyDigits { found } => kinds::TOO_MANY_DIGITS.problem().with("found", found),
            RuleProblem::BadDays { found } => kinds::BAD_DAYS.problem().with("found", found),
            RuleProblem::EmptyRange { low, high } => {
                kinds::EMPTY_RANGE.problem().with("low", low).with("high", high)
            }
            RuleProblem::NoMove { tier } => kinds::NO_MOVE.problem().with("tier", tier),
        }
    }
}

/// What might follow, as a list with `or` before the last.
fn any_of(wanted: &[Wanted]) -> Text {
    let [en, zh] = [(Language::En, ", ", " or "), (Language::Zh, "、", "或")].map(|(language, comma, or)| {
        let names: Vec<String> = wanted.iter().map(|w| w.name(language)).collect();
        match names.as_slice() {
            [several @ .., last] if !several.is_empty() => format!("{}{or}{last}", several.join(comma)),
            one => one.concat(),
        }
    });
    Text::new(en, zh)
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
