//! Documents that people write: alerts, metrics, questionnaires, schemes, segments, source layouts.
//!
//! Each is TOML with a version, checked as it is read. An error names the file, the line,
//! the key and the cure.

pub mod alert;
mod document;
pub mod metric;
mod misread;
pub mod questionnaire;
pub mod scheme;
pub mod segment;
pub mod source;

pub use alert::Alert;
pub use document::SpecError;
pub use metric::{Absent, Direction, Metric, MetricSource};
pub use questionnaire::Questionnaire;
pub use scheme::{Scheme, Tier};
