//! What questions answer, as typed documents: for `--json`, for the tables of the terminal, and for other
//! programs.
//!
//! A document's fields are its contract: they are told by name, carry their unit in the name or the comment,
//! and change only by being added to. Figures that are computed have six significant digits ([`Figure`]).
//! Texts for people are in the language that was asked for; words for programs are the same in every language.

pub mod alerts;
pub mod ask;
pub mod batches;
pub mod crosstab;
pub mod customers;
pub mod demand;
pub mod drivers;
pub mod files;
pub mod forget;
pub mod keep;
pub mod metrics;
pub mod movement;
pub mod overrides;
pub mod persona;
pub mod playbook;
pub mod problem;
pub mod receipt;
pub mod refresh;
mod run;
pub mod satisfaction;
pub mod schemes;
pub mod segments;
pub mod tiers;
mod value;
pub mod verdict;
pub mod workspaces;

pub use clientele_model::Figure;
/// What the report's page shows, the data behind its drawings included.
pub use clientele_report as report;
pub use run::RunReference;
pub use value::{Value, money, time};
