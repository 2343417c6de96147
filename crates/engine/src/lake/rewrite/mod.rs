//! Rewriting history: rows leave every version of a table that is kept, not only the newest.
//!
//! A table changes by adding and removing whole files, and a removed file stays for views of earlier
//! generations. So what nobody may keep has to leave all of them: each data file that holds some of it is
//! written anew, and the logs name the new file wherever they named the old one. Versions keep their
//! numbers and whatever else they hold.
//!
//! ```text
//! 1  the new files are written; nothing names them yet
//! 2  the intent is written down: which file replaces which. From here on it counts
//! 3  the logs are rewritten, entry by entry: every version names the old file or the new one, never both
//! 4  the old files are deleted, and last the intent
//! ```
//!
//! Killed before the second step, nothing has happened, and the next writer removes the new files as it
//! does those of any transaction. Killed after it, the next writer does the rest, and until then readers take
//! the new file wherever a log names the old one. The intent names files only, nothing of what was in them.

mod checkpoint;
mod entry;
mod intent;
mod log;
mod read;

pub(super) use intent::{FOLDER, Intent, complete, standing};
pub(super) use read::{files, rows};

use std::collections::HashMap;

use deltalake_core::kernel::Action;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::file::DataFile;
use crate::error::{EngineError, Result};

/// A data file and the one that takes its place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Replaced {
    /// The path of the old file, relative to the folder of its table.
    pub old: String,
    pub new: DataFile,
}

/// What the log of a table says of new files, by the paths of those that they replace.
struct Replacements {
    by_path: HashMap<String, NewFile>,
}

struct NewFile {
    file: DataFile,
    /// The `add` of the log, of which only what tells of the file itself is taken.
    add: Value,
}

/// What an `add` tells of a file itself; its partition is that of the old file.
const OF_THE_FILE: [&str; 5] = ["path", "size", "modificationTime", "stats", "tags"];

impl Replacements {
    fn new(replaced: &[Replaced]) -> Result<Self> {
        let mut by_path = HashMap::new();
        for Replaced { old, new } in replaced {
            let wrong = |error: serde_json::Error| EngineError::corrupt(new.path.clone(), error);
            let add = Action::Add(new.to_add(&[]));
            let mut add = serde_json::to_value(add).map_err(wrong)?;
            let file = NewFile { file: new.clone(), add: add["add"].take() };
            by_path.insert(old.clone(), file);
        }
        Ok(Self { by_path })
    }

    /// The file that replaces the one of that path. Paths are made of characters that a log writes as they
    /// are.
    fn of(&self, path: &str) -> Option<&NewFile> {
        self.by_path.get(path)
    }

    /// Whether a text names an old file at all.
    fn touches(&self, text: &str) -> bool {
        self.by_path.keys().any(|path| text.contains(path.rsplit('/').next().unwrap_or(path)))
    }
}

impl NewFile {
    /// Puts what tells of the file into an action of the log.
    fn put_into(&self, action: &mut Value, keys: &[&str]) {
        let Some(action) = action.as_object_mut() else { return };
        for key in keys {
            match self.add.get(*key) {
                Some(value) if !value.is_null() => action.insert((*key).to_owned(), value.clone()),
                _ => action.remove(*key),
            };
        }
    }
}
