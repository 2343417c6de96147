//! A fingerprint of what a record says, to tell a repetition from a new version.
//!
//! It is computed alike from rows on their way in and from rows of the lake, so every value
//! enters as it is stored: numbers as whole numbers, texts as the hash of their letters.

use xxhash_rust::xxh3::xxh3_64;

use super::{NONE, Rows, Shape, Vocabulary};

/// The columns of an order that make its content. The links that we make ourselves are not
/// among them.
pub const ORDER: &[&str] = &[
    "ordered_at",
    "paid_at",
    "status",
    "gross",
    "discount",
    "refunded",
    "amount",
    "cost",
    "currency",
    "channel",
    "payment_method",
    "shop",
    "region",
    "staff",
    "category",
    "original_amount",
    "original_currency",
    "attributes",
];

/// The fields of orders that a file may lack without saying that there is nothing; `attributes` stands for columns
/// without a field.
pub const MAY_LACK: &[&str] = &[
    "status",
    "refunded",
    "paid_at",
    "gross",
    "discount",
    "cost",
    "currency",
    "channel",
    "payment_method",
    "shop",
    "region",
    "staff",
    "category",
    "refunds_order_id",
    "attributes",
];

/// What begins the fingerprints of a file's orders: a file that has a column in which it says nothing of an order says
/// something else than one that lacks it.
pub fn brought(brings: impl Fn(&str) -> bool) -> u64 {
    MAY_LACK.iter().fold(1, |word, field| (word << 1) | u64::from(brings(field)))
}

/// The columns of an order line that make its content.
pub const LINE: &[&str] = &[
    "line_no",
    "status",
    "product_id",
    "product_name",
    "category",
    "quantity",
    "unit_price",
    "discount",
    "amount",
    "cost",
];

/// The columns of a customer that make its content.
pub const CUSTOMER: &[&str] = &[
    "name",
    "email",
    "phone",
    "kind",
    "gender",
    "birth_date",
    "company",
    "occupation",
    "country",
    "province",
    "city",
    "address",
    "postcode",
    "registered_at",
    "source_channel",
    "attributes",
];

/// The word that an absent number adds.
pub const ABSENT: u64 = NONE as u64;

/// The word that a text adds; absent and empty are the same.
#[inline]
pub fn text_word(text: &str) -> u64 {
    if text.is_empty() { 0 } else { xxh3_64(text.as_bytes()) }
}

