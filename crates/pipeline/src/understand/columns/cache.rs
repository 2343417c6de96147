//! The columns that a view holds.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Column, Kind};

/// Bytes of columns that are held; beyond it, those used longest ago go.
const MOST_BYTES: usize = 256 << 20;

/// The columns of a view that were asked for last.
#[derive(Debug, Default)]
pub struct ColumnCache {
    held: Mutex<Cached>,
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Cached {
    columns: HashMap<(Kind, String, String), (Column, u64)>,
    bytes: usize,
    /// Counts what was asked for.
    clock: u64,
}

impl ColumnCache {
    /// The columns of a table, as far as they are held.
    pub(super) fn get(&self, table: &str, columns: &[String], kind: Kind) -> Vec<Option<Column>> {
        let mut held = self.lock();
        columns.iter().map(|column| held.one(table, column, kind)).collect()
    }

    /// Holds a column.
    pub(super) fn put(&self, table: &str, column: &str, kind: Kind, made: Column) {
        self.lock().put((kind, table.to_owned(), column.to_owned()), made);
    }

    /// The right to read columns: of many who ask for the same, the first reads it, and the others find it held.
    pub(super) async fn reading(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.reading.lock().await
    }

    fn lock(&self) -> MutexGuard<'_, Cached> {
        // Columns are put in and taken out whole, so a poisoned lock guards sound data.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cached {
    fn one(&mut self, table: &str, column: &str, kind: Kind) -> Option<Column> {
        self.clock += 1;
        let (found, used) = self.columns.get_mut(&(kind, table.to_owned(), column.to_owned()))?;
        *used = self.clock;
        Some(found.clone())
    }

    fn put(&mut self, key: (Kind, String, String), column: Column) {
        self.clock += 1;
        self.bytes += column.bytes();
        if let Some((before, _)) = self.columns.insert(key, (column, self.clock)) {
            self.bytes -= before.bytes();
        }
        while self.bytes > MOST_BYTES {
            let oldest = self.columns.iter().min_by_key(|(_, (_, used))| *used).map(|(key, _)| key.clone());
            let Some((gone, _)) = oldest.and_then(|key| self.columns.remove(&key)) else { break };
            self.bytes -= gone.bytes();
        }
    }
}

impl Column {
    fn bytes(&self) -> usize {
        match self {
            Column::Codes(codes) => codes.bytes(),
            Column::Numbers(numbers) => 8 * numbers.capacity(),
            Column::Amounts(amounts) => 8 * amounts.capacity(),
        }
    }
}
