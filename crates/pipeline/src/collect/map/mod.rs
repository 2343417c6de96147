//! Chunks of text → typed rows, on worker threads.

mod blank;
mod context;
mod customers;
mod json;
mod lines;
mod memory;
mod orders;
mod record_plan;
mod records;
mod row;
mod shapes;
mod tally;
mod word_book;

pub use context::MapContext;
pub use json::{merged, push_json};
pub use lines::{LINE_CODES, LINE_NUMS, LineCode, LineNum};
pub use record_plan::missing_fields;
pub use row::raw_row;
pub use tally::Tally;

use clientele_model::spec::source::{Field, Grain};
use clientele_read::TextChunk;

use super::rows::{Rows, Texts, Vocabulary};
use crate::clean::Rule;

/// A row that goes to quarantine.
#[derive(Debug, Clone)]
pub struct Rejected {
    /// The data row, from 1.
    pub row: u64,
    pub rule: Rule,
    pub field: Option<Field>,
    /// The value to blame, as it stands in the file.
    pub value: String,
    /// The column that it stands in, where the field alone does not tell: in sheets of answers.
    pub column: Option<String>,
    /// Whether only this value is refused, and what else the row says is taken.
    pub is_part: bool,
    /// The order that the row names, where the value to blame does not tell; or empty.
    pub order: String,
    /// More about it than the rule's name says.
    pub detail: Option<String>,
    /// The row as a JSON object, column name → text.
    pub raw: String,
    /// The record that the row belongs to, when that could be read.
    pub id: Option<u128>,
    /// The customer that it names, when that could be read.
    pub customer: Option<u128>,
}

/// A chunk of rows, read and judged each on its own.
#[derive(Debug, Default)]
pub struct Mapped {
    /// The text it came from, for rows that turn out to be wrong later.
    pub chunk: TextChunk,
    /// Sound rows; customer keys are not given yet.
    pub rows: Rows,
    /// For each sound row its place in the chunk.
    pub place: Vec<u32>,
    /// For each sound row the customer's id.
    pub customers: Texts,
    /// The hash of the customer's id; 0 when there is none.
    pub customer_hash: Vec<u128>,
    /// The hash of the record's id.
    pub id_hash: Vec<u128>,
    /// A fingerprint of what the record says.
    pub content: Vec<u64>,
    /// The words of each column of codes.
    pub words: Vec<Vocabulary>,
    pub rejected: Vec<Rejected>,
    pub tally: Tally,
}

/// Reads a chunk.
pub fn map_chunk(cx: &MapContext, chunk: TextChunk) -> Mapped {
    let mut mapped = match cx.layout.grain {
        Grain::Order => orders::map(cx, chunk),
        Grain::OrderLine => lines::map(cx, chunk),
        Grain::Customer => customers::map(cx, chunk),
        _ => match &cx.records {
            Some(plan) => records::map(cx, plan, chunk),
            None => Mapped { chunk, ..Mapped::default() },
        },
    };
    mapped.tally.ids(&mapped.rows.id);
    mapped
}
