//! A scheme: a rule that puts every customer in exactly one of its tiers.

mod codes;
mod kinds;
mod raw;
mod rule;
#[cfg(test)]
mod tests;

use crate::{SchemeId, Text, TierId};
pub use rule::{Best, Matching, Points, PointsMethod, Rule, Score, ScoreMethod, SplitAt};

use super::document::{Document, SpecError};

/// A classification of customers.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheme {
    pub id: SchemeId,
    /// Raised by one with every published change.
    pub version: u32,
    pub name: Text,
    /// The question that the scheme answers.
    pub question: Text,
    /// Where the rule comes from.
    pub origin: Text,
    /// The rule in a sentence or two.
    pub rule_text: Text,
    /// A condition on who belongs to the base; others are `unknown`.
    pub population: Option<String>,
    /// Whether the first tier is the best; if not, tiers are alternatives in some order.
    pub ranked: bool,
    /// The rule.
    pub rule: Rule,
    /// The tiers, best first when ranked. `unknown` is not among them.
    pub tiers: Vec<Tier>,
}

/// One tier of a scheme, with what to do for its customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    pub id: TierId,
    pub name: Text,
    /// What the company wants with these customers.
    pub goal: Text,
    /// What to do for them, step by step.
    pub actions: Vec<Text>,
}

impl Scheme {
    /// Reads and checks a scheme document.
    ///
    /// # Errors
    /// The first mistake, with its line and cure. Whether metrics and other schemes that it names
    /// exist is checked when the registry is built.
    pub fn parse(file: &str, text: &str) -> Result<Scheme, SpecError> {
        raw::read(&Document { file, text })
    }

    /// An error about one of this scheme's keys, found after parsing.
    pub fn error(file: &str, text: &str, key: &str, problem: String, cure: String) -> SpecError {
        Document { file, text }.error(key, problem, cure)
    }

    /// A tier's place, 0 for the best.
    pub fn position(&self, tier: &str) -> Option<usize> {
        self.tiers.iter().position(|t| t.id.as_str() == tier)
    }

    /// A tier's name in both languages, `unknown` included.
    pub fn tier_name(&self, tier: &str) -> Text {
        match self.tiers.iter().find(|t| t.id.as_str() == tier) {
            Some(tier) => tier.name.clone(),
            None if tier == TierId::UNKNOWN => Text::new("unknown", "未知"),
            None => Text::new(tier, tier),
        }
    }
}
