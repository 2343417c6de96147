//! The words of Clientele: ids, money, dates, units, and the documents that
//! describe sources, metrics and schemes.
//!
//! Nothing here reads a file, opens a socket or knows a column format: the crate
//! turns text that people write into types that the rest can trust.

pub mod as_of;
pub mod field_class;
pub mod figure;
pub mod id;
pub mod language;
pub mod money;
pub mod plural;
pub mod problem;
pub mod progress;
pub mod spec;
pub mod unit;

pub use as_of::AsOf;
pub use field_class::{FieldClass, Sight};
pub use figure::Figure;
pub use id::{BatchId, CustomerId, MetricId, RunId, SchemeId, TierId};
pub use language::{Language, Text};
pub use money::{Currency, MONEY_SCALE, Money};
pub use plural::counted;
pub use problem::Problem;
pub use unit::{Unit, UnitFormat};
