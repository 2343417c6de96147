//! Everyone's tier, side by side: small enough to hold for millions of customers.

use clientele_engine::arrow::array::RecordBatch;

use crate::rows::{Value, int, rows, text};

/// Names of tiers by number, shared by all columns that are compared.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    /// The number of a name; a new one for a name that is met for the first time.
    pub fn number(&mut self, name: &str) -> u16 {
        let place = self.0.iter().position(|known| known == name).unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        });
        u16::try_from(place).unwrap_or(Column::NONE)
    }

    /// The name of a number; `None` for a customer without a label.
    pub fn name(&self, number: u16) -> Option<&str> {
        self.0.get(usize::from(number)).map(String::as_str)
    }
}

/// One tier a customer, by customer key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Column(Vec<u16>);

impl Column {
    /// No label.
    pub const NONE: u16 = u16::MAX;

    /// The tiers in a column of results, the first column of which is the customer key.
    pub fn read(batches: &[RecordBatch], place: usize, names: &mut Names) -> Column {
        let mut column = Column::default();
        for row in rows(batches) {
            let Ok(key) = usize::try_from(int(&row[0])) else { continue };
            let number = match &row[place] {
                Value::Unknown => Column::NONE,
                value => names.number(&text(value)),
            };
            if column.0.len() <= key {
                column.0.resize(key + 1, Column::NONE);
            }
            column.0[key] = number;
        }
        column
    }

    pub fn get(&self, key: usize) -> u16 {
        self.0.get(key).copied().unwrap_or(Column::NONE)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}
