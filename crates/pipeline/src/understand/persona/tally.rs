//! Values of many columns counted in one pass, inside and outside a group.

use clientele_engine::Session;
use clientele_engine::arrow::array::{Array, AsArray};
use rustc_hash::FxHashMap;

use super::InsightError;
use super::group::Group;

/// A column with more different values than this is no attribute: names, or texts that people wrote.
const MOST_VALUES: usize = 20_000;

/// How often a value occurs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    pub base: u64,
    pub here: u64,
}

/// The values of one column. Nothing when there are too many.
pub type Values = FxHashMap<String, Counted>;

/// Counts the values of columns, which are SQL over the group's base. What is unknown is not counted.
pub async fn tally(
    session: &Session,
    group: &Group,
    columns: &[&str],
) -> Result<Vec<Option<Values>>, InsightError> {
    let mut tallies: Vec<Option<Values>> = vec![Some(Values::default()); columns.len()];
    if columns.is_empty() {
        return Ok(tallies);
    }
    let list: String = columns.iter().map(|column| format!(", CAST({column} AS VARCHAR)")).collect();
    let sql = format!("SELECT {}{list} FROM {}", group.sql(), group.base());
    let mut stream = session.sql(&sql).await?.stream().await?;
    while let Some(batch) = stream.next().await? {
        let here = batch.column(0).as_boolean();
        for (column, tally) in batch.columns()[1..].iter().zip(&mut tallies) {
            let (Some(values), Some(found)) = (column.as_string_opt::<i32>(), tally.as_mut()) else {
                continue;
            };
            for row in (0..values.len()).filter(|&row| values.is_valid(row)) {
                let value = values.value(row);
                // Looked up first: most values have been met, and need no text of their own.
                if !found.contains_key(value) {
                    found.insert(value.to_owned(), Counted::default());
                }
                if let Some(counted) = found.get_mut(value) {
                    counted.base += 1;
                    counted.here += u64::from(here.value(row));
                }
            }
            if found.len() > MOST_VALUES {
                *tally = None;
            }
        }
    }
    Ok(tallies)
}
