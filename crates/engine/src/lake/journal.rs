//! What a transaction has begun, written down before it is begun.

use std::collections::BTreeSet;

use object_store::path::Path;
use serde::{Deserialize, Serialize};

use super::objects;
use crate::error::{EngineError, Result};
use crate::location::Location;

/// The folder of the journals, one file a transaction that has not ended.
pub(super) const FOLDER: &str = "_staged";

/// The tables that a transaction has begun to write. What is not named here is never cleaned up. Its data
/// files have the transaction's id in their names, and its log entries in their first line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    /// The tables that it touches, those that it makes included.
    pub tables: BTreeSet<String>,
    /// The generation that it builds on: if it counts, it is the next one. Absent in journals of releases
    /// that did not write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<u64>,
}

/// A journal that was found, and whose it is.
pub(super) struct Found {
    pub transaction: String,
    pub journal: Journal,
    path: Path,
}

impl Journal {
    /// Writes the journal, in place of an earlier one of the transaction; it is on the disk when this
    /// returns.
    pub async fn write(&self, lake: &Location, transaction: &str) -> Result<()> {
        let path = place(lake, transaction)?;
        let text =
            serde_json::to_string(self).map_err(|error| EngineError::corrupt(path.to_string(), error))?;
        objects::put(lake, &path, text).await
    }

    pub async fn remove(lake: &Location, transaction: &str) -> Result<()> {
        objects::delete(lake, &place(lake, transaction)?).await
    }

    /// The journals of transactions that have not ended properly, or are open.
    pub async fn all(lake: &Location) -> Result<Vec<Found>> {
        let mut all = Vec::new();
        for path in objects::list(lake, &lake.prefix()?.join(FOLDER)).await? {
            // Whatever else lies here is not ours.
            let Some(transaction) = path.filename().and_then(|name| name.strip_suffix(".json")) else {
                continue;
            };
            if !is_transaction(transaction) {
                continue;
            }
            let Some(bytes) = objects::get(lake, &path).await? else { continue };
            // A journal that was cut off mid-word names no table that could have been begun after it.
            let journal = serde_json::from_slice(&bytes).unwrap_or_default();
            all.push(Found { transaction: transaction.to_owned(), journal, path });
        }
        Ok(all)
    }
}

impl Found {
    pub async fn forget(&self, lake: &Location) -> Result<()> {
        objects::delete(lake, &self.path).await
    }
}

/// Whether a text could be a transaction's id: 32 hexadecimal digits.
pub(super) fn is_transaction(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn place(lake: &Location, transaction: &str) -> Result<Path> {
    Ok(lake.prefix()?.join(FOLDER).join(format!("{transaction}.json")))
}
