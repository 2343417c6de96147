//! Means and spreads of many columns in one pass, on both sides of a group.

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_engine::EngineError;
use clientele_engine::arrow::array::{Array, AsArray, Float64Array};
use clientele_engine::arrow::datatypes::{Float64Type, Int32Type};
use clientele_predict::stats::Moments;

use crate::understand::RunView;
use crate::understand::buckets::scan;
use crate::understand::columns::keys_of;
use crate::understand::groups::Sides;

const NONE: Moments = Moments { count: 0, mean: 0.0, variance: 0.0 };

/// By bucket and column, by [`Sides`]: what is added up in each bucket by itself comes to the same whatever else was
/// read at the time.
type Found = BTreeMap<i32, Vec<[Moments; 2]>>;

/// The moments of columns, which are SQL over the run's metrics and give numbers.
pub(super) async fn moments(
    view: &RunView,
    sides: &Arc<Sides>,
    columns: &[String],
) -> Result<Vec<[Moments; 2]>, EngineError> {
    let mut all = vec![[NONE; 2]; columns.len()];
    if columns.is_empty() {
        return Ok(all);
    }
    let sql = format!("SELECT customer_key, {} FROM metrics", columns.join(", "));
    let (sides, customers) = (Arc::clone(sides), view.settings.bucket_customers.max(1));
    let found = scan(&view.session, &sql, Found::new, move |found, batch| {
        let wrong = |cause: String| EngineError::Query { cause, sql: "metrics".into() };
        let keys = keys_of(batch).map_err(wrong)?;
        let keys = keys.as_primitive::<Int32Type>().values();
        let side_of: Vec<u8> =
            keys.iter().map(|key| sides.get(*key).map_or(u8::MAX, |side| side as u8)).collect();
        let mut from = 0;
        for rows in keys.chunk_by(|a, b| a / customers == b / customers) {
            let to = from + rows.len();
            let width = batch.num_columns() - 1;
            let own = found.entry(rows[0] / customers).or_insert_with(|| vec![[NONE; 2]; width]);
            for (column, own) in batch.columns()[1..].iter().zip(own) {
                let Some(numbers) = column.as_primitive_opt::<Float64Type>() else { continue };
                let numbers = numbers.slice(from, rows.len());
                for (own, part) in own.iter_mut().zip(of(&numbers, &side_of[from..to])) {
                    *own = own.with(&part);
                }
            }
            from = to;
        }
        Ok(())
    })
    .await?;
    let mut buckets = Found::new();
    for (bucket, columns) in found.into_iter().flatten() {
        match buckets.get_mut(&bucket) {
            None => drop(buckets.insert(bucket, columns)),
            Some(own) => add(own, &columns),
        }
    }
    buckets.values().for_each(|columns| add(&mut all, columns));
    Ok(all)
}

fn add(all: &mut [[Moments; 2]], more: &[[Moments; 2]]) {
    for (own, more) in all.iter_mut().zip(more) {
        *own = [own[0].with(&more[0]), own[1].with(&more[1])];
    }
}

/// The moments of some rows, in two passes.
fn of(numbers: &Float64Array, sides: &[u8]) -> [Moments; 2] {
    let (mut counts, mut sums) = ([0_u64; 2], [0.0; 2]);
    let values = numbers.values();
    let known = |row: usize| usize::from(sides[row]) <= Sides::HERE && numbers.is_valid(row);
    for row in (0..values.len()).filter(|row| known(*row)) {
        let side = usize::from(sides[row]);
        counts[side] += 1;
        sums[side] += values[row];
    }
    let means = [0, 1].map(|side| if counts[side] == 0 { 0.0 } else { sums[side] / counts[side] as f64 });
    let mut squares = [0.0; 2];
    for row in (0..values.len()).filter(|row| known(*row)) {
        let side = usize::from(sides[row]);
        squares[side] += (values[row] - means[side]).powi(2);
    }
    [0, 1].map(|side| Moments {
        count: counts[side],
        mean: means[side],
        variance: if counts[side] < 2 { 0.0 } else { squares[side] / (counts[side] - 1) as f64 },
    })
}

#[cfg(test)]
mod tests {
    use clientele_engine::arrow::array::Float64Array;
    use clientele_predict::stats::Moments;

    use super::of;

    #[test]
    fn each_side_has_its_own() {
        let numbers = Float64Array::from(vec![Some(2.0), Some(4.0), None, Some(9.0), Some(5.0), Some(100.0)]);
        let found = of(&numbers, &[0, 0, 0, 1, 0, u8::MAX]);
        assert_eq!(found, [Moments::of(&[2.0, 4.0, 5.0]), Moments::of(&[9.0])]);
    }
}
