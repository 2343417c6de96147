//! Columns brought to a common scale, so that spend does not outweigh orders because its numbers are larger.

use crate::Matrix;
use std::collections::BTreeSet;

/// Mean and deviation of a column over all rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standard {
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation (divided by n: the rows are the whole base).
    pub deviation: f64,
    /// Whether the column differs between rows. If not, it takes no part and its deviation is of no use.
    pub varies: bool,
}

pub(super) fn of_columns(matrix: &Matrix<'_>) -> Vec<Standard> {
    (0..matrix.columns()).map(|column| of(matrix, column)).collect()
}

fn of(matrix: &Matrix<'_>, column: usize) -> Standard {
    let rows = matrix.rows() as f64;
    let mean = matrix.column(column).sum::<f64>() / rows;
    let squares: f64 = matrix.column(column).map(|value| (value - mean) * (value - mean)).sum();
    let deviation = (squares / rows).sqrt();
    // What rounding leaves of equal values is no spread.
    let varies = deviation > mean.abs() * 1e-12 && deviation.is_normal();
    Standard { mean, deviation, varies }
}

/// A row as given, brought to scale, without the columns that do not vary.
pub(super) fn apply(row: &[f64], standards: &[Standard]) -> Vec<f64> {
    row.iter()
        .zip(standards)
        .filter(|(_, standard)| standard.varies)
        .map(|(value, standard)| (value - standard.mean) / standard.deviation)
        .collect()
}

/// Chosen rows, brought to scale.
pub(super) struct Standardised {
    values: Vec<f64>,
    columns: usize,
}

impl Standardised {
    pub(super) fn new(matrix: &Matrix<'_>, standards: &[Standard], rows: &[usize]) -> Self {
        let columns = standards.iter().filter(|standard| standard.varies).count();
        let values = rows.iter().flat_map(|&row| apply(matrix.row(row), standards)).collect();
        Self { values, columns }
    }

    /// Rows drawn from these.
    pub(super) fn pick(&self, rows: &[usize]) -> Self {
        let values = rows.iter().flat_map(|&row| self.row(row)).copied().collect();
        Self { values, columns: self.columns }
    }

    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    pub(super) fn count(&self) -> usize {
        self.values.len() / self.columns.max(1)
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.columns.max(1))
    }

    pub(super) fn matrix(&self) -> Matrix<'_> {
        Matrix::trusted(&self.values, self.columns)
    }

    /// How many different rows there are.
    pub(super) fn different(&self) -> usize {
        // Zero has two signs and both are the same value.
        let bits = |row: &[f64]| row.iter().map(|value| (value + 0.0).to_bits()).collect::<Vec<_>>();
        self.iter().map(bits).collect::<BTreeSet<_>>().len()
    }
}
