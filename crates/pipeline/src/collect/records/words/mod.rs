//! Words that many systems use for the same things, and ours for them.
//!
//! Names are folded: small letters, no blanks, `_` or `-`. A layout's own words win.

mod behaviour;
mod sales;
mod service;

pub use behaviour::{COST_KINDS, DIRECTIONS, EVENT_KINDS, INTERACTION_KINDS};
pub use sales::{OUTCOMES, RELATION_KINDS, STAGES, stage_rank};
pub use service::{
    CONSENT_CHANNELS, CONSENT_STATUSES, PRIORITIES, SURVEYS, TICKET_CHANNELS, TICKET_KINDS, TICKET_STATUSES,
};

use crate::clean::Rule;

/// The words of a column.
#[derive(Debug)]
pub struct Words {
    /// Our word, and the names that others have for it.
    pub known: &'static [(&'static str, &'static [&'static str])],
    /// What becomes of a word that is not among them.
    pub otherwise: Otherwise,
}

/// What becomes of an unknown word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// It is kept as it is.
    Keep,
    /// It is taken as `other` and kept among the attributes.
    Other,
    /// The value is left out and kept among the attributes.
    Leave,
    /// The row is refused.
    Refuse(Rule),
}

/// Words that are nobody's business but the file's.
pub static PLAIN: Words = Words { known: &[], otherwise: Otherwise::Keep };

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::super::values::text::folded;
    use super::super::{ColumnKind, RECORDS};

    #[test]
    fn no_name_means_two_things() {
        for table in RECORDS {
            for column in table.columns {
                let ColumnKind::Word(words) = column.kind else { continue };
                let mut seen = BTreeMap::new();
                for (ours, names) in words.known {
                    for name in names.iter().chain([ours]) {
                        let name = folded(name);
                        let before = seen.insert(name.clone(), *ours);
                        assert!(
                            before.is_none_or(|b| b == *ours),
                            "{}.{}: {name} is {before:?} and {ours}",
                            table.name,
                            column.name
                        );
                    }
                }
            }
        }
    }
}
