//! How each of many metrics goes along with an outcome, in one pass.

use std::collections::BTreeMap;

use clientele_engine::EngineError;
use clientele_engine::arrow::array::{Array, AsArray, Float64Array};
use clientele_engine::arrow::datatypes::{Float64Type, Int32Type};

use super::Among;
use crate::understand::RunView;
use crate::understand::buckets::scan;
use crate::understand::columns::keys_of;

/// Two figures of the customers of whom both are known: means, and sums of squares and products about them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Pair {
    pub count: u64,
    means: [f64; 2],
    squares: [f64; 2],
    product: f64,
}

impl Pair {
    /// Pearson's. Not a number where one of both does not differ.
    pub(super) fn correlation(&self) -> f64 {
        let spread = (self.squares[0] * self.squares[1]).sqrt();
        if spread > 0.0 { (self.product / spread).clamp(-1.0, 1.0) } else { f64::NAN }
    }

    /// Of the rows with both, in two passes.
    fn of(left: &Float64Array, right: &Float64Array, rows: &[usize]) -> Pair {
        let known = |row: &&usize| left.is_valid(**row) && right.is_valid(**row);
        let mut pair = Pair::default();
        let mut sums = [0.0; 2];
        for row in rows.iter().filter(known) {
            pair.count += 1;
            sums[0] += left.value(*row);
            sums[1] += right.value(*row);
        }
        if pair.count == 0 {
            return pair;
        }
        pair.means = sums.map(|sum| sum / pair.count as f64);
        for row in rows.iter().filter(known) {
            let (a, b) = (left.value(*row) - pair.means[0], right.value(*row) - pair.means[1]);
            pair.squares[0] += a * a;
            pair.squares[1] += b * b;
            pair.product += a * b;
        }
        pair
    }

    /// With other customers (Chan, Golub and LeVeque 1983).
    fn with(&self, other: &Pair) -> Pair {
        if self.count == 0 || other.count == 0 {
            return if self.count == 0 { *other } else { *self };
        }
        let count = self.count + other.count;
        let (n, m, both) = (self.count as f64, other.count as f64, count as f64);
        let gaps = [0, 1].map(|side| other.means[side] - self.means[side]);
        let weight = n * m / both;
        Pair {
            count,
            means: [0, 1].map(|side| (n * self.means[side] + m * other.means[side]) / both),
            squares: [0, 1].map(|s| self.squares[s] + other.squares[s] + gaps[s] * gaps[s] * weight),
            product: self.product + other.product + gaps[0] * gaps[1] * weight,
        }
    }
}

/// How many customers have an outcome, and each metric beside it.
type Counted = (u64, Vec<Pair>);

/// By bucket, so that sums do not depend on what was read at the same time.
type Found = BTreeMap<i32, Counted>;

/// How many customers have the outcome, and each column beside it. All are SQL over the metrics and give numbers.
pub(super) async fn correlations(
    view: &RunView,
    outcome: &str,
    columns: &[String],
    among: &Among,
) -> Result<Counted, EngineError> {
    let sql = format!("SELECT customer_key, {outcome}, {} FROM metrics", columns.join(", "));
    let (among, customers) = (among.clone(), view.settings.bucket_customers.max(1));
    let found = scan(&view.session, &sql, Found::new, move |found, batch| {
        let wrong = |cause: String| EngineError::Query { cause, sql: "metrics".into() };
        let keys = keys_of(batch).map_err(wrong)?;
        let keys = keys.as_primitive::<Int32Type>().values();
        let Some(outcome) = batch.column(1).as_primitive_opt::<Float64Type>() else { return Ok(()) };
        let mut from = 0;
        for rows in keys.chunk_by(|a, b| a / customers == b / customers) {
            let asked =
                (from..from + rows.len()).filter(|row| outcome.is_valid(*row) && among.has(keys[*row]));
            let asked: Vec<usize> = asked.collect();
            let width = batch.num_columns() - 2;
            let own = found.entry(rows[0] / customers).or_insert_with(|| nothing(width));
            own.0 += asked.len() as u64;
            for (column, own) in batch.columns()[2..].iter().zip(&mut own.1) {
                if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
                    *own = own.with(&Pair::of(numbers, outcome, &asked));
                }
            }
            from += rows.len();
        }
        Ok(())
    })
    .await?;
    let mut buckets = Found::new();
    for (bucket, part) in found.into_iter().flatten() {
        add(buckets.entry(bucket).or_insert_with(|| nothing(columns.len())), &part);
    }
    let mut all = nothing(columns.len());
    buckets.values().for_each(|part| add(&mut all, part));
    Ok(all)
}

fn nothing(columns: usize) -> Counted {
    (0, vec![Pair::default(); columns])
}

fn add(all: &mut Counted, more: &Counted) {
    all.0 += more.0;
    all.1.iter_mut().zip(&more.1).for_each(|(own, more)| *own = own.with(more));
}

#[cfg(test)]
mod tests {
    use clientele_engine::arrow::array::Float64Array;

    use super::Pair;

    #[test]
    fn a_correlation_is_the_same_in_parts() {
        let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0, 9.0], [2.0, 1.0, 4.0, 3.0, 7.0, 8.0]);
        let (left, right) = (Float64Array::from(x.to_vec()), Float64Array::from(y.to_vec()));
        let whole = Pair::of(&left, &right, &[0, 1, 2, 3, 4, 5]);
        // Means 4 and 25/6; products 35, squares 40 and 143 - 625/6.
        let expected = 35.0 / (40.0_f64 * (143.0 - 625.0 / 6.0)).sqrt();
        assert!((whole.correlation() - expected).abs() < 1e-12, "{}", whole.correlation());
        let parts = Pair::of(&left, &right, &[0, 1]).with(&Pair::of(&left, &right, &[2, 3, 4, 5]));
        assert!((parts.correlation() - expected).abs() < 1e-12 && parts.count == 6);
        let same = Float64Array::from(vec![3.0; 6]);
        assert!(Pair::of(&left, &same, &[0, 1, 2]).correlation().is_nan());
        let gaps = Float64Array::from(vec![Some(2.0), None, Some(4.0), Some(3.0), None, None]);
        assert_eq!(Pair::of(&left, &gaps, &[0, 1, 2, 3, 4]).count, 3);
        assert_eq!(Pair::default().with(&whole), whole);
    }
}
