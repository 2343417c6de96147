//! Ids that were met, however many: the newest in memory, earlier ones on disk.
//!
//! Ids enter a [`Table`] in memory. When it is as large as it may get, it is written to a
//! temporary file as it stands and begun anew. A [`Filter`] knows nearly all ids that no file
//! holds; the few others are looked up where they would stand in each file. So memory does not
//! grow with the rows, and a file without repetitions is hardly ever read back.

mod filter;
mod key;
mod spilled;
mod table;
#[cfg(test)]
mod tests;

pub use key::Key;
pub use table::Table;

use super::error::ImportError;
use filter::Filter;
use spilled::Spilled;

/// What a table of ids may take in memory.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// The base-2 logarithm of the places in memory.
    bits: u32,
    filter_bytes: usize,
}

impl Room {
    /// At most so many bytes; there is no less than some hundred kilobytes. The filter takes more than
    /// the table: it has to tell of all ids, the table only of those that are not on disk yet.
    pub fn within(bytes: u64) -> Self {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX).max(1 << 18);
        let bits = (bytes / 4 / size_of::<table::Slot>()).ilog2().min(30);
        Room { bits, filter_bytes: 1 << (bytes / 2).ilog2() }
    }
}

/// Ids, each with a number. Two ids whose hashes share 96 bits are taken for one.
#[derive(Debug)]
pub struct IdTable {
    young: Table,
    spilled: Vec<Spilled>,
    filter: Filter,
    /// The file in which an id was found last: a file that repeats rows tends to do so in order.
    last: usize,
    len: u64,
    room: Room,
}

impl IdTable {
    /// No ids.
    pub fn new(room: Room) -> Self {
        IdTable {
            young: Table::default(),
            spilled: Vec::new(),
            filter: Filter::default(),
            last: 0,
            len: 0,
            room,
        }
    }

    /// How many ids there are.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// The number of an id that is known; one that is not is remembered with `value`.
    #[inline]
    pub fn meet(&mut self, id: u128, value: u32) -> Result<Option<u32>, ImportError> {
        let key = Key::from(id);
        let at = match self.young.find(key) {
            Ok(at) => return Ok(Some(self.young.value(at))),
            Err(at) => at,
        };
        if !self.spilled.is_empty() && self.filter.may_hold(key) {
            let files = (0..self.spilled.len()).rev();
            for file in std::iter::once(self.last).chain(files) {
                if let Some(value) = self.spilled[file].find(key)? {
                    self.last = file;
                    return Ok(Some(value));
                }
            }
        }
        self.len += 1;
        self.insert(at, key, value)?;
        Ok(None)
    }

    /// Counts an id once more; how often it has been counted by now. Not for ids that
    /// [`Self::meet`] is asked about.
    pub fn count(&mut self, id: u128) -> Result<Option<u32>, ImportError> {
        let key = Key::from(id);
        let found = self.young.find(key);
        let known = match found {
            Ok(at) => Some(self.young.value(at)),
            Err(_) => self.find_spilled(key)?,
        };
        let Some(count) = known.unwrap_or(0).checked_add(1) else { return Ok(None) };
        match found {
            Ok(at) => self.young.set(at, count),
            Err(at) => {
                // The newer count hides the one on disk.
                self.len += u64::from(known.is_none());
                self.insert(at, key, count)?;
            }
        }
        Ok(Some(count))
    }

    /// Whether an id is known.
    pub fn contains(&self, key: Key) -> Result<bool, ImportError> {
        Ok(self.young.find(key).is_ok() || self.find_spilled(key)?.is_some())
    }

    /// Visits all ids that were met; those counted may come more than once.
    pub fn each(&self, visit: &mut dyn FnMut(Key) -> Result<(), ImportError>) -> Result<(), ImportError> {
        for spilled in &self.spilled {
            spilled.each(visit)?;
        }
        self.young.iter().try_for_each(|(key, _)| visit(key))
    }

    /// Reads where an id would be, so that asking for it soon after finds it near at hand. What
    /// is given back means nothing.
    #[inline]
    pub fn touch(&self, id: u128) -> u32 {
        let key = Key::from(id);
        let warm = self.young.touch(key);
        if self.spilled.is_empty() { warm } else { warm ^ self.filter.touch(key) }
    }

    fn find_spilled(&self, key: Key) -> Result<Option<u32>, ImportError> {
        if self.spilled.is_empty() || !self.filter.may_hold(key) {
            return Ok(None);
        }
        for spilled in self.spilled.iter().rev() {
            if let Some(value) = spilled.find(key)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    #[inline]
    fn insert(&mut self, at: usize, key: Key, value: u32) -> Result<(), ImportError> {
        if self.young.put(at, key, value) {
            return Ok(());
        }
        self.make_room()?;
        self.young.insert(key, value);
        Ok(())
    }

    #[cold]
    fn make_room(&mut self) -> Result<(), ImportError> {
        if self.young.bits() < self.room.bits {
            self.young.grow();
            return Ok(());
        }
        if self.spilled.is_empty() {
            self.filter = Filter::new(self.room.filter_bytes);
        }
        self.spilled.push(Spilled::write(&self.young)?);
        for (key, _) in self.young.iter() {
            self.filter.insert(key);
        }
        self.young.clear();
        Ok(())
    }
}
