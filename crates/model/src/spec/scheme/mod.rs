//! A scheme: a rule that puts every customer in exactly one of its tiers.

mod beside;
#[cfg(test)]
mod beside_tests;
mod checklist;
mod cluster;
mod codes;
mod former;
mod kinds;
#[cfg(test)]
mod kinds_tests;
mod playbook;
mod raw;
mod read;
mod rule;
mod sorts;
mod stay;
mod strangers;
#[cfg(test)]
mod tests;

use crate::{SchemeId, Text, TierId};
pub use playbook::{Action, Cadence, Channel, Owner, Playbook};
pub use rule::{
    Answers, Best, Bounds, Check, Clustering, Grade, Matching, ModelCut, Points, PointsMethod, Rule, Score,
    ScoreMethod, SplitAt,
};
pub use stay::Stay;

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
    /// How long a tier is kept although the rule says another.
    pub stay: Option<Stay>,
    /// How people may have come to a tier that they set by hand, as `interview`; any way, when empty.
    pub methods: Vec<String>,
    /// The tiers, best first when ranked; see [`Scheme::is_better`]. `unknown` is not among them.
    pub tiers: Vec<Tier>,
}

/// One tier of a scheme, with what to do for its customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    pub id: TierId,
    pub name: Text,
    /// Tiers of the list of which neither is better than this one, nor worse, wherever they stand in it. One of two says
    /// so for both.
    pub beside: Vec<TierId>,
    /// What to do for them.
    pub playbook: Playbook,
}

impl Scheme {
    /// Reads and checks a scheme document.
    ///
    /// # Errors
    /// The first mistake, with its line and cure. Whether metrics and other schemes that it names
    /// exist is checked when the registry is built.
    pub fn parse(file: &str, text: &str) -> Result<Scheme, SpecError> {
        read::read(&Document { file, text })
    }

    /// An error about one of this scheme's keys, found after parsing.
    pub fn error(
        file: &str,
        text: &str,
        key: &str,
        problem: impl Into<Text>,
        cure: impl Into<Text>,
    ) -> SpecError {
        Document { file, text }.error(key, problem, cure)
    }

    /// A tier's place, 0 for the best.
    pub fn position(&self, tier: &str) -> Option<usize> {
        self.tiers.iter().position(|t| t.id.as_str() == tier)
    }

    /// Whether a tier is better than another one: it stands before it in a ranked scheme, and neither says that it is
    /// [beside](Tier::beside) the other. Where every code is a tier, no digit of the better one may be less.
    pub fn is_better(&self, tier: &str, than: &str) -> bool {
        let (Some(here), Some(there)) = (self.position(tier), self.position(than)) else { return false };
        if !self.ranked || here >= there {
            return false;
        }
        if let Rule::Codes { matching: Matching::EveryCode(codes), .. } = &self.rule {
            return codes[here].chars().zip(codes[there].chars()).all(|(a, b)| a >= b);
        }
        let beside = |one: usize, other: usize| self.tiers[one].beside.contains(&self.tiers[other].id);
        !beside(here, there) && !beside(there, here)
    }

    /// Whether no tier is better than this one.
    pub fn is_best(&self, tier: &str) -> bool {
        !self.tiers.iter().any(|other| self.is_better(other.id.as_str(), tier))
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
