//! What stands for an id.

/// Ninety-six bits of the hash of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Never zero, which marks a free place.
    low: u64,
    rest: u32,
}

impl From<u128> for Key {
    #[inline]
    fn from(id: u128) -> Self {
        Key { low: (id as u64).max(1), rest: (id >> 64) as u32 }
    }
}

impl Key {
    /// The key in three words, of which the first two are never both zero.
    #[inline]
    pub(super) fn words(self) -> [u32; 3] {
        [self.low as u32, (self.low >> 32) as u32, self.rest]
    }

    /// A key from its words; `None` where they mark a free place.
    #[inline]
    pub(super) fn of_words([low, high, rest]: [u32; 3]) -> Option<Self> {
        let low = u64::from(low) | u64::from(high) << 32;
        (low != 0).then_some(Key { low, rest })
    }

    /// The place among two to the power of `bits`, at most 32. Keys of one place among few are
    /// neighbours among many.
    #[inline]
    pub(super) fn place(self, bits: u32) -> usize {
        // Fingerprints that are folded step by step are less even than hashes.
        (self.low.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32 >> (32 - bits)) as usize
    }

    /// Bits that have little to do with the place.
    #[inline]
    pub(super) fn other_bits(self) -> u64 {
        self.low ^ u64::from(self.rest) << 8
    }
}
