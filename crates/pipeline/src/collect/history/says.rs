//! What the file of each batch could say about an order.
//!
//! A file of orders that lacks a column says nothing of it: the order keeps what the newest file of orders with that
//! column says, or what its lines make where none has it. As the list of batches tells which columns a file had, a row
//! can always be told as its own file has it.

use std::collections::{BTreeMap, BTreeSet};

use clientele_engine::arrow::array::{Array, RecordBatch, UInt32Array, new_null_array};
use clientele_engine::arrow::compute::{cast, interleave, interleave_record_batch, take_record_batch};

use super::super::batches::BatchInfo;
use super::super::error::ImportError;
use super::super::lake_rows::{text_at, texts};
use super::super::rows::content::{MAY_LACK, brought};
use super::super::tables::OWN_STATUS;
use super::refunds::{self, Brings};

/// The columns of an order that older files or its lines may fill where the file of orders has no such column, each with
/// the field behind it. Amount and time are the order's own; of status and refunds see [`refunds`].
const FILLED: [(&str, &str); 13] = [
    ("paid_at", "paid_at"),
    ("gross", "gross"),
    ("discount", "discount"),
    ("cost", "cost"),
    ("currency", "currency"),
    ("channel", "channel"),
    ("payment_method", "payment_method"),
    ("shop", "shop"),
    ("region", "region"),
    ("staff", "staff"),
    ("category", "category"),
    ("refunds_order_id", "refunds_order_id"),
    ("attributes", ATTRIBUTES),
];

/// Stands for the columns that have no field.
const ATTRIBUTES: &str = "attributes";
const STATUS: &str = "status";
const REFUNDED: &str = "refunded";

/// The grain of batches, and which columns those of orders bring.
#[derive(Debug, Default)]
pub struct Says {
    lines: BTreeSet<String>,
    orders: BTreeMap<String, BTreeSet<String>>,
    /// The sources of batches of orders that count.
    sources: BTreeMap<String, String>,
}

