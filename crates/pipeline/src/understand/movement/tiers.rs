//! Everyone's tier, side by side: small enough to hold for millions of customers.

use clientele_engine::EngineError;
use clientele_engine::arrow::array::{AsArray, RecordBatch};
use clientele_engine::arrow::datatypes::Int32Type;

use crate::understand::columns;

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
        u16::try_from(place).unwrap_or(TierColumn::NONE)
    }

    /// The name of a number; `None` for a customer without a label.
    pub fn name(&self, number: u16) -> Option<&str> {
        self.0.get(usize::from(number)).map(String::as_str)
    }
}

/// One tier a customer, by customer key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct TierColumn(Vec<u16>);

impl TierColumn {
    /// No label.
    pub const NONE: u16 = u16::MAX;

    /// The tiers in a column of results, the first column of which is the customer key.
    pub fn read(batches: &[RecordBatch], place: usize, names: &mut Names) -> Result<TierColumn, EngineError> {
        let (mut column, mut texts) = (TierColumn::default(), columns::Names::default());
        let mut numbers: Vec<u16> = vec![TierColumn::NONE];
        for batch in batches {
            let keys = columns::keys_of(batch)
                .map_err(|cause| EngineError::Query { cause, sql: "customer_key".to_owned() })?;
            let keys = keys.as_primitive::<Int32Type>().values();
            let mut found = vec![0; batch.num_rows()];
            texts.numbers(batch.column(place), |row, number| found[row] = number);
            let new = texts.names().iter().skip(numbers.len() - 1);
            numbers.extend(new.map(|name| names.number(name)).collect::<Vec<_>>());
            for (key, number) in keys.iter().zip(found) {
                let Ok(key) = usize::try_from(*key) else { continue };
                if column.0.len() <= key {
                    column.0.resize(key + 1, TierColumn::NONE);
                }
                column.0[key] = numbers[number as usize];
            }
        }
        Ok(column)
    }

    pub fn get(&self, key: usize) -> u16 {
        self.0.get(key).copied().unwrap_or(TierColumn::NONE)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}
