//! What was met in a chunk already.

use clientele_model::spec::source::OrderStatus;

/// Words for states that were met in this chunk and needed no cleaning.
#[derive(Debug, Default)]
pub struct StatusMemory<'a>(pub Vec<(&'a str, OrderStatus)>);

/// Words of one field that were met in this chunk and needed no cleaning, with their codes.
#[derive(Debug)]
pub struct WordMemory<'a>(pub [Option<(&'a str, u32)>; WordMemory::PLACES]);

impl Default for WordMemory<'_> {
    fn default() -> Self {
        WordMemory([None; WordMemory::PLACES])
    }
}

impl WordMemory<'_> {
    pub const PLACES: usize = 128;

    /// Where a word would be: words that recur differ in their ends or lengths more often than not.
    #[inline]
    pub fn place(&self, word: &str) -> usize {
        let end = |back: usize| word.len().checked_sub(back).map_or(0, |at| usize::from(word.as_bytes()[at]));
        (end(1) + end(2) * 11 + word.len() * 37) % Self::PLACES
    }
}
