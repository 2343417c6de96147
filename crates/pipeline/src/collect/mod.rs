//! Files → records in the lake, one batch a file.
//!
//! ```text
//! file ─► read ─► recognise, map (worker threads) ─► sink (file order) ─► buckets ─► data files
//!                                                     ├─► quarantine
//!                                                     └─► counts ─► quality report
//! ```
//!
//! A batch is one transaction of the lake: it is there as a whole or not at all. Undo takes a
//! batch back as if it had never been.

pub mod batches;
mod buckets;
mod confirmed;
mod error;
mod hash;
pub(crate) mod history;
mod ids;
mod import;
mod keys;
mod known;
pub(crate) mod lake_rows;
mod lines;
mod map;
pub(crate) mod mapping;
mod pool;
pub mod quarantine;
mod quarantined;
mod recognise;
pub mod records;
mod rows;
mod settle;
mod sink;
mod staged;
mod surveys;
pub mod tables;
mod undo;
pub(crate) mod values;

pub use batches::{BatchInfo, batches};
pub use error::ImportError;
pub use import::{BatchOutcome, BatchReport, ByHand, ImportReport, ImportRequest, import};
pub use mapping::MappingView;
pub use settle::{Settled, TOGETHER as SETTLED_TOGETHER, due as due_to_settle, settle};
pub use undo::{UndoReport, undo};
