//! What counts as a fault in a row, and how a batch is judged.

mod quality;
mod report;
mod rules;

pub(crate) use quality::share;
pub use quality::{Figure, Figures};
pub use report::{Example, QualityReport, RuleCount, Totals};
pub use rules::{Outcome, Rule};
