//! What counts in a lake at one moment.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

/// One generation of the manifest: each table's version, and what made the generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub(super) generation: u64,
    pub(super) tables: BTreeMap<String, u64>,
    pub(super) message: String,
    pub(super) committed_at: Option<DateTime<Utc>>,
    pub(super) transaction: String,
}

impl Snapshot {
    /// Counts the commits since the lake was made, which is generation 0.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The tables by name, in alphabetical order.
    pub fn tables(&self) -> impl Iterator<Item = (&str, u64)> {
        self.tables.iter().map(|(name, version)| (name.as_str(), *version))
    }

    /// The Delta version of a table.
    pub fn version(&self, table: &str) -> Option<u64> {
        self.tables.get(table).copied()
    }

    /// What the commit was for, as given to it; empty for generation 0.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// When the commit was made; none for generation 0.
    pub fn committed_at(&self) -> Option<DateTime<Utc>> {
        self.committed_at
    }
}
