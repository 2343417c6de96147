//! A table of numbers, checked once.

use thiserror::Error;

/// Rows and columns of finite numbers, row after row in one slice.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'a> {
    values: &'a [f64],
    columns: usize,
}

/// Why numbers do not make a table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MatrixError {
    /// The count of values is no multiple of the count of columns.
    #[error("{values} values do not fill rows of {columns} columns")]
    Shape {
        /// How many values were given.
        values: usize,
        /// How many columns a row should have.
        columns: usize,
    },
    /// A value is infinite or not a number. Leave such rows out, or fill them, before.
    #[error("row {row}, column {column} (both from 0) is not a finite number")]
    NotFinite {
        /// Row of the first such value, from 0.
        row: usize,
        /// Its column, from 0.
        column: usize,
    },
}

impl<'a> Matrix<'a> {
    /// Takes `values` as rows of `columns` numbers each.
    ///
    /// # Errors
    /// When the last row is not complete, or a value is not finite.
    pub fn new(values: &'a [f64], columns: usize) -> Result<Self, MatrixError> {
        let fits = if columns == 0 { values.is_empty() } else { values.len().is_multiple_of(columns) };
        if !fits {
            return Err(MatrixError::Shape { values: values.len(), columns });
        }
        match values.iter().position(|value| !value.is_finite()) {
            Some(at) => Err(MatrixError::NotFinite { row: at / columns, column: at % columns }),
            None => Ok(Self { values, columns }),
        }
    }

    /// For values that are known to be complete rows of finite numbers.
    pub(crate) fn trusted(values: &'a [f64], columns: usize) -> Self {
        Self { values, columns }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }

    /// How many columns a row has.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// One row. Empty when there is no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> &'a [f64] {
        self.values.get(row * self.columns..(row + 1) * self.columns).unwrap_or(&[])
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a [f64]> + Clone + use<'a> {
        // A chunk of 0 is not allowed; a table without columns has no rows anyway.
        self.values.chunks_exact(self.columns.max(1))
    }

    /// One column, in the order of rows.
    pub(crate) fn column(&self, column: usize) -> impl Iterator<Item = f64> + Clone + use<'a> {
        self.iter().map(move |row| row[column])
    }
}

#[cfg(test)]
mod tests {
    use super::{Matrix, MatrixError};

    #[test]
    fn rows_and_columns_are_found_where_they_were_put() {
        let matrix = Matrix::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2).unwrap();
        assert_eq!((matrix.rows(), matrix.columns()), (3, 2));
        assert_eq!(matrix.row(1), [3.0, 4.0]);
        assert_eq!(matrix.column(1).collect::<Vec<_>>(), [2.0, 4.0, 6.0]);
    }

    #[test]
    fn half_rows_and_numbers_that_are_none_are_refused() {
        assert_eq!(Matrix::new(&[1.0; 5], 2).unwrap_err(), MatrixError::Shape { values: 5, columns: 2 });
        assert_eq!(Matrix::new(&[1.0], 0).unwrap_err(), MatrixError::Shape { values: 1, columns: 0 });
        let nan = Matrix::new(&[1.0, 2.0, 3.0, f64::NAN], 2).unwrap_err();
        assert_eq!(nan, MatrixError::NotFinite { row: 1, column: 1 });
    }

    #[test]
    fn no_rows_are_a_table_too() {
        assert_eq!(Matrix::new(&[], 3).unwrap().rows(), 0);
        assert_eq!(Matrix::new(&[], 0).unwrap().iter().count(), 0);
    }
}
