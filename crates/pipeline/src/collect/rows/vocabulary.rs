//! Words that recur, each stored once and named by a number.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

/// The code of no word.
pub const NO_WORD: u32 = u32::MAX;

/// Words by number.
#[derive(Debug, Default)]
pub struct Vocabulary {
    codes: FxHashMap<Box<str>, u32>,
    words: Vec<Box<str>>,
    hashes: Vec<u64>,
}

impl Vocabulary {
    /// The code of a word; the empty word has none.
    #[inline]
    pub fn code(&mut self, word: &str) -> u32 {
        if word.is_empty() {
            return NO_WORD;
        }
        if let Some(&code) = self.codes.get(word) {
            return code;
        }
        let code = self.words.len() as u32;
        self.codes.insert(word.into(), code);
        self.words.push(word.into());
        self.hashes.push(xxh3_64(word.as_bytes()));
        code
    }

    /// The words, by code.
    pub fn words(&self) -> &[Box<str>] {
        &self.words
    }

    /// The hash of a word, 0 for none: what content is compared by.
    #[inline]
    pub fn hash(&self, code: u32) -> u64 {
        self.hashes.get(code as usize).copied().unwrap_or(0)
    }

    /// The codes that the words of `other` have here, by their codes there.
    pub fn translation(&mut self, other: &Vocabulary) -> Vec<u32> {
        other.words.iter().map(|word| self.code(word)).collect()
    }
}

/// A code told in another vocabulary.
#[inline]
pub fn translate(translation: &[u32], code: u32) -> u32 {
    translation.get(code as usize).copied().unwrap_or(NO_WORD)
}