/// Adds a word to a fingerprint. The order of words matters.
#[inline]
pub fn mix(seed: u64, word: u64) -> u64 {
    let x = (seed ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (x ^ (x >> 29)).wrapping_add(seed.rotate_left(23))
}

/// The fingerprint of an order and its lines; `lines` is 0 when it has none.
pub fn with_lines(order: u64, lines: u64) -> u64 {
    if lines == 0 { order } else { mix(order, lines) }
}

/// One column's place in rows, or that it is absent there.
#[derive(Debug, Clone, Copy)]
enum Slot {
    At,
    Num(usize),
    Code(usize),
    Text(usize),
    /// Absent; the word it adds.
    Absent(u64),
}

/// Computes fingerprints of rows of one shape.
#[derive(Debug, Clone)]
pub struct ContentPlan(Vec<Slot>);

impl ContentPlan {
    /// Prepares for rows of a shape.
    pub fn new(columns: &[&str], shape: &Shape) -> Self {
        let slot = |name: &&str| {
            if *name == shape.at {
                Slot::At
            } else if let Some(i) = shape.num(name) {
                Slot::Num(i)
            } else if let Some(i) = shape.code(name) {
                Slot::Code(i)
            } else if let Some(i) = shape.text(name) {
                Slot::Text(i)
            } else {
                Slot::Absent(if is_number(name) { ABSENT } else { 0 })
            }
        };
        ContentPlan(columns.iter().map(slot).collect())
    }

    /// Two fingerprints of a row, begun from two seeds: together they tell rows apart.
    #[inline]
    pub fn pair(&self, seeds: (u64, u64), rows: &Rows, row: usize, words: &[Vocabulary]) -> (u64, u64) {
        self.words(rows, row, |slot| &words[slot], seeds, |(a, b), word| (mix(a, word), mix(b, word)))
    }

    /// The fingerprint of a row, begun from `seed`.
    #[inline]
    pub fn of(&self, seed: u64, rows: &Rows, row: usize, words: &[Vocabulary]) -> u64 {
        self.fold(seed, rows, row, |slot| &words[slot])
    }

    /// The fingerprints of all rows, begun from `seeds`: as [`Self::of`], a column at a time.
    pub fn of_all(&self, seeds: impl Iterator<Item = u64>, rows: &Rows, words: &[Vocabulary]) -> Vec<u64> {
        let mut content: Vec<u64> = seeds.collect();
        for slot in &self.0 {
            let all = content.iter_mut();
            match *slot {
                Slot::At => all.zip(&rows.at).for_each(|(c, at)| *c = mix(*c, *at as u64)),
                Slot::Num(i) => all.zip(&rows.nums[i]).for_each(|(c, num)| *c = mix(*c, *num as u64)),
                Slot::Code(i) => {
                    all.zip(&rows.codes[i]).for_each(|(c, code)| *c = mix(*c, words[i].hash(*code)));
                }
                Slot::Text(i) => {
                    all.enumerate().for_each(|(row, c)| *c = mix(*c, text_word(rows.texts[i].get(row))));
                }
                Slot::Absent(word) => all.for_each(|c| *c = mix(*c, word)),
            }
        }
        content
    }

    /// [`Self::of`] with words that are borrowed one by one.
    #[inline]
    pub fn of_refs(&self, seed: u64, rows: &Rows, row: usize, words: &[&Vocabulary]) -> u64 {
        self.fold(seed, rows, row, |slot| words[slot])
    }

    #[inline]
    fn fold<'v>(&self, seed: u64, rows: &Rows, row: usize, words: impl Fn(usize) -> &'v Vocabulary) -> u64 {
        self.words(rows, row, words, seed, mix)
    }

    #[inline]
    fn words<'v, S>(
        &self,
        rows: &Rows,
        row: usize,
        words: impl Fn(usize) -> &'v Vocabulary,
        seed: S,
        add: impl Fn(S, u64) -> S,
    ) -> S {
        self.0.iter().fold(seed, |content, slot| {
            let word = match *slot {
                Slot::At => rows.at[row] as u64,
                Slot::Num(i) => rows.nums[i][row] as u64,
                Slot::Code(i) => words(i).hash(rows.codes[i][row]),
                Slot::Text(i) => text_word(rows.texts[i].get(row)),
                Slot::Absent(word) => word,
            };
            add(content, word)
        })
    }
}

/// Whether a column holds numbers or times in the lake.
pub fn is_number(column: &str) -> bool {
    matches!(
        column,
        "ordered_at"
            | "paid_at"
            | "gross"
            | "discount"
            | "refunded"
            | "amount"
            | "cost"
            | "original_amount"
            | "line_no"
            | "quantity"
            | "unit_price"
            | "birth_date"
            | "registered_at"
            | "occurred_at"
            | "opened_at"
            | "first_response_at"
            | "closed_at"
            | "answered_at"
            | "created_at"
            | "expected_close"
            | "entered_at"
            | "since"
            | "changed_at"
            | "joined_at"
            | "expires_at"
            | "value"
            | "minutes"
            | "satisfaction"
            | "reopened"
            | "scale_min"
            | "scale_max"
            | "stage_rank"
            | "probability"
            | "points"
            | "occurrence"
    )
}

#[cfg(test)]
mod tests {
    use super::super::{NO_WORD, NumKind};
    use super::*;

    #[test]
    fn rows_together_have_the_fingerprints_of_each() {
        let shape = Shape {
            at: "ordered_at",
            nums: vec![("amount", NumKind::Decimal)],
            codes: vec!["status"],
            texts: vec!["attributes"],
            ..Shape::default()
        };
        let mut words = vec![Vocabulary::default()];
        let mut rows = Rows::new(&shape);
        for row in 0..50 {
            rows.at.push(row * 7);
            rows.nums[0].push(if row % 3 == 0 { NONE } else { row });
            rows.codes[0].push(if row % 5 == 0 { NO_WORD } else { words[0].code(&format!("w{}", row % 4)) });
            rows.texts[0].push(&"x".repeat(row as usize % 3));
        }
        let plan = ContentPlan::new(ORDER, &shape);
        let all = plan.of_all((0..50).map(|row| row * 11), &rows, &words);
        let each: Vec<u64> = (0..50).map(|row| plan.of(row as u64 * 11, &rows, row, &words)).collect();
        assert_eq!(all, each);
        assert_eq!(all.iter().collect::<std::collections::HashSet<_>>().len(), 50);
    }
}
