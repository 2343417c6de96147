//! Entries of a table's log that tell whether they are as they were written.

use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

/// The folder of a table's log.
pub(crate) const FOLDER: &str = "_delta_log";

/// What makes an entry known as one of ours.
pub(crate) const ENGINE: &str = "clientele-lake";
/// What the seal follows.
pub(crate) const SEAL: &str = "\"seal\":\"";
/// A seal while it is computed: of the length of a hash as text.
pub(crate) const OPEN: &str = "0000000000000000";

/// An entry that was changed on purpose, with its seal set anew; one of an earlier release has none.
pub(crate) fn sealed(entry: &str) -> String {
    let Some(place) = seal_of(entry) else { return entry.to_owned() };
    let (before, after) = (&entry[..place.start], &entry[place.end..]);
    let seal = xxh3_64([before, OPEN, after].concat().as_bytes());
    format!("{before}{seal:016x}{after}")
}

/// Where the seal stands in an entry.
fn seal_of(entry: &str) -> Option<Range<usize>> {
    let first = entry.lines().next()?;
    let at = first.find(SEAL)? + SEAL.len();
    entry.get(at..at + OPEN.len()).map(|seal| at..at + seal.len())
}

/// Whether an entry is as it was written; one without a seal, as earlier releases wrote them, cannot tell.
pub(crate) fn is_sound(entry: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(entry) else { return false };
    if seal_of(text).is_some() {
        return sealed(text) == text;
    }
    let mut lines = text.lines();
    let is_whole = |line: &str| serde_json::from_str::<serde_json::Value>(line).is_ok();
    // One of ours without a seal has lost it.
    lines.next().is_some_and(|first| !first.contains(ENGINE))
        && text.lines().next_back().is_some_and(is_whole)
}

/// The version that the name of an entry or a checkpoint begins with.
pub(crate) fn version(name: &str) -> Option<u64> {
    name.get(..20)?.parse().ok()
}
