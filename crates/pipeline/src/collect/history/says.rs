//! What the file of each batch could say about an order.

use std::collections::{BTreeMap, BTreeSet};

use clientele_engine::arrow::array::{Array, RecordBatch, new_null_array};
use clientele_engine::arrow::compute::{cast, interleave};

use super::super::batches::BatchInfo;
use super::super::error::ImportError;
use super::super::lake_rows::{text_at, texts};

/// The columns of an order that its lines may fill where the file of orders has no such column,
/// each with the field behind it. Amounts, refunds, status and time are the order's own.
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

/// The grain of batches, and which columns those of orders bring.
#[derive(Debug, Default)]
pub struct Says {
    lines: BTreeSet<String>,
    orders: BTreeMap<String, BTreeSet<String>>,
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
                says.orders.insert(name, fields);
            }
        }
        says
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

    /// Rows of orders as their own files say them, each filled from its partner in `lower`, the
    /// row that its lines make. Without a partner nothing is filled: that gives back a row as
    /// it was before.
    pub fn filled(
        &self,
        rows: &RecordBatch,
        lower: Option<&RecordBatch>,
        partner: impl Fn(usize) -> Option<usize>,
    ) -> Result<RecordBatch, ImportError> {
        let owners = texts(rows, "batch")?;
        let brings: Vec<Option<&BTreeSet<String>>> =
            (0..rows.num_rows()).map(|row| self.orders.get(text_at(&owners, row))).collect();
        let partners: Vec<Option<usize>> = (0..rows.num_rows()).map(partner).collect();
        let mut columns = rows.columns().to_vec();
        for (place, field) in rows.schema().fields().iter().enumerate() {
            let Some((name, source)) = FILLED.iter().find(|(name, _)| name == field.name()) else { continue };
            let own = &rows.columns()[place];
            let none = new_null_array(own.data_type(), 1);
            let other = match lower.and_then(|lower| lower.column_by_name(name)) {
                Some(other) => cast(other, own.data_type())?,
                None => none.clone(),
            };
            let chosen: Vec<(usize, usize)> = (0..rows.num_rows())
                .map(|row| match (brings[row], partners[row]) {
                    (Some(brought), _) if brought.contains(*source) => (0, row),
                    (None, _) => (0, row),
                    (Some(_), Some(at)) if lower.is_some() => (1, at),
                    _ => (2, 0),
                })
                .collect();
            let values: [&dyn Array; 3] = [own.as_ref(), other.as_ref(), none.as_ref()];
            columns[place] = interleave(&values, &chosen)?;
        }
        Ok(RecordBatch::try_new(rows.schema(), columns)?)
    }

    /// Rows as their own files say them, without what lines filled.
    pub fn own(&self, rows: &RecordBatch) -> Result<RecordBatch, ImportError> {
        self.filled(rows, None, |_| None)
    }
}
