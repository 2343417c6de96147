//! What the write lock's objects are called.

/// The object of the lock, in a folder the file.
pub(super) const LOCK: &str = "_lock";
/// What the names of objects begin with that are written only to learn the time of the store.
pub(super) const PROBE: &str = "_lock-";
