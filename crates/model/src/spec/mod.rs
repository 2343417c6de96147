//! Documents that people write: metrics, schemes, source layouts.
//!
//! Each is TOML with a version, checked as it is read. An error names the file, the line,
//! the key and the cure.

mod document;
pub mod metric;
pub mod scheme;
pub mod source;

pub use document::SpecError;
pub use metric::{Absent, Direction, Metric, MetricSource};
pub use scheme::{Scheme, Tier};
