//! The log of a Delta table: one entry a version.
//!
//! Entries are written here and not by the library, for two reasons. One conditional put is the whole
//! commit: nothing comes after it that could fail, so an entry that is there counts and one that is not does
//! not. And an entry carries its maker and a seal, so that one which was cut off or changed is noticed.

use deltalake_core::kernel::Action;
use object_store::path::Path;
use serde_json::json;

use super::objects::{self, Created};
use crate::error::{EngineError, Result};
use crate::integrity::seal::{ENGINE, OPEN};
pub(crate) use crate::integrity::seal::{FOLDER, is_sound, sealed, version};
use crate::location::Location;

/// The text of an entry. Its first line says who made it, and holds the hash of the whole entry.
pub(super) fn entry(actions: &[Action], transaction: &str, at_ms: i64) -> serde_json::Result<String> {
    let about = json!({ "commitInfo": {
        "timestamp": at_ms,
        "operation": "WRITE",
        "operationParameters": { "mode": "Append" },
        "engineInfo": ENGINE,
        "transaction": transaction,
        "seal": OPEN,
    }});
    let mut text = about.to_string();
    for action in actions {
        text.push('\n');
        text += &serde_json::to_string(action)?;
    }
    text.push('\n');
    Ok(sealed(&text))
}

/// The transaction that made an entry, if it says so.
pub(super) fn maker(entry: &[u8]) -> Option<String> {
    let about = about(entry)?;
    about.get("transaction")?.as_str().map(str::to_owned)
}

/// Whether an entry was made by a lake, with its maker in it.
pub(super) fn is_ours(entry: &[u8]) -> bool {
    about(entry).is_some_and(|about| {
        about.get("engineInfo").and_then(|engine| engine.as_str()) == Some(ENGINE)
            && about.get("transaction").is_some()
    })
}

fn about(entry: &[u8]) -> Option<serde_json::Value> {
    let text = std::str::from_utf8(entry).ok()?;
    let mut lines = text.lines().filter(|line| line.contains("\"commitInfo\""));
    lines.find_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()?.get("commitInfo").cloned())
}

/// Whether all files that an entry adds are of a transaction, which has the id in their names.
pub(super) fn adds_only(entry: &[u8], transaction: &str) -> bool {
    let Ok(text) = std::str::from_utf8(entry) else { return false };
    let adds = text.lines().filter_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        line.get("add")?.get("path")?.as_str().map(str::to_owned)
    });
    let adds: Vec<String> = adds.collect();
    !adds.is_empty() && adds.iter().all(|path| path.contains(transaction))
}

/// Where the entry of a version is.
pub(super) fn place(table: &Location, version: u64) -> Result<Path> {
    Ok(table.prefix()?.join(FOLDER).join(format!("{version:020}.json")))
}

/// Writes the entry of a version. If another has taken it, that is a conflict. An answer that was lost is no
/// failure when the entry is there.
pub(super) async fn commit(
    table: &Location,
    version: u64,
    actions: &[Action],
    transaction: &str,
    at_ms: i64,
) -> Result<()> {
    let at = table.to_string();
    let text = entry(actions, transaction, at_ms).map_err(|error| EngineError::corrupt(&at, error))?;
    let path = place(table, version)?;
    let written = objects::create(table, &path, text.into_bytes()).await;
    if let Ok(Created::New) = written {
        return Ok(());
    }
    let found = objects::get(table, &path).await;
    match (written, found) {
        (_, Ok(Some(entry))) if maker(&entry).as_deref() == Some(transaction) => Ok(()),
        (Ok(_), _) => Err(EngineError::Conflict { at }),
        (Err(error), _) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integrity::seal::SEAL;

    #[test]
    fn an_entry_knows_its_maker_and_whether_it_is_whole() {
        let id = "0123456789abcdef0123456789abcdef";
        let text = entry(&[], id, 7).unwrap();
        assert!(is_sound(text.as_bytes()) && is_ours(text.as_bytes()));
        assert_eq!(maker(text.as_bytes()).as_deref(), Some(id));
        for cut in 0..text.len() {
            assert!(!is_sound(&text.as_bytes()[..cut]), "cut at {cut}");
        }
        let changed = text.replace("Append", "Other");
        assert!(!is_sound(changed.as_bytes()) && is_sound(sealed(&changed).as_bytes()));
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 1;
            // One bit in the words that make it ours, or name the seal, makes it one of an earlier release.
            let words = [SEAL, ENGINE].map(|word| text.find(word).map(|from| from..from + word.len()));
            if !words.into_iter().flatten().any(|word| word.contains(&at)) {
                assert!(!is_sound(&changed), "changed at {at}");
            }
        }
    }

    #[test]
    fn an_entry_of_another_program_is_not_ours() {
        let text = br#"{"commitInfo":{"timestamp":1,"operation":"WRITE","engineInfo":"spark"}}"#;
        assert!(is_sound(text) && !is_ours(text) && maker(text).is_none());
    }
}
