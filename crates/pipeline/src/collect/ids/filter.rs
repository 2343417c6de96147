//! A Bloom filter in blocks of half a cache line (Putze, Sanders and Singler 2007).

use super::Key;

/// Eight words, in each of which a key has one bit.
type Block = [u32; 8];

/// Tells of most keys that were never entered that they were not. At 20 bits a key that fails for
/// one in some thousand, at 10 for one in fifty.
#[derive(Debug, Default)]
pub(super) struct Filter {
    blocks: Vec<Block>,
    bits: u32,
}

impl Filter {
    /// An empty filter of so many bytes, at most; they are a power of two.
    pub(super) fn new(bytes: usize) -> Self {
        let bits = (bytes / size_of::<Block>()).max(1).ilog2().min(32);
        Filter { blocks: vec![[0; 8]; 1 << bits], bits }
    }

    /// Enters a key.
    pub(super) fn insert(&mut self, key: Key) {
        if let Some(block) = self.blocks.get_mut(key.place(self.bits)) {
            for (word, bit) in block.iter_mut().zip(bits(key)) {
                *word |= bit;
            }
        }
    }

    /// Whether a key may have been entered.
    #[inline]
    pub(super) fn may_hold(&self, key: Key) -> bool {
        let Some(block) = self.blocks.get(key.place(self.bits)) else { return false };
        block.iter().zip(bits(key)).fold(true, |all, (word, bit)| all & (word & bit != 0))
    }

    /// Reads where a key would be.
    #[inline]
    pub(super) fn touch(&self, key: Key) -> u32 {
        self.blocks.get(key.place(self.bits)).map_or(0, |block| block[0])
    }
}

#[inline]
fn bits(key: Key) -> impl Iterator<Item = u32> {
    let other = key.other_bits();
    (0..8).map(move |word| 1 << (other >> (5 * word) & 31))
}
