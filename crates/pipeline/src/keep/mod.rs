//! What keeps a workspace fit for years: dropping runs that nobody asks for any more, removing the
//! files that only they needed, and copies of all that is kept.
//!
//! Like a refresh, this knows all stages; none of them knows it.

mod backup;
mod error;
mod vacuum;
mod which;

pub use backup::{BackupReport, backup, restore};
pub use error::KeepError;
pub use vacuum::{DEFAULT_GRACE, VacuumReport, VacuumRequest, vacuum};
