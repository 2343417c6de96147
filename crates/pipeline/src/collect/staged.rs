//! What an import has staged and not committed.

use std::sync::Arc;

use super::keys::CustomerKeys;
use super::map::MapContext;
use super::sink::Passed;

/// A file that is staged, not committed.
pub struct Staged {
    pub cx: Arc<MapContext>,
    pub passed: Passed,
    pub keys: CustomerKeys,
    pub bytes: u64,
    pub hash: String,
}

impl Staged {
    /// What the rows of the file are.
    pub fn grain(&self) -> &'static str {
        self.cx.layout.grain.name()
    }
}
