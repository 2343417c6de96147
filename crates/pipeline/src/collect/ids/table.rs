//! Ids in memory, in the order of their places.

use super::Key;

/// A key and its number; a free place is all zero.
pub(super) type Slot = [u32; 4];

/// Places after the last that a key can have, so that keys that move on need not start over.
const TAIL: usize = 1 << 10;

const SMALLEST: u32 = 8;

/// A table of ids that is full at two thirds. Each stands at its place or at the first free one
/// after it, so the table is in the order of places, and grows and is searched on disk by it.
#[derive(Debug)]
pub struct Table {
    slots: Vec<Slot>,
    bits: u32,
    len: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self::with_bits(SMALLEST)
    }
}

impl Table {
    fn with_bits(bits: u32) -> Self {
        Table { slots: vec![[0; 4]; (1 << bits) + TAIL], bits, len: 0 }
    }

    /// The base-2 logarithm of the places.
    pub(super) fn bits(&self) -> u32 {
        self.bits
    }

    /// All slots, free ones too.
    pub(super) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Where a key is; else where it would go.
    #[inline]
    pub(super) fn find(&self, key: Key) -> Result<usize, usize> {
        let words = key.words();
        let mut at = key.place(self.bits);
        loop {
            match self.slots.get(at) {
                Some([a, b, c, _]) if [*a, *b, *c] == words => return Ok(at),
                Some([a, b, ..]) if a | b != 0 => at += 1,
                _ => return Err(at),
            }
        }
    }

    /// The number of a key.
    #[inline]
    pub fn get(&self, key: Key) -> Option<u32> {
        self.find(key).ok().map(|at| self.value(at))
    }

    /// The number at a place that [`Self::find`] has found.
    #[inline]
    pub(super) fn value(&self, at: usize) -> u32 {
        self.slots[at][3]
    }

    /// Changes the number at a place that [`Self::find`] has found.
    pub(super) fn set(&mut self, at: usize, value: u32) {
        self.slots[at][3] = value;
    }

    /// Puts a key at the place where it would go; `false` when the table is full.
    #[inline]
    pub(super) fn put(&mut self, at: usize, key: Key, value: u32) -> bool {
        if self.len * 3 >= 2 << self.bits {
            return false;
        }
        let Some(slot) = self.slots.get_mut(at) else { return false };
        let [a, b, c] = key.words();
        *slot = [a, b, c, value];
        self.len += 1;
        true
    }

    /// Enters a key, or changes its number. The table grows as it must.
    pub fn insert(&mut self, key: Key, value: u32) {
        loop {
            match self.find(key) {
                Ok(at) => return self.set(at, value),
                Err(at) if self.put(at, key, value) => return,
                Err(_) => self.grow(),
            }
        }
    }

    /// Makes the table twice as large.
    pub(super) fn grow(&mut self) {
        let old = std::mem::replace(self, Self::with_bits(self.bits + 1));
        for (key, value) in old.iter() {
            self.insert(key, value);
        }
    }

    /// Forgets ids by their numbers.
    pub fn retain(&mut self, is_kept: impl Fn(u32) -> bool) {
        let old = std::mem::take(self);
        for (key, value) in old.iter().filter(|(_, value)| is_kept(*value)) {
            self.insert(key, value);
        }
    }

    /// Forgets all ids and stays as large as it is.
    pub(super) fn clear(&mut self) {
        self.slots.fill([0; 4]);
        self.len = 0;
    }

    /// All ids with their numbers, by place.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Key, u32)> {
        self.slots.iter().filter_map(|[a, b, c, value]| Some((Key::of_words([*a, *b, *c])?, *value)))
    }

    /// Reads where a key would be; see [`super::IdTable::touch`].
    #[inline]
    pub fn touch(&self, key: Key) -> u32 {
        self.slots.get(key.place(self.bits)).map_or(0, |slot| slot[0])
    }
}
