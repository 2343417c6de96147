//! Rows waiting to be written, apart by bucket.

use std::sync::Arc;

use clientele_engine::arrow::array::{ArrayRef, StringArray};

use super::error::ImportError;
use super::keys::CustomerKeys;
use super::pool::{Job, WriterPool};
use super::rows::{Rows, Shape, Vocabulary, WriteContext, translate};

/// A row of a chunk and the customer it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Pick {
    /// The row in its chunk.
    pub row: u32,
    pub key: i32,
}

/// The rows of one table that wait in memory. When they take more than the budget, the fullest
/// bucket is sorted and written.
pub struct Buckets {
    table: &'static str,
    shape: Arc<Shape>,
    source: Arc<str>,
    bucket_customers: i32,
    budget: usize,
    bytes: usize,
    buckets: Vec<Rows>,
    word_arrays: Vec<ArrayRef>,
    /// How many words each array has.
    word_counts: Vec<usize>,
}

impl Buckets {
    /// Empty buckets of a table. `budget` is in bytes.
    pub fn new(
        table: &'static str,
        shape: Shape,
        source: &str,
        bucket_customers: i32,
        budget: usize,
    ) -> Self {
        let codes = shape.codes.len();
        let none: ArrayRef = Arc::new(StringArray::from(vec![""]));
        Buckets {
            table,
            shape: Arc::new(shape),
            source: source.into(),
            bucket_customers,
            budget,
            bytes: 0,
            buckets: Vec::new(),
            word_arrays: vec![none; codes],
            word_counts: vec![0; codes],
        }
    }

    /// The columns.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Takes in rows. Codes are translated where a column has a translation.
    pub fn take(&mut self, rows: &Rows, picks: &[Pick], translations: &[Vec<u32>]) {
        self.scatter(rows, picks, |slot, code| match translations.get(slot) {
            Some(translation) => translate(translation, code),
            None => code,
        });
    }

    fn scatter(&mut self, rows: &Rows, picks: &[Pick], code: impl Fn(usize, u32) -> u32) {
        let Some(last) = picks.iter().map(|pick| pick.key / self.bucket_customers).max() else {
            return;
        };
        let last = last as usize;
        while self.buckets.len() <= last {
            self.buckets.push(Rows::new(&self.shape));
        }
        let homes: Vec<u32> = picks.iter().map(|pick| (pick.key / self.bucket_customers) as u32).collect();
        let buckets = &mut self.buckets;
        let mut bytes = picks.len() * (16 + rows.nums.len() * 8 + rows.codes.len() * 4);
        for (pick, &home) in picks.iter().zip(&homes) {
            let bucket = &mut buckets[home as usize];
            bucket.key.push(pick.key);
            bucket.at.push(rows.at[pick.row as usize]);
            let id = rows.id.get(pick.row as usize);
            bytes += id.len();
            bucket.id.push(id);
        }
        for (slot, values) in rows.nums.iter().enumerate() {
            for (pick, &home) in picks.iter().zip(&homes) {
                buckets[home as usize].nums[slot].push(values[pick.row as usize]);
            }
        }
        for (slot, values) in rows.codes.iter().enumerate() {
            for (pick, &home) in picks.iter().zip(&homes) {
                buckets[home as usize].codes[slot].push(code(slot, values[pick.row as usize]));
            }
        }
        for (slot, values) in rows.texts.iter().enumerate() {
            for (pick, &home) in picks.iter().zip(&homes) {
                let text = values.get(pick.row as usize);
                bytes += text.len() + 4;
                buckets[home as usize].texts[slot].push(text);
            }
        }
        self.bytes += bytes;
    }

    /// Writes the fullest buckets until the rest is within the budget.
    /// `words` are those of each column of codes.
    pub fn relieve(
        &mut self,
        keys: &CustomerKeys,
        words: &[&Vocabulary],
        pool: &mut WriterPool,
    ) -> Result<(), ImportError> {
        while self.bytes > self.budget {
            let fullest = (0..self.buckets.len()).max_by_key(|&i| self.buckets[i].len());
            let Some(bucket) = fullest else { break };
            let before = self.buckets[bucket].bytes();
            self.write(bucket, keys, words, pool, false)?;
            self.bytes = self.bytes.saturating_sub(before.max(1));
        }
        Ok(())
    }

    /// Writes all that is left.
    pub fn finish(
        mut self,
        keys: &CustomerKeys,
        words: &[&Vocabulary],
        pool: &mut WriterPool,
    ) -> Result<(), ImportError> {
        for bucket in 0..self.buckets.len() {
            self.write(bucket, keys, words, pool, true)?;
        }
        Ok(())
    }

    fn write(
        &mut self,
        bucket: usize,
        keys: &CustomerKeys,
        words: &[&Vocabulary],
        pool: &mut WriterPool,
        is_last: bool,
    ) -> Result<(), ImportError> {
        if self.buckets[bucket].is_empty() {
            return Ok(());
        }
        let empty = if is_last { Rows::default() } else { self.buckets[bucket].emptied() };
        let rows = std::mem::replace(&mut self.buckets[bucket], empty);
        let first_key = bucket as i32 * self.bucket_customers;
        self.refresh_words(words);
        let context = WriteContext {
            bucket: bucket as i32,
            first_key,
            customer_ids: keys.ids(first_key, self.bucket_customers),
            source: Arc::clone(&self.source),
            words: self.word_arrays.clone(),
        };
        pool.write(Job { table: self.table, rows, shape: Arc::clone(&self.shape), context })
    }

    fn refresh_words(&mut self, words: &[&Vocabulary]) {
        for (slot, words) in words.iter().enumerate() {
            let known = self.word_counts[slot];
            if known == words.words().len() && known > 0 {
                continue;
            }
            self.word_counts[slot] = words.words().len();
            // One word at least, for rows without a word to point at.
            let none = words.words().is_empty().then_some("");
            let all = none.into_iter().chain(words.words().iter().map(|word| &**word));
            self.word_arrays[slot] = Arc::new(StringArray::from_iter_values(all));
        }
    }
}
