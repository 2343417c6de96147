//! From when one looks, and how much one sees.

use clientele_model::AsOf;

/// A day to look from, and how far the facts go that are seen. As a rule both are the same; they
/// differ where it is asked what time alone would have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactWindow {
    /// The day from which ages are counted.
    pub from: AsOf,
    /// Facts of this day and later are not seen.
    pub before: AsOf,
}

impl FactWindow {
    /// As a run looks: from a day, at everything before it.
    pub fn at(day: AsOf) -> FactWindow {
        FactWindow { from: day, before: day }
    }
}
