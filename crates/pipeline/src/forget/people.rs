//! Who is forgotten, and all that the lake calls them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rlibphonenumber::Region;

use super::marks::{MarkKind, Marks};
use crate::collect::values::contact;

/// The customers to be forgotten. What is here is held in memory for as long as it takes.
#[derive(Debug, Default)]
pub struct People {
    /// Ids by source.
    pub ids: BTreeMap<String, BTreeSet<String>>,
    /// Every number that they had, in any generation.
    pub keys: BTreeSet<i32>,
    /// The numbers that they had in each run.
    pub keys_of_run: BTreeMap<String, BTreeSet<i32>>,
    /// Source and number of their orders, with the number that a remainder gets.
    pub orders: HashMap<(String, String), String>,
    /// Kind and text of their other records, as confirmations name them.
    pub records: BTreeSet<(String, String)>,
    /// What tells them in texts.
    pub marks: Marks,
    /// Marks that no other customer has.
    pub own_marks: Marks,
    /// Batch and row of their refused rows.
    pub refused: BTreeSet<(String, i64)>,
    /// For each of their ids the one before it among those of others; empty when it is the first. An id that
    /// somebody of another source has too is not there.
    pub before: BTreeMap<String, String>,
    /// The batches' sources and the columns that name the customer.
    pub batches: BTreeMap<String, (String, Option<String>)>,
    /// Where phone numbers without a prefix are from.
    pub country: Option<Region>,
    /// What begins the numbers of remainders.
    pub remainder: String,
}

impl People {
    pub fn has(&self, source: &str, id: &str) -> bool {
        self.ids.get(source).is_some_and(|ids| ids.contains(id))
    }

    /// Whether one of them has the id, in whatever source.
    pub fn has_id(&self, id: &str) -> bool {
        self.ids.values().any(|ids| ids.contains(id))
    }

    /// How many they are.
    pub fn count(&self) -> u64 {
        self.ids.values().map(|ids| ids.len() as u64).sum()
    }

    /// Notes an order; it gets a number that leads nowhere.
    pub fn note_order(&mut self, source: &str, order: &str) {
        let next = self.orders.len() + 1;
        let number = || format!("{}-{next}", self.remainder);
        self.orders.entry((source.to_owned(), order.to_owned())).or_insert_with(number);
    }

    /// Whether a cell, as a file had it, is one of their phone numbers.
    pub fn is_phone(&self, cell: &str) -> bool {
        let has_digits = cell.bytes().filter(u8::is_ascii_digit).count() >= 7 && cell.len() < 40;
        let number = || contact::phone(cell, self.country);
        has_digits
            && number().is_some_and(|number| {
                self.own_marks.iter().any(|(kind, mark)| kind == MarkKind::Phone && mark == number)
            })
    }

    /// Whether a text of a file names one of them.
    pub fn are_in(&self, text: &str) -> bool {
        self.own_marks.are_in(text) || self.is_phone(text)
    }

    /// Whether the raw row of a batch, a JSON object of its cells, is about one of them.
    pub fn are_in_row(&self, batch: &str, raw: &str) -> bool {
        let Ok(cells) = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(raw) else {
            return self.are_in(raw);
        };
        let known = self.batches.get(batch);
        let named = known.and_then(|(_, column)| column.as_deref()).filter(|c| cells.contains_key(*c));
        cells.iter().any(|(column, cell)| {
            let cell = cell.as_str().map_or_else(|| cell.to_string(), str::to_owned);
            let cell = cell.trim();
            let is_id = || match known {
                Some((source, _)) => self.has(source, cell),
                None => self.has_id(cell),
            };
            // A line that was no row of the table stands under no name, as a whole.
            let has_id = || {
                let words = cell.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
                words.into_iter().any(|word| self.has_id(word))
            };
            match column.as_str() {
                "" => has_id() || self.are_in(cell),
                _ if named.is_none_or(|named| named == column) => is_id() || self.are_in(cell),
                _ => self.are_in(cell),
            }
        })
    }
}
