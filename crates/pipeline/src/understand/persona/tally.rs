//! Values of many columns counted in one pass, inside and outside a group.

use std::sync::Arc;

use clientele_engine::EngineError;
use clientele_engine::arrow::array::AsArray;
use clientele_engine::arrow::datatypes::Int32Type;
use rustc_hash::FxHashMap;

use crate::understand::RunView;
use crate::understand::buckets::scan;
use crate::understand::columns::{Names, keys_of};
use crate::understand::groups::Sides;
use crate::understand::view::viewed;

/// A column with more different values than this is no attribute: names, or texts that people wrote.
const MOST_VALUES: usize = 20_000;
/// Columns that are read together; planning takes much longer for one wide query than for several narrow ones.
const TOGETHER: usize = 40;

/// How often a value occurs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    pub base: u64,
    pub here: u64,
}

/// The values of one column. Nothing when there are too many.
pub type Values = FxHashMap<String, Counted>;

/// A column that is being counted.
#[derive(Default)]
struct Tally {
    names: Names,
    /// By the number of the name.
    counts: Vec<[u64; 2]>,
}

impl Tally {
    fn has_too_many(&self) -> bool {
        self.names.names().len() > MOST_VALUES
    }
}

/// Counts the values of columns, which are SQL over a table of the view. What is unknown is not counted.
pub async fn tally(
    view: &RunView,
    sides: &Arc<Sides>,
    table: &str,
    columns: &[String],
) -> Result<Vec<Option<Values>>, EngineError> {
    let mut tallies = Vec::with_capacity(columns.len());
    for some in columns.chunks(TOGETHER) {
        tallies.extend(together(view, sides, table, some).await?);
    }
    Ok(tallies)
}

async fn together(
    view: &RunView,
    sides: &Arc<Sides>,
    table: &str,
    columns: &[String],
) -> Result<Vec<Option<Values>>, EngineError> {
    let table = viewed(&view.session, table);
    let sql = format!("SELECT customer_key, {} FROM {table}", columns.join(", "));
    let sides = Arc::clone(sides);
    let start = || columns.iter().map(|_| Tally::default()).collect::<Vec<_>>();
    let found = scan(&view.session, &sql, start, move |tallies, batch| {
        let wrong = |cause: String| EngineError::Query { cause, sql: "values".into() };
        let keys = keys_of(batch).map_err(wrong)?;
        let keys = keys.as_primitive::<Int32Type>().values();
        let side_of: Vec<Option<usize>> = keys.iter().map(|key| sides.get(*key)).collect();
        for (column, tally) in batch.columns()[1..].iter().zip(tallies) {
            if tally.has_too_many() {
                continue;
            }
            let Tally { names, counts } = tally;
            names.numbers(column, |row, number| {
                let Some(side) = side_of[row].filter(|_| number > 0) else { return };
                let place = number as usize - 1;
                if counts.len() <= place {
                    counts.resize(place + 1, [0; 2]);
                }
                counts[place][side] += 1;
            });
        }
        Ok(())
    })
    .await?;
    let mut all: Vec<Option<Values>> = vec![Some(Values::default()); columns.len()];
    for part in found {
        for (tally, all) in part.into_iter().zip(&mut all) {
            match all {
                Some(values) if !tally.has_too_many() => {
                    for (name, [there, here]) in tally.names.names().iter().zip(tally.counts) {
                        let own = values.entry(name.clone()).or_default();
                        own.base += there + here;
                        own.here += here;
                    }
                    values.retain(|_, counted| counted.base > 0);
                    if values.len() > MOST_VALUES {
                        *all = None;
                    }
                }
                _ => *all = None,
            }
        }
    }
    Ok(all)
}
