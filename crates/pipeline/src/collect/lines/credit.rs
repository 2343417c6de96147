//! Finds the orders that credit notes take back.

use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use rustc_hash::{FxHashMap, FxHashSet};
use tempfile::SpooledTempFile;

use super::super::error::ImportError;
use super::super::map::MapContext;
use super::OrderBook;

/// Lines kept in memory before the rest goes to a temporary file, in bytes.
const IN_MEMORY: usize = 64 << 20;

/// One line, as far as matching needs it.
const RECORD: usize = 20;

/// What lines were bought and given back: order, product and quantity of each, 20 bytes a
/// line, on disk when they are many. A product is the hash of its id, or else of its name.
pub struct LineSpool {
    file: BufWriter<SpooledTempFile>,
}

/// A customer's product.
type Goods = (i32, u64);

impl Default for LineSpool {
    fn default() -> Self {
        LineSpool { file: BufWriter::new(SpooledTempFile::new(IN_MEMORY)) }
    }
}

impl LineSpool {
    /// Notes a line.
    pub fn push(&mut self, order: u32, product: u64, quantity: i64) -> Result<(), ImportError> {
        let mut record = [0; RECORD];
        record[..4].copy_from_slice(&order.to_le_bytes());
        record[4..12].copy_from_slice(&product.to_le_bytes());
        record[12..].copy_from_slice(&quantity.to_le_bytes());
        self.file.write_all(&record).map_err(failed)
    }

    fn each(&mut self, mut visit: impl FnMut(u32, u64, i64)) -> Result<(), ImportError> {
        self.file.flush().map_err(failed)?;
        let file = self.file.get_mut();
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let mut reader = BufReader::with_capacity(1 << 18, file);
        let mut record = [0; RECORD];
        loop {
            match reader.read_exact(&mut record) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
                Err(error) => return Err(failed(error)),
            }
            let word = |at: usize| {
                u64::from(u32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]]))
            };
            let long = |at: usize| word(at) | (word(at + 4) << 32);
            visit(word(0) as u32, long(4), long(12) as i64);
        }
    }

    /// Matches each credit note to the latest earlier order of the customer that has all its
    /// goods in at least its quantities, less what earlier notes took. Only orders of the same
    /// file count: a link into another batch would dangle once that batch is taken back. Enters
    /// the matches in the book; gives how many notes were matched and how many were not.
    pub fn settle(&mut self, cx: &MapContext, book: &mut OrderBook) -> Result<(u64, u64), ImportError> {
        let notes: Vec<u32> =
            (0..book.len() as u32).filter(|order| book.is_credit_note(cx, *order)).collect();
        if notes.is_empty() {
            return Ok((0, 0));
        }
        let is_note: FxHashSet<u32> = notes.iter().copied().collect();
        let mut given_back: FxHashMap<u32, FxHashMap<u64, i64>> = FxHashMap::default();
        let mut wanted: FxHashSet<Goods> = FxHashSet::default();
        self.each(|order, product, quantity| {
            if is_note.contains(&order) {
                *given_back.entry(order).or_default().entry(product).or_default() += quantity.abs();
                wanted.insert((book.key(order), product));
            }
        })?;
        let mut bought: FxHashMap<Goods, FxHashMap<u32, i64>> = FxHashMap::default();
        self.each(|order, product, quantity| {
            if quantity > 0 && !is_note.contains(&order) && wanted.contains(&(book.key(order), product)) {
                *bought.entry((book.key(order), product)).or_default().entry(order).or_default() += quantity;
            }
        })?;
        let mut in_time = notes;
        in_time.sort_by_key(|order| (book.at(*order), *order));
        let (mut matched, mut unmatched) = (0, 0);
        for note in in_time {
            let goods = given_back.remove(&note).unwrap_or_default();
            match candidate(book, note, &goods, &bought) {
                Some(order) => {
                    for (product, quantity) in &goods {
                        let left =
                            bought.get_mut(&(book.key(note), *product)).and_then(|o| o.get_mut(&order));
                        if let Some(left) = left {
                            *left -= quantity;
                        }
                    }
                    book.set_refunds(note, order);
                    matched += 1;
                }
                None => unmatched += 1,
            }
        }
        Ok((matched, unmatched))
    }
}

/// The latest earlier order that has all the goods; of two at one time, the one entered later.
fn candidate(
    book: &OrderBook,
    note: u32,
    goods: &FxHashMap<u64, i64>,
    bought: &FxHashMap<Goods, FxHashMap<u32, i64>>,
) -> Option<u32> {
    let key = book.key(note);
    let (first, _) = goods.iter().min_by_key(|(product, _)| **product)?;
    let orders = bought.get(&(key, *first))?;
    let has_all = |order: &u32| {
        goods.iter().all(|(product, quantity)| {
            let left = bought.get(&(key, *product)).and_then(|orders| orders.get(order));
            left.is_some_and(|left| left >= quantity)
        })
    };
    orders
        .keys()
        .filter(|order| book.at(**order) <= book.at(note) && has_all(order))
        .max_by_key(|order| (book.at(**order), **order))
        .copied()
}

fn failed(cause: std::io::Error) -> ImportError {
    ImportError::File { file: tempfile::env::temp_dir(), cause }
}
