//! Customers with several rows in a file: later values replace earlier ones.

use super::super::hash::ByHash;
use super::super::map::{MapContext, Mapped, merged};
use super::super::rows::{NO_WORD, NONE, Rows, Vocabulary, translate};
use crate::clean::{Example, Rule};

/// A customer as the rows so far say.
struct Latest {
    id: String,
    hash: u128,
    at: i64,
    nums: Vec<i64>,
    codes: Vec<u32>,
    texts: Vec<String>,
}

/// The customers of a file, each once, in the order in which they are first met.
#[derive(Default)]
pub struct LatestRows {
    places: ByHash<usize>,
    customers: Vec<Latest>,
}

impl LatestRows {
    /// Takes the rows of a chunk in, and counts those that complete or replace earlier ones.
    pub fn take(&mut self, cx: &MapContext, mapped: &mut Mapped, words: &mut [Vocabulary]) {
        let translations: Vec<Vec<u32>> =
            words.iter_mut().zip(&mapped.words).map(|(mine, theirs)| mine.translation(theirs)).collect();
        let attributes = cx.shape.text("attributes");
        for index in 0..mapped.rows.len() {
            let row = read(mapped, index, &translations);
            let known = self.places.get(&row.hash).and_then(|at| self.customers.get_mut(*at));
            let Some(known) = known else {
                self.places.insert(row.hash, self.customers.len());
                self.customers.push(row);
                continue;
            };
            let number = mapped.chunk.row_number(mapped.place[index] as usize);
            let value = row.id.clone();
            mapped.tally.left_out += 1;
            mapped.tally.count(Rule::Older, || Example {
                row: number,
                field: Some("customer_id".to_owned()),
                value,
            });
            known.renew(row, attributes);
        }
    }

    /// All customers as one chunk, with the words that their codes stand for.
    pub fn into_mapped(self, cx: &MapContext, words: Vec<Vocabulary>) -> Mapped {
        let mut out = Mapped { rows: Rows::new(&cx.shape), words, ..Mapped::default() };
        for (at, customer) in self.customers.into_iter().enumerate() {
            out.rows.at.push(customer.at);
            out.rows.id.push(&customer.id);
            for (column, value) in out.rows.nums.iter_mut().zip(customer.nums) {
                column.push(value);
            }
            for (column, code) in out.rows.codes.iter_mut().zip(customer.codes) {
                column.push(code);
            }
            for (column, text) in out.rows.texts.iter_mut().zip(&customer.texts) {
                column.push(text);
            }
            out.customers.push(&customer.id);
            out.customer_hash.push(customer.hash);
            out.id_hash.push(customer.hash);
            out.place.push(at as u32);
            out.content.push(cx.content.of(customer.hash as u64, &out.rows, at, &out.words));
        }
        out
    }
}

fn read(mapped: &Mapped, index: usize, translations: &[Vec<u32>]) -> Latest {
    let rows = &mapped.rows;
    let codes = rows.codes.iter().zip(translations);
    Latest {
        id: rows.id.get(index).to_owned(),
        hash: mapped.id_hash[index],
        at: rows.at[index],
        nums: rows.nums.iter().map(|column| column[index]).collect(),
        codes: codes.map(|(column, translation)| translate(translation, column[index])).collect(),
        texts: rows.texts.iter().map(|column| column.get(index).to_owned()).collect(),
    }
}

impl Latest {
    /// Takes over what a later row says; what it leaves empty stays.
    fn renew(&mut self, row: Latest, attributes: Option<usize>) {
        if row.at != NONE {
            self.at = row.at;
        }
        for (mine, later) in self.nums.iter_mut().zip(row.nums) {
            *mine = if later == NONE { *mine } else { later };
        }
        for (mine, later) in self.codes.iter_mut().zip(row.codes) {
            *mine = if later == NO_WORD { *mine } else { later };
        }
        for (slot, (mine, later)) in self.texts.iter_mut().zip(row.texts).enumerate() {
            if later.is_empty() || *mine == later {
                continue;
            }
            *mine = match attributes == Some(slot) && !mine.is_empty() {
                true => merged(mine, &later).unwrap_or(later),
                false => later,
            };
        }
    }
}
