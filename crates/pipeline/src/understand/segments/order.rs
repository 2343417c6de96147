//! In which order segments that name each other are evaluated.

use std::collections::{BTreeMap, BTreeSet};

use super::SegmentError;
use super::definition::Definition;

/// The segments in `wanted` and all that they name, each after those that it names.
///
/// # Errors
/// Segments that name each other in a circle, or one that is not there.
pub fn order(
    definitions: &BTreeMap<&str, &Definition>,
    wanted: impl IntoIterator<Item = String>,
) -> Result<Vec<String>, SegmentError> {
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut sorted = Vec::new();
    for first in wanted {
        // Each step of the path: the segment, and what it names that is still to be looked at.
        let mut path: Vec<(String, Vec<String>)> = Vec::new();
        let mut next = Some(first);
        loop {
            if let Some(id) = next.take().filter(|id| !done.contains(id)) {
                if let Some(start) = path.iter().position(|(open, _)| *open == id) {
                    let mut circle: Vec<String> =
                        path[start..].iter().map(|(open, _)| open.clone()).collect();
                    circle.push(id);
                    return Err(SegmentError::Cycle { path: circle });
                }
                let Some(definition) = definitions.get(id.as_str()) else {
                    return Err(SegmentError::Unknown { name: id, nearest: None });
                };
                let names = definition.names().into_iter().rev().map(str::to_owned).collect();
                path.push((id, names));
            }
            let Some((_, open)) = path.last_mut() else { break };
            next = open.pop();
            if next.is_none()
                && let Some((id, _)) = path.pop()
            {
                done.insert(id.clone());
                sorted.push(id);
            }
        }
    }
    Ok(sorted)
}

/// Those that name a segment, directly.
pub fn users(definitions: &BTreeMap<&str, &Definition>, id: &str) -> Vec<String> {
    let users = definitions.values().filter(|d| d.names().contains(id));
    users.map(|d| d.id.clone()).collect()
}
