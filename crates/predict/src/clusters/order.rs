//! Clusters in an order that does not depend on where the search began, with what tells them apart.

use super::standard::{Standard, Standardised};
use ndarray::Array2;
use std::cmp::Ordering;

/// A group of rows around a centre.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The centre in deviations from the base's mean, one value a column of the matrix; 0 for columns that do
    /// not vary.
    pub standard_centre: Vec<f64>,
    /// The centre in the units of the columns.
    pub centre: Vec<f64>,
    /// Rows of the fitted sample that belong to it.
    pub rows: usize,
    /// Their share of the sample, 0 to 1.
    pub share: f64,
    /// The columns that vary, the one that sets the cluster apart most first.
    pub telling: Vec<Telling>,
    /// The standard centre without the columns that do not vary.
    pub(super) compact: Vec<f64>,
}

/// How far a cluster is from the base in one column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Telling {
    /// Column of the matrix, from 0.
    pub column: usize,
    /// Centre minus mean of the base, in standard deviations of the base.
    pub difference: f64,
}

/// The place of the centre nearest to `row`, the first of several.
pub(super) fn nearest<'a>(row: &[f64], centres: impl Iterator<Item = &'a [f64]>) -> usize {
    let mut best = (0, f64::INFINITY);
    for (place, centre) in centres.enumerate() {
        let distance = row.iter().zip(centre).map(|(a, b)| (a - b) * (a - b)).sum();
        if distance < best.1 {
            best = (place, distance);
        }
    }
    best.0
}

/// Clusters that hold at least one row, largest first, those of one size by their centres.
pub(super) fn clusters(rows: &Standardised, centres: &Array2<f64>, standards: &[Standard]) -> Vec<Cluster> {
    let centres: Vec<Vec<f64>> = centres.rows().into_iter().map(|centre| centre.to_vec()).collect();
    let mut sizes = vec![0_usize; centres.len()];
    for row in rows.iter() {
        sizes[nearest(row, centres.iter().map(Vec::as_slice))] += 1;
    }
    let mut clusters: Vec<Cluster> = centres
        .into_iter()
        .zip(sizes)
        .filter(|(_, size)| *size > 0)
        .map(|(centre, size)| cluster(centre, size, rows.count(), standards))
        .collect();
    clusters.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| compare(&a.compact, &b.compact)));
    clusters
}

fn cluster(compact: Vec<f64>, rows: usize, total: usize, standards: &[Standard]) -> Cluster {
    let mut values = compact.iter().copied();
    let standard_centre: Vec<f64> = standards
        .iter()
        .map(|standard| if standard.varies { values.next().unwrap_or(0.0) } else { 0.0 })
        .collect();
    let centre = standard_centre
        .iter()
        .zip(standards)
        .map(
            |(value, standard)| {
                if standard.varies { standard.mean + value * standard.deviation } else { standard.mean }
            },
        )
        .collect();
    let mut telling: Vec<Telling> = standard_centre
        .iter()
        .enumerate()
        .filter(|(column, _)| standards[*column].varies)
        .map(|(column, &difference)| Telling { column, difference })
        .collect();
    telling.sort_by(|a, b| b.difference.abs().total_cmp(&a.difference.abs()).then(a.column.cmp(&b.column)));
    Cluster { standard_centre, centre, rows, share: rows as f64 / total as f64, telling, compact }
}

fn compare(left: &[f64], right: &[f64]) -> Ordering {
    left.iter().zip(right).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}
