//! Dense keys of customers, given in the order in which ids are first met.

use std::sync::Arc;

use clientele_engine::arrow::array::{ArrayRef, Int32Array, RecordBatch, StringArray};

use super::error::ImportError;
use super::ids::{Key, Table};
use super::rows::Texts;

const ABSENT: u32 = u32::MAX;

/// The keys of one source's customers.
#[derive(Debug, Default)]
pub struct CustomerKeys {
    /// By the hashes of their ids.
    keys: Table,
    ids: Texts,
    /// Where each key's id is in `ids`.
    place: Vec<u32>,
    next: i32,
    /// Keys below this were there before, and so many ids.
    first_new: i32,
    first_id: usize,
}

impl CustomerKeys {
    /// Takes in a key that was given before.
    pub fn insert_existing(&mut self, hash: u128, id: &str, key: i32) {
        self.keys.insert(Key::from(hash), key as u32);
        self.put(id, key);
    }

    /// Says which key is the first that is free, over all sources.
    pub fn start_at(&mut self, next: i32) {
        self.next = next;
        self.first_new = next;
        self.first_id = self.ids.len();
    }

    /// The key of an id, if it has one.
    pub fn get(&self, hash: u128) -> Option<i32> {
        self.of(Key::from(hash))
    }

    /// The key of an id by what stands for it, if it has one.
    #[inline]
    pub fn of(&self, id: Key) -> Option<i32> {
        self.keys.get(id).map(|key| key as i32)
    }

    /// Reads where an id would be, so that asking for it soon after finds it near at hand.
    #[inline]
    pub fn touch(&self, hash: u128) -> u32 {
        self.keys.touch(Key::from(hash))
    }

    /// The key of an id; a new one when it is first met.
    #[inline]
    pub fn key(&mut self, hash: u128, id: &str) -> Result<i32, ImportError> {
        if let Some(key) = self.get(hash) {
            return Ok(key);
        }
        let key = self.next;
        self.next = key
            .checked_add(1)
            .ok_or(ImportError::TooMany { what: ("customers", "客户数"), limit: i32::MAX as u64 })?;
        self.keys.insert(Key::from(hash), key as u32);
        self.put(id, key);
        Ok(key)
    }

    fn put(&mut self, id: &str, key: i32) {
        let at = key as usize;
        if self.place.len() <= at {
            self.place.resize(at + 1, ABSENT);
        }
        self.place[at] = self.ids.len() as u32;
        self.ids.push(id);
    }

    /// How many got a key since [`Self::start_at`].
    pub fn new_keys(&self) -> u64 {
        (self.next - self.first_new) as u64
    }

    /// Forgets the keys given since [`Self::start_at`].
    pub fn reset(&mut self) {
        if self.next == self.first_new {
            return;
        }
        let first_new = self.first_new;
        self.keys.retain(|key| (key as i32) < first_new);
        self.place.truncate(first_new as usize);
        self.ids.truncate(self.first_id);
        self.next = first_new;
    }

    /// The id of a key; empty when it is another source's.
    pub fn id(&self, key: i32) -> &str {
        match self.place.get(key as usize) {
            Some(&at) if at != ABSENT => self.ids.get(at as usize),
            _ => "",
        }
    }

    /// The ids of a range of keys.
    pub fn ids(&self, from: i32, count: i32) -> ArrayRef {
        let to = from.saturating_add(count).min(self.place.len() as i32);
        Arc::new(StringArray::from_iter_values((from..to).map(|key| self.id(key))))
    }

    /// The rows of the new keys, as the lake keeps them, in pieces.
    pub fn new_rows<'a>(
        &'a self,
        source: &'a str,
    ) -> impl Iterator<Item = Result<RecordBatch, ImportError>> + 'a {
        const PIECE: usize = 1 << 16;
        let keys: Vec<i32> = (self.first_new..self.next).collect();
        let pieces: Vec<Vec<i32>> = keys.chunks(PIECE).map(<[i32]>::to_vec).collect();
        pieces.into_iter().map(move |keys| {
            let ids = StringArray::from_iter_values(keys.iter().map(|key| self.id(*key)));
            let sources = StringArray::from_iter_values(keys.iter().map(|_| source));
            Ok(RecordBatch::try_from_iter_with_nullable([
                ("customer_key", Arc::new(Int32Array::from(keys)) as ArrayRef, true),
                ("source", Arc::new(sources) as ArrayRef, true),
                ("customer_id", Arc::new(ids) as ArrayRef, true),
            ])?)
        })
    }
}
