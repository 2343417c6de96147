//! The commands, one a file. Each reads its arguments, calls the pipeline and shows the result.

pub mod alerts;
pub mod ask;
pub mod backup;
pub mod batches;
#[cfg(feature = "cluster")]
pub mod cluster;
pub mod crosstab;
pub mod customers;
pub mod demand;
pub mod demo;
pub mod doctor;
pub mod drivers;
pub mod explain;
pub mod export;
pub mod forget;
pub mod generate;
pub mod import;
pub mod init;
pub mod metrics;
pub mod movement;
pub mod overrides;
pub mod persona;
mod quality;
pub mod quarantine;
pub mod refresh;
pub mod report;
pub mod satisfaction;
pub mod schemes;
pub mod segments;
pub mod tiers;
pub mod undo;
pub mod vacuum;
