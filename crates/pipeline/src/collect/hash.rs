//! Maps keyed by values that are hashes already.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

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

/// Parts of [`Seen`]. Each grows on its own, so that growing never takes the memory of two
/// whole maps.
const SHARDS: usize = 64;

/// Record ids that were met, each with a fingerprint of its content: 16 bytes a record.
#[derive(Debug)]
pub struct Seen {
    shards: Vec<HashMap<u64, (u32, u32), BuildHasherDefault<Plain>>>,
    /// Ids whose first 64 bits of hash are another's.
    overflow: ByHash<u32>,
}

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

impl Default for Seen {
    fn default() -> Self {
        Seen { shards: vec![HashMap::default(); SHARDS], overflow: ByHash::default() }
    }
}

impl Seen {
    /// Remembers an id unless it is known.
    #[inline]
    pub fn meet(&mut self, id: u128, content: u64) -> Met {
        let (low, rest, content) = (id as u64, (id >> 64) as u32, content as u32);
        // The map takes its bucket from the low bits and its tag from the top seven; the shard
        // comes from bits between.
        let shard = &mut self.shards[(low >> 40) as usize % SHARDS];
        let known = match shard.get(&low) {
            None => {
                shard.insert(low, (rest, content));
                return Met::First;
            }
            Some((other, known)) if *other == rest => *known,
            Some(_) => match self.overflow.get(&id) {
                Some(known) => *known,
                None => {
                    self.overflow.insert(id, content);
                    return Met::First;
                }
            },
        };
        if known == content { Met::Same } else { Met::Other }
    }

    /// Whether an id is known.
    #[inline]
    pub fn contains(&self, id: u128) -> bool {
        let low = id as u64;
        match self.shards[(low >> 40) as usize % SHARDS].get(&low) {
            Some((rest, _)) if *rest == (id >> 64) as u32 => true,
            Some(_) => self.overflow.contains_key(&id),
            None => false,
        }
    }

    /// How many ids are known.
    pub fn len(&self) -> u64 {
        self.shards.iter().map(|s| s.len() as u64).sum::<u64>() + self.overflow.len() as u64
    }
}

/// Ids that were met, of records that are nothing but what they say: 8 bytes a record. That two
/// of a hundred million differing records are taken for one is as likely as one in two thousand;
/// it makes the second a repetition of the first, which is numbered and kept.
#[derive(Debug)]
pub struct Ids {
    shards: Vec<HashSet<u64, BuildHasherDefault<Plain>>>,
}

impl Default for Ids {
    fn default() -> Self {
        Ids { shards: vec![HashSet::default(); SHARDS] }
    }
}

impl Ids {
    /// Remembers an id; whether it is new.
    #[inline]
    pub fn meet(&mut self, id: u128) -> bool {
        let low = id as u64;
        self.shards[(low >> 40) as usize % SHARDS].insert(low)
    }

    /// Whether an id is known.
    #[inline]
    pub fn contains(&self, id: u128) -> bool {
        let low = id as u64;
        self.shards[(low >> 40) as usize % SHARDS].contains(&low)
    }

    /// How many ids are known.
    pub fn len(&self) -> u64 {
        self.shards.iter().map(|s| s.len() as u64).sum()
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
    fn tells_repetitions_from_new_versions() {
        let mut seen = Seen::default();
        assert_eq!(seen.meet(7, 1), Met::First);
        assert_eq!(seen.meet(7, 1), Met::Same);
        assert_eq!(seen.meet(7, 2), Met::Other);
        let twin = 7 | (9 << 64);
        assert!(!seen.contains(twin));
        assert_eq!(seen.meet(twin, 1), Met::First);
        assert_eq!(seen.meet(twin, 2), Met::Other);
        assert_eq!(seen.len(), 2);
    }
}
