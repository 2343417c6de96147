//! What is known about records before the rows are read for good.

use std::collections::HashMap;

use super::hash::{ByHash, Hashes};

/// A version of a record that the lake holds.
#[derive(Debug, Clone, Copy)]
pub struct StoredVersion {
    /// Its fingerprint.
    pub content: u64,
    /// The batch it belongs to, as a place in [`Known::batches`].
    pub batch: u32,
}

/// What earlier batches and earlier passes over the file say about records.
#[derive(Debug, Default)]
pub struct Known {
    /// Records that the lake holds, by the hash of their id.
    pub held: ByHash<StoredVersion>,
    /// Orders of which the lake holds what files of the other grain say: those of orders or those
    /// of order lines.
    pub joined: Hashes,
    /// The batches that hold them.
    pub batches: Vec<String>,
    /// For files at line grain: the fingerprints of the file's own orders.
    pub contents: HashMap<u128, u64>,
    /// Orders with a line that was rejected: none of their lines is taken.
    pub blocked: Hashes,
    /// Customer and time of orders of which an early line lacks one.
    pub orders: ByHash<(String, i64)>,
}

/// What to do with a record that the lake may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The lake does not hold it.
    New,
    /// The lake holds it as it is; the number of the batch.
    Unchanged(u32),
    /// The lake holds an earlier version.
    Update,
}

impl Known {
    /// Compares a record with the lake's.
    #[inline]
    pub fn decide(&self, id: u128, content: u64) -> Decision {
        if self.held.is_empty() {
            return Decision::New;
        }
        match self.held.get(&id) {
            None => Decision::New,
            Some(held) if held.content == content => Decision::Unchanged(held.batch),
            Some(_) => Decision::Update,
        }
    }
}
