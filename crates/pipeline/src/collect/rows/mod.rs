//! Typed rows in columns, on their way from a file into the lake.

mod arrow;
pub mod content;
pub mod shape;
mod texts;
mod vocabulary;

pub use arrow::{WriteContext, to_batch};
pub use shape::{NumKind, Shape};
pub use texts::Texts;
pub use vocabulary::{NO_WORD, Vocabulary, translate};

/// The value of a number or time that is absent.
pub const NONE: i64 = i64::MIN;

/// Rows of one table. Every column has the same length; which it is, a [`Shape`] says.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// The customer's dense key.
    pub key: Vec<i32>,
    /// The time that rows are sorted by.
    pub at: Vec<i64>,
    /// The record's own id.
    pub id: Texts,
    pub nums: Vec<Vec<i64>>,
    pub codes: Vec<Vec<u32>>,
    pub texts: Vec<Texts>,
}

impl Rows {
    /// No rows, with the columns of a shape.
    pub fn new(shape: &Shape) -> Self {
        Rows {
            nums: vec![Vec::new(); shape.nums.len()],
            codes: vec![Vec::new(); shape.codes.len()],
            texts: vec![Texts::default(); shape.texts.len()],
            ..Rows::default()
        }
    }

    /// No rows, with room for as many as these.
    ///
    /// A bucket that was written fills up again to about the same size: growing it there step
    /// by step would copy all its columns several times.
    pub fn emptied(&self) -> Self {
        let rows = self.len();
        Rows {
            key: Vec::with_capacity(rows),
            at: Vec::with_capacity(rows),
            id: self.id.emptied(),
            nums: self.nums.iter().map(|_| Vec::with_capacity(rows)).collect(),
            codes: self.codes.iter().map(|_| Vec::with_capacity(rows)).collect(),
            texts: self.texts.iter().map(Texts::emptied).collect(),
        }
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// Memory taken, not counting room for growth.
    pub fn bytes(&self) -> usize {
        let fixed = 4 + 8 + self.nums.len() * 8 + self.codes.len() * 4;
        self.len() * fixed + self.id.bytes() + self.texts.iter().map(Texts::bytes).sum::<usize>()
    }
}
