//! Columns of everybody in memory, by customer key.
//!
//! Most questions look at one or two columns of all customers: a tier, what they brought. Each such column takes a few
//! megabytes for a million customers and is read in a fraction of the time that joining tables takes, so a view keeps
//! those that were asked for last.

mod cache;
mod codes;

use std::sync::Arc;

use clientele_engine::EngineError;
use clientele_engine::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use clientele_engine::arrow::compute::cast;
use clientele_engine::arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int32Type};

use super::rows::{int, rows};
use super::view::{RunView, viewed};
use cache::ColumnCache;
pub use codes::{Coder, Codes, Names};

/// Columns that are read together; planning takes much longer for one wide query than for several narrow ones.
const TOGETHER: usize = 16;

/// A column of all customers.
#[derive(Debug, Clone)]
enum Column {
    Codes(Arc<Codes>),
    Numbers(Arc<Vec<f64>>),
    Amounts(Arc<Vec<i64>>),
}

/// What a column is made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind {
    Codes,
    Numbers,
    Amounts,
}

/// A column under way.
enum Reading {
    Codes(Coder),
    Numbers(Vec<f64>),
    Amounts(Vec<i64>),
}

impl RunView {
    /// Texts of everybody: SQL over a table of the view.
    pub(in crate::understand) async fn codes(
        &self,
        table: &str,
        columns: &[String],
    ) -> Result<Vec<Arc<Codes>>, EngineError> {
        let found = self.columns(table, columns, Kind::Codes).await?.into_iter();
        Ok(found.filter_map(|c| if let Column::Codes(codes) = c { Some(codes) } else { None }).collect())
    }

    /// A number of everybody as SQL over a table of the view, by customer key; not a number where it is not known.
    pub(in crate::understand) async fn numbers(
        &self,
        table: &str,
        column: &str,
    ) -> Result<Arc<Vec<f64>>, EngineError> {
        let found = self.columns(table, &[column.to_owned()], Kind::Numbers).await?.pop();
        Ok(if let Some(Column::Numbers(numbers)) = found { numbers } else { Arc::default() })
    }

    /// What everybody brought, in ten-thousandths, by customer key.
    pub(in crate::understand) async fn revenues(&self) -> Result<Arc<Vec<i64>>, EngineError> {
        let found = self.columns("metrics", &[self.revenue()], Kind::Amounts).await?.pop();
        Ok(if let Some(Column::Amounts(amounts)) = found { amounts } else { Arc::default() })
    }

    /// How many customers there are; most files tell without being read.
    pub(in crate::understand) async fn customers_seen(&self) -> Result<u64, EngineError> {
        let batches = self.session.sql("SELECT count(*) FROM labels").await?.collect().await?;
        Ok(rows(&batches).next().map_or(0, |row| int(&row[0]).unsigned_abs()))
    }

    async fn columns(&self, table: &str, columns: &[String], kind: Kind) -> Result<Vec<Column>, EngineError> {
        let all = |found: Vec<Option<Column>>| found.into_iter().collect::<Option<Vec<Column>>>();
        let held = self.kept::<ColumnCache>();
        if let Some(found) = all(held.get(table, columns, kind)) {
            return Ok(found);
        }
        let _reading = held.reading().await;
        let mut found = held.get(table, columns, kind);
        let mut missing: Vec<String> =
            columns.iter().zip(&found).filter(|(_, f)| f.is_none()).map(|(c, _)| c.clone()).collect();
        missing.sort();
        missing.dedup();
        for some in missing.chunks(TOGETHER) {
            for (column, made) in some.iter().zip(self.read(table, some, kind).await?) {
                for (place, _) in columns.iter().enumerate().filter(|(_, wanted)| *wanted == column) {
                    found[place] = Some(made.clone());
                }
                held.put(table, column, kind, made);
            }
        }
        Ok(all(found).unwrap_or_default())
    }

    async fn read(&self, table: &str, columns: &[String], kind: Kind) -> Result<Vec<Column>, EngineError> {
        let table = viewed(&self.session, table);
        let sql = format!("SELECT customer_key, {} FROM {table}", columns.join(", "));
        let mut stream = self.session.sql(&sql).await?.stream().await?;
        let mut reading: Vec<Reading> = columns.iter().map(|_| Reading::new(kind)).collect();
        while let Some(batch) = stream.next().await? {
            let keys = keys_of(&batch).map_err(|cause| EngineError::Query { cause, sql: sql.clone() })?;
            let keys = keys.as_primitive::<Int32Type>().values();
            for (array, reading) in batch.columns()[1..].iter().zip(&mut reading) {
                reading.take(keys, array);
            }
        }
        Ok(reading.into_iter().map(Reading::finish).collect())
    }
}

/// The customer keys of a batch, which are its first column.
pub(in crate::understand) fn keys_of(batch: &RecordBatch) -> Result<ArrayRef, String> {
    cast(batch.column(0), &DataType::Int32).map_err(|error| error.to_string())
}

impl Reading {
    fn new(kind: Kind) -> Reading {
        match kind {
            Kind::Codes => Reading::Codes(Coder::default()),
            Kind::Numbers => Reading::Numbers(Vec::new()),
            Kind::Amounts => Reading::Amounts(Vec::new()),
        }
    }

    fn take(&mut self, keys: &[i32], array: &ArrayRef) {
        match self {
            Reading::Codes(coder) => coder.take(keys, array),
            Reading::Numbers(numbers) => {
                if let Some(values) = array.as_primitive_opt::<Float64Type>() {
                    put(numbers, keys, f64::NAN, |row| values.is_valid(row).then(|| values.value(row)));
                }
            }
            Reading::Amounts(amounts) => {
                if let Some(values) = array.as_primitive_opt::<Decimal128Type>() {
                    // Money has eighteen digits, which fit.
                    put(amounts, keys, 0, |row| {
                        values.is_valid(row).then(|| i64::try_from(values.value(row)).unwrap_or_default())
                    });
                }
            }
        }
    }

    fn finish(self) -> Column {
        match self {
            Reading::Codes(coder) => Column::Codes(Arc::new(coder.finish())),
            Reading::Numbers(numbers) => Column::Numbers(Arc::new(numbers)),
            Reading::Amounts(amounts) => Column::Amounts(Arc::new(amounts)),
        }
    }
}

fn put<T: Copy>(values: &mut Vec<T>, keys: &[i32], none: T, value: impl Fn(usize) -> Option<T>) {
    for (row, key) in keys.iter().enumerate() {
        let Ok(key) = usize::try_from(*key) else { continue };
        if values.len() <= key {
            values.resize(key + 1, none);
        }
        values[key] = value(row).unwrap_or(none);
    }
}
