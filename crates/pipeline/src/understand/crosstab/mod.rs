//! Two classifications crossed: who is in both, and whether they have to do with each other.

mod connection;
mod dimension;
mod hide;

use std::collections::BTreeMap;

use clientele_predict::stats::independence;
use rustc_hash::FxHashMap;

pub use connection::{Chance, Connection};
pub use dimension::{Dimension, DimensionValue};

use super::columns::Codes;
use super::groups::InsightError;
use super::view::RunView;

/// A cross-table.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossTable {
    pub rows: Dimension,
    pub columns: Dimension,
    /// Cell by cell, row after row.
    pub cells: Vec<CrossCell>,
    /// Customers of each row.
    pub row_sums: Vec<u64>,
    /// Customers of each column.
    pub column_sums: Vec<u64>,
    /// Customers in the table.
    pub customers: u64,
    /// Customers that the test is about: those in the table who are in no unknown tier. None where the hidden cell of
    /// those who are unknown on both sides would follow from it.
    pub tested: Option<u64>,
    /// Customers of whom one of both is not known, or who have a value that fewer customers than the smallest group
    /// have. None where they are themselves fewer than that, but some.
    pub left_out: Option<u64>,
    pub connection: Connection,
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrossCell {
    /// None where there are fewer customers than the smallest group and more than none, or where such a cell could be
    /// worked out from this one.
    pub customers: Option<u64>,
    /// Distance from what was to be expected if the two had nothing to do with each other, in standard errors. None
    /// with the count, and where a tier is unknown; of all cells where cells are hidden and some tier is unknown, as
    /// the sums of the known would follow.
    pub residual: Option<f64>,
}

impl CrossTable {
    /// Whether some cell is hidden.
    pub fn hides(&self) -> bool {
        self.cells.iter().any(|cell| cell.customers.is_none())
    }
}

impl RunView {
    /// Crosses two metrics or schemes of the run. Metrics with numbers are cut into fifths.
    ///
    /// # Errors
    /// When one is not known or is a date, or when there is nothing to compare.
    pub async fn cross_table(&self, left: &str, right: &str) -> Result<CrossTable, InsightError> {
        let (mut down, left_codes) = dimension::resolve(self, left).await?;
        let (mut across, right_codes) = dimension::resolve(self, right).await?;
        if down.id == across.id {
            return Err(InsightError::SameTwice { name: left.to_owned() });
        }
        let counts = counted(&left_codes, &right_codes);
        let unknown = self.customers_seen().await?.saturating_sub(counts.values().sum());
        let minimum = self.minimum();
        down.keep(counts.iter().map(|((a, _), count)| (a.as_str(), *count)), minimum.customers());
        across.keep(counts.iter().map(|((_, b), count)| (b.as_str(), *count)), minimum.customers());
        let (mut table, small) = fill(&down, &across, &counts);
        // Leaving out a row may make a column small.
        while drop_small(&mut down, &mut across, &mut table, minimum.customers()) {}
        let total: u64 = table.iter().sum();
        let dropped = counts.values().sum::<u64>() - total;
        debug_assert!(dropped >= small);
        let columns = across.values.len();
        let known = known(&down, &across);
        let judged: Vec<u64> =
            table.iter().zip(&known).map(|(count, known)| if *known { *count } else { 0 }).collect();
        let Some(independence) = independence(&judged, columns) else {
            return Err(InsightError::NothingToCross { left: down.id, right: across.id });
        };
        let shown = hide::hide(&table, columns, minimum);
        let hidden = shown.contains(&false);
        let residuals = !hidden || known.iter().all(|known| *known);
        let cells = (0..table.len()).map(|cell| CrossCell {
            customers: shown[cell].then_some(table[cell]),
            residual: (residuals && shown[cell] && known[cell]).then_some(independence.residuals[cell]),
        });
        let nobody_known = unknown_on_both(&down, &across);
        let left_out = unknown + dropped;
        Ok(CrossTable {
            cells: cells.collect(),
            row_sums: table.chunks(columns).map(|row| row.iter().sum()).collect(),
            column_sums: (0..columns).map(|c| table.iter().skip(c).step_by(columns).sum()).collect(),
            customers: total,
            tested: nobody_known.is_none_or(|cell| shown[cell]).then(|| judged.iter().sum()),
            left_out: minimum.tells(left_out).then_some(left_out),
            rows: down,
            columns: across,
            connection: Connection::new(&independence, hidden),
        })
    }
}

/// How many customers have each text on the left and each on the right; only of those of whom both are known.
fn counted(left: &Codes, right: &Codes) -> BTreeMap<(String, String), u64> {
    let mut counts: FxHashMap<(usize, usize), u64> = FxHashMap::default();
    let both = (0..left.len().min(right.len())).filter_map(|key| Some((left.get(key)?, right.get(key)?)));
    for pair in both {
        *counts.entry(pair).or_default() += 1;
    }
    let name = |codes: &Codes, code: usize| codes.names()[code].clone();
    counts.into_iter().map(|((a, b), count)| ((name(left, a), name(right, b)), count)).collect()
}

/// Whether a cell, row after row, is of known values on both sides.
fn known(down: &Dimension, across: &Dimension) -> Vec<bool> {
    let columns: Vec<bool> = across.values.iter().map(|value| !value.is_unknown).collect();
    down.values.iter().flat_map(|row| columns.iter().map(|column| *column && !row.is_unknown)).collect()
}

/// The cell, row after row, of those who are of an unknown tier on both sides.
fn unknown_on_both(down: &Dimension, across: &Dimension) -> Option<usize> {
    let row = down.values.iter().position(|value| value.is_unknown)?;
    Some(row * across.values.len() + across.values.iter().position(|value| value.is_unknown)?)
}

/// The counts of the values that are kept, row after row, and how many customers have others.
fn fill(down: &Dimension, across: &Dimension, counts: &BTreeMap<(String, String), u64>) -> (Vec<u64>, u64) {
    let mut table = vec![0; down.values.len() * across.values.len()];
    let mut others = 0;
    for ((a, b), count) in counts {
        match (down.place(a), across.place(b)) {
            (Some(row), Some(column)) => table[row * across.values.len() + column] += count,
            _ => others += count,
        }
    }
    (table, others)
}

/// Takes out rows and columns with fewer customers than the smallest group. Whether any was taken out.
fn drop_small(down: &mut Dimension, across: &mut Dimension, table: &mut Vec<u64>, minimum: u64) -> bool {
    let columns = across.values.len();
    let rows: Vec<bool> =
        table.chunks(columns.max(1)).map(|row| row.iter().sum::<u64>() >= minimum).collect();
    let kept: Vec<bool> = (0..columns)
        .map(|column| table.iter().skip(column).step_by(columns).sum::<u64>() >= minimum)
        .collect();
    if rows.iter().chain(&kept).all(|large| *large) {
        return false;
    }
    let mut place = 0..;
    table.retain(|_| place.next().is_some_and(|at: usize| rows[at / columns] && kept[at % columns]));
    down.retain(&rows);
    across.retain(&kept);
    true
}