impl Says {
    /// Takes it from the list of batches.
    pub fn of<'a>(batches: impl IntoIterator<Item = &'a BatchInfo>) -> Self {
        let mut says = Says::default();
        for info in batches {
            let name = info.batch.to_string();
            if info.grain == "order_line" {
                says.lines.insert(name);
            } else if info.grain == "order" {
                let mut fields: BTreeSet<String> = info.mapping.fields.keys().cloned().collect();
                if !info.mapping.attributes.is_empty() {
                    fields.insert(ATTRIBUTES.to_owned());
                }
                if info.undone_at.is_none() {
                    says.sources.insert(name.clone(), info.source.clone());
                }
                says.orders.insert(name, fields);
            }
        }
        says
    }

    /// The fields that the batch's file of orders brings; none for other files.
    pub fn brings(&self, batch: &str) -> Option<&BTreeSet<String>> {
        self.orders.get(batch)
    }

    /// Whether the batch's file has a line of an order a row.
    pub fn is_lines(&self, batch: &str) -> bool {
        self.lines.contains(batch)
    }

    /// Whether a superseded row is that of an order's lines whose live row a file of orders
    /// gives: it is out of sight, not out of date.
    pub fn is_under(&self, batch: &str, superseded_by: &str) -> bool {
        self.is_lines(batch) && self.orders.contains_key(superseded_by)
    }

    /// The columns that the file of a batch of orders brings.
    fn brought(&self, batch: &str) -> Option<&BTreeSet<String>> {
        self.orders.get(batch)
    }

    /// Whether a file of orders lacks a column that another one of its source has: what that says stays.
    pub fn lacks_some(&self, batch: &str) -> bool {
        let Some(own) = self.brought(batch) else { return false };
        let source = self.sources.get(batch);
        let others = self.orders.iter().filter(|(other, _)| self.sources.get(*other) == source);
        let matters = |field: &String| MAY_LACK.contains(&field.as_str());
        others.flat_map(|(_, fields)| fields).any(|field| matters(field) && !own.contains(field))
    }

    /// What begins the fingerprint of an order from a batch; 0 for batches of lines.
    pub fn word(&self, batch: &str) -> u64 {
        self.brought(batch).map_or(0, |fields| brought(|field| fields.contains(field)))
    }

    /// Rows of orders as their own files say them, each filled from its partner in `before`: what the order had, by older
    /// files or by its lines. Without a partner nothing is filled: that gives back a row as it was before.
    pub fn filled(
        &self,
        rows: &RecordBatch,
        before: Option<&RecordBatch>,
        partner: impl Fn(usize) -> Option<usize>,
    ) -> Result<RecordBatch, ImportError> {
        let owners = texts(rows, "batch")?;
        let brings: Vec<Option<&BTreeSet<String>>> =
            (0..rows.num_rows()).map(|row| self.brought(text_at(&owners, row))).collect();
        let partners: Vec<Option<usize>> = (0..rows.num_rows()).map(partner).collect();
        let mut columns = rows.columns().to_vec();
        for (place, field) in rows.schema().fields().iter().enumerate() {
            let Some((name, source)) = FILLED.iter().find(|(name, _)| name == field.name()) else { continue };
            let own = &rows.columns()[place];
            let none = new_null_array(own.data_type(), 1);
            let other = match before.and_then(|before| before.column_by_name(name)) {
                Some(other) => cast(other, own.data_type())?,
                None => none.clone(),
            };
            let chosen: Vec<(usize, usize)> = (0..rows.num_rows())
                .map(|row| match (brings[row], partners[row]) {
                    (Some(brought), _) if brought.contains(*source) => (0, row),
                    (None, _) => (0, row),
                    (Some(_), Some(at)) if before.is_some() => (1, at),
                    _ => (2, 0),
                })
                .collect();
            let values: [&dyn Array; 3] = [own.as_ref(), other.as_ref(), none.as_ref()];
            columns[place] = interleave(&values, &chosen)?;
        }
        let rows = RecordBatch::try_new(rows.schema(), columns)?;
        if rows.column_by_name(OWN_STATUS).is_none() {
            // Records of another kind than orders know no refunds.
            return Ok(rows);
        }
        let of = |brought: &BTreeSet<String>| Brings {
            status: brought.contains(STATUS),
            refunded: brought.contains(REFUNDED),
        };
        let brings: Vec<Option<Brings>> = brings.into_iter().map(|brought| brought.map(of)).collect();
        refunds::filled(&rows, &brings, before, &partners)
    }

    /// The rows of orders that several files of orders speak of. Each sequence names rows as their own files say them,
    /// oldest first, and becomes one row: the newest, filled from those before it, the oldest from its partner in
    /// `lower`, the row that the lines make.
    pub fn told(
        &self,
        rows: &RecordBatch,
        sequences: &[Vec<usize>],
        lower: Option<&RecordBatch>,
        partner: impl Fn(usize) -> Option<usize>,
    ) -> Result<RecordBatch, ImportError> {
        let longest = sequences.iter().map(Vec::len).max().unwrap_or(0);
        let mut done: Vec<RecordBatch> = Vec::new();
        let mut places = vec![(0, 0); sequences.len()];
        for step in 0..longest {
            let (mut of, mut next) = (Vec::new(), Vec::new());
            for (sequence, versions) in sequences.iter().enumerate() {
                if let Some(version) = versions.get(step) {
                    of.push(sequence);
                    next.push(*version as u32);
                }
            }
            let part = take_record_batch(rows, &UInt32Array::from(next))?;
            let part = match done.last() {
                None => self.filled(&part, lower, |row| partner(of[row]))?,
                Some(before) => self.filled(&part, Some(before), |row| Some(places[of[row]].1))?,
            };
            for (row, sequence) in of.into_iter().enumerate() {
                places[sequence] = (step, row);
            }
            done.push(part);
        }
        if done.is_empty() {
            return Ok(rows.slice(0, 0));
        }
        Ok(interleave_record_batch(&done.iter().collect::<Vec<_>>(), &places)?)
    }

    /// Rows as their own files say them, without what others filled.
    pub fn own(&self, rows: &RecordBatch) -> Result<RecordBatch, ImportError> {
        self.filled(rows, None, |_| None)
    }
}
