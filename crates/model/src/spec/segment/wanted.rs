//! What a rule could go on with, for messages.

use crate::Language;

/// What could stand at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    Condition,
    Operator,
    Value,
    Number,
    Days,
    Kind,
    Scheme,
    Tier,
    Segment,
    Word(&'static str),
    End,
}

impl Wanted {
    /// In words.
    pub fn name(self, language: Language) -> String {
        let (en, zh) = match self {
            Wanted::Condition => ("a condition", "条件"),
            Wanted::Operator => (
                "a comparison (=, !=, <, <=, >, >=, in, between, is)",
                "比较（=、!=、<、<=、>、>=、in、between、is）",
            ),
            Wanted::Value => ("a value", "取值"),
            Wanted::Number => ("a number", "数字"),
            Wanted::Days => ("a number of days", "天数"),
            Wanted::Kind => ("a kind", "种类"),
            Wanted::Scheme => ("a scheme", "分层方案"),
            Wanted::Tier => ("a tier", "层级"),
            Wanted::Segment => ("the name of a segment", "客群名"),
            Wanted::Word(word) => return format!("`{word}`"),
            Wanted::End => ("the end", "规则结尾"),
        };
        language.pick(en, zh).to_owned()
    }
}
