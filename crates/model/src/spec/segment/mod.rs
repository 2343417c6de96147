//! Segments: groups of customers by a rule that people write.
//!
//! ```text
//! spend_365d > 1000 and lifecycle = silent and not segment(vip)
//! ```
//!
//! A rule is conditions joined by `and`, `or`, `not` and parentheses; `and` binds closer than `or`.
//!
//! | condition | example |
//! |---|---|
//! | a metric, compared with `=` `!=` `<` `<=` `>` `>=` | `recency_days <= 30`, `return_rate > 20%` |
//! | a tier of a scheme | `lifecycle = silent`, `rfm-11 in (champions, loyal)` |
//! | a field of the profile | `country = 'UK'`, `registered_at >= 2024-01-01` |
//! | between two values, both included | `frequency between 2 and 5` |
//! | whether something is known | `email is known`, `rfm-11 is unknown` |
//! | a change of tier, of the last days if so many are named | `moved(lifecycle, active -> silent, 30)` |
//! | coming to a tier | `entered(rfm-11, champions, 30)` |
//! | facts of the last days | `events(cart, 30) >= 2`, `orders(90) = 0`, `tickets(complaint, 180) > 0` |
//! | another segment | `segment(vip)` |
//!
//! Texts stand in quotes; single words may stand without. They are compared without case.
//! [`parse`] makes the tree of it and `Display` writes the tree as text again.

mod error;
mod grammar;
mod resolve;
mod rule;
mod text;
mod token;
mod vocabulary;
mod wanted;

#[cfg(test)]
mod tests;

pub use error::{RuleError, RuleProblem, TextPosition};
pub use rule::{Comparison, Condition, FactTable, Field, PROFILE, SegmentRule, Value, ValueKind};
pub(super) use vocabulary::nearest;
pub use vocabulary::{KnownScheme, Vocabulary};
pub use wanted::Wanted;

/// The longest rule, in bytes.
pub const MAX_BYTES: usize = 512 * 1024;
/// The most conditions in a rule.
pub const MAX_CONDITIONS: usize = 1000;
/// The most values in a rule, those of lists included.
pub const MAX_VALUES: usize = 20_000;
/// How deep groups may nest.
pub const MAX_DEPTH: usize = 20;

/// What can stand before parentheses.
const FUNCTIONS: [&str; 6] = ["segment", "moved", "entered", "events", "orders", "tickets"];

/// Reads a rule in its text form.
///
/// # Errors
/// The first thing that is wrong, with its place, what was expected there and the nearest name.
pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<SegmentRule, RuleError> {
    let fail = |(at, problem)| RuleError::new(text, at, problem);
    if text.len() > MAX_BYTES {
        return Err(fail((0..0, RuleProblem::TooLong { bytes: text.len() })));
    }
    let tokens = token::tokens(text).map_err(fail)?;
    let syntax = grammar::parse(&tokens, text.len()).map_err(fail)?;
    resolve::resolve(syntax, vocabulary).map_err(fail)
}

/// Whether a text can be a segment's id: lower-case letters, digits and single `-`, a letter first.
pub fn is_id(text: &str) -> bool {
    crate::id::is_word(text, '-')
}
