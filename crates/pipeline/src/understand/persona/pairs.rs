//! What a group buys together.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use clientele_engine::arrow::array::{Array, ArrayRef, AsArray, StringArray, StringViewArray};
use clientele_engine::arrow::datatypes::Int32Type;
use clientele_engine::{DataFile, EngineError, Session};
use clientele_predict::baskets::{Pair, Pairs};
use rustc_hash::FxHashMap;

use crate::understand::RunView;
use crate::understand::columns::keys_of;
use crate::understand::demand::lines_seen;
use crate::understand::groups::InsightError;
use crate::understand::groups::Sides;
use crate::understand::view::viewed;

/// Pairs that are shown.
const MOST: usize = 15;
/// Pairs that are counted at a time; about 150 MB.
const MOST_HELD: usize = 2_000_000;
/// When so many lines have been read, no further bucket is begun: the figures are steady by then.
const ENOUGH_LINES: u64 = 3_000_000;

/// What pairs are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairsOf {
    Products,
    Categories,
}

/// Pairs that are in one order more often than by chance.
#[derive(Debug, Clone, PartialEq)]
pub struct BoughtTogether {
    pub of: PairsOf,
    /// Orders that were looked at.
    pub orders: u64,
    /// Whether these are a part of all, whole buckets of customers.
    pub sampled: bool,
    /// The most frequent first, with the names of both.
    pub pairs: Vec<(String, String, Pair)>,
}

/// Goes through the order lines bucket by bucket, in the order of buckets. None without order lines.
pub(super) async fn together(view: &RunView, sides: &Sides) -> Result<Option<BoughtTogether>, InsightError> {
    let files = view.whole().inputs.files("order_lines").await?;
    let bucket = |file: &DataFile| file.partitions.get("bucket").and_then(|b| b.parse().ok());
    let buckets: BTreeSet<i64> = files.iter().filter_map(bucket).collect();
    if buckets.is_empty() {
        return Ok(None);
    }
    for of in [PairsOf::Products, PairsOf::Categories] {
        let mut counter = Counter::new(of);
        let mut done = 0;
        for bucket in &buckets {
            if counter.lines >= ENOUGH_LINES {
                break;
            }
            counter.count(view, sides, &view.in_bucket(*bucket)?).await?;
            done += 1;
        }
        let pairs = counter.top(view.minimum_group());
        if !pairs.is_empty() || of == PairsOf::Categories {
            let (orders, sampled) = (counter.pairs.baskets(), done < buckets.len());
            return Ok((orders > 0).then_some(BoughtTogether { of, orders, sampled, pairs }));
        }
    }
    Ok(None)
}

/// Orders put together from their lines as they come.
struct Counter {
    of: PairsOf,
    pairs: Pairs,
    numbers: FxHashMap<String, u32>,
    names: Vec<String>,
    lines: u64,
}

impl Counter {
    fn new(of: PairsOf) -> Self {
        let (numbers, names) = (FxHashMap::default(), Vec::new());
        Counter { of, pairs: Pairs::new(MOST_HELD), numbers, names, lines: 0 }
    }

    async fn count(&mut self, view: &RunView, sides: &Sides, session: &Session) -> Result<(), EngineError> {
        let (item, name) = match self.of {
            PairsOf::Products => ("COALESCE(product_id, product_name)", "COALESCE(product_name, product_id)"),
            PairsOf::Categories => ("category", "category"),
        };
        let sql = format!(
            "SELECT customer_key, source, order_id, {item} AS item, {name} AS name FROM {} \
             WHERE {} AND {item} IS NOT NULL",
            viewed(session, "order_lines"),
            lines_seen(view, ""),
        );
        let batches = session.sql(&sql).await?.collect().await?;
        let wrong = |cause: String| EngineError::Query { cause, sql: sql.clone() };
        // Each line of the group: customer, batch, row.
        let mut lines: Vec<(i32, u32, u32)> = Vec::new();
        let mut texts = Vec::with_capacity(batches.len());
        for (place, batch) in batches.iter().enumerate() {
            let keys = keys_of(batch).map_err(wrong)?;
            let own = keys.as_primitive::<Int32Type>().values().iter().enumerate();
            let own = own.filter(|(_, key)| sides.get(**key) == Some(Sides::HERE));
            lines.extend(own.map(|(row, key)| (*key, place as u32, row as u32)));
            texts.push([1, 2, 3, 4].map(|column| Texts::of(batch.column(column))));
        }
        self.lines += lines.len() as u64;
        lines.sort_unstable();
        for own in lines.chunk_by_mut(|a, b| a.0 == b.0) {
            let text = |line: &(i32, u32, u32), column: usize| {
                texts[line.1 as usize][column].as_ref().map_or("", |texts| texts.get(line.2 as usize))
            };
            own.sort_unstable_by(|a, b| {
                let differs = (0..4).map(|column| text(a, column).cmp(text(b, column)));
                differs.fold(Ordering::Equal, Ordering::then)
            });
            for order in own.chunk_by(|a, b| text(a, 0) == text(b, 0) && text(a, 1) == text(b, 1)) {
                let basket: Vec<u32> =
                    order.iter().map(|line| self.number(text(line, 2), text(line, 3))).collect();
                self.pairs.add(own_key(order), &basket);
            }
        }
        Ok(())
    }

    /// The number of an item, which keeps the first name that it is met with.
    fn number(&mut self, item: &str, name: &str) -> u32 {
        if let Some(known) = self.numbers.get(item) {
            return *known;
        }
        let next = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.numbers.insert(item.to_owned(), next);
        next
    }

    fn top(&self, least: u64) -> Vec<(String, String, Pair)> {
        let name = |item: u32| self.names.get(item as usize).cloned().unwrap_or_default();
        self.pairs.top(MOST, least).into_iter().map(|pair| (name(pair.a), name(pair.b), pair)).collect()
    }
}

/// The customer of an order's lines.
fn own_key(order: &[(i32, u32, u32)]) -> u32 {
    order.first().map_or(0, |line| line.0 as u32)
}

/// Texts of a column, however they are laid out; none is empty.
enum Texts<'a> {
    Plain(&'a StringArray),
    Views(&'a StringViewArray),
}

impl<'a> Texts<'a> {
    fn of(column: &'a ArrayRef) -> Option<Texts<'a>> {
        let plain = column.as_string_opt::<i32>().map(Texts::Plain);
        plain.or_else(|| column.as_string_view_opt().map(Texts::Views))
    }

    fn get(&self, row: usize) -> &'a str {
        match self {
            Texts::Plain(texts) if texts.is_valid(row) => texts.value(row),
            Texts::Views(texts) if texts.is_valid(row) => texts.value(row),
            _ => "",
        }
    }
}
