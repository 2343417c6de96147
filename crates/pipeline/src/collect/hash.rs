//! Maps keyed by values that are hashes already.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use super::error::ImportError;
use super::ids::{IdTable, Key, Room};

/// Takes the low half of a hash as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }

    fn write_u128(&mut self, value: u128) {
        self.0 = value as u64;
    }
}

/// A map keyed by a hash.
pub type ByHash<V> = HashMap<u128, V, BuildHasherDefault<Plain>>;

/// A set of hashes.
pub type Hashes = HashSet<u128, BuildHasherDefault<Plain>>;

/// Record ids that were met, each with a fingerprint of its content.
#[derive(Debug)]
pub struct Seen(IdTable);

/// What is known about an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// It is new.
    First,
    /// It was there with the same content.
    Same,
    /// It was there with other content.
    Other,
}

impl Seen {
    /// No ids.
    pub fn new(room: Room) -> Self {
        Seen(IdTable::new(room))
    }

    /// Remembers an id unless it is known.
    #[inline]
    pub fn meet(&mut self, id: u128, content: u64) -> Result<Met, ImportError> {
        let content = content as u32;
        Ok(match self.0.meet(id, content)? {
            None => Met::First,
            Some(known) if known == content => Met::Same,
            Some(_) => Met::Other,
        })
    }

    /// Reads where an id would be; see [`IdTable::touch`].
    #[inline]
    pub fn touch(&self, id: u128) -> u32 {
        self.0.touch(id)
    }

    /// Whether an id is known.
    #[inline]
    pub fn contains(&self, id: Key) -> Result<bool, ImportError> {
        self.0.contains(id)
    }

    /// How many ids are known.
    pub fn len(&self) -> u64 {
        self.0.len()
    }
}

/// The id of a record that is alike with others: the `number`th of them, from 2.
pub fn numbered(id: u128, number: u32) -> u128 {
    let mut bytes = [0; 20];
    bytes[..16].copy_from_slice(&id.to_le_bytes());
    bytes[16..].copy_from_slice(&number.to_le_bytes());
    xxhash_rust::xxh3::xxh3_128(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_repetitions_from_new_versions() -> Result<(), ImportError> {
        let mut seen = Seen::new(Room::within(0));
        assert_eq!(seen.meet(7, 1)?, Met::First);
        assert_eq!(seen.meet(7, 1)?, Met::Same);
        assert_eq!(seen.meet(7, 2)?, Met::Other);
        let twin = 7 | (9 << 64);
        assert!(!seen.contains(Key::from(twin))?);
        assert_eq!(seen.meet(twin, 1)?, Met::First);
        assert_eq!(seen.meet(twin, 2)?, Met::Other);
        assert_eq!(seen.len(), 2);
        Ok(())
    }
}
