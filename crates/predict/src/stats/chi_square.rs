//! Whether two classifications have to do with each other.

use super::Magnitude;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// What a cross-table says of its two classifications.
#[derive(Debug, Clone, PartialEq)]
pub struct Independence {
    /// Pearson's chi-square.
    pub statistic: f64,
    /// Degrees of freedom, of the rows and columns that hold anybody.
    pub freedom: u64,
    /// Chance of a statistic at least as large if the two had nothing to do with each other; 0 to 1.
    pub p: f64,
    /// Cramér's V, 0 (nothing to do with each other) to 1 (one follows from the other).
    pub cramers_v: f64,
    /// Cramér's V without its bias: the plain one is above 0 by chance, the more so the more cells and the fewer
    /// cases.
    pub cramers_v_corrected: f64,
    /// Count expected in each cell if they had nothing to do with each other; row after row as in the table.
    pub expected: Vec<f64>,
    /// Each cell's distance from what was expected, in standard errors; beyond 2 or 3 it is more than chance.
    pub residuals: Vec<f64>,
    /// Share of cells with an expected count below 5. See [`Self::is_rough`].
    pub small_expected_share: f64,
    /// Size of the connection, by Cohen's words for w = V √(min(rows, columns) - 1): 0.1, 0.3, 0.5. V is the
    /// corrected one, as it is the one to show: what chance makes is not worth a word.
    pub magnitude: Magnitude,
}

/// Largest share of cells with an expected count below 5 at which the p-value holds (Cochran, "Some methods for
/// strengthening the common chi-square tests", 1954).
const MOST_SMALL: f64 = 0.2;

impl Independence {
    /// Whether so many cells expect so few cases that the p-value is rough.
    #[must_use]
    pub fn is_rough(&self) -> bool {
        self.small_expected_share > MOST_SMALL
    }
}

/// Pearson's test of independence, without Yates' correction; Cramér's V (Cramér 1946), corrected after Bergsma,
/// "A bias-correction for Cramér's V and Tschuprow's T", 2013; adjusted residuals after Haberman 1973.
///
/// `counts` holds the table row after row. Rows and columns without anybody take no part. None when fewer than two
/// rows or columns remain, or the table is not complete.
#[must_use]
pub fn independence(counts: &[u64], columns: usize) -> Option<Independence> {
    if columns == 0 || !counts.len().is_multiple_of(columns) {
        return None;
    }
    let rows = counts.len() / columns;
    let row_sums: Vec<f64> = counts.chunks_exact(columns).map(|row| row.iter().sum::<u64>() as f64).collect();
    let column_sums: Vec<f64> = (0..columns)
        .map(|column| (0..rows).map(|row| counts[row * columns + column]).sum::<u64>() as f64)
        .collect();
    let held = |sums: &[f64]| sums.iter().filter(|&&sum| sum > 0.0).count();
    let (held_rows, held_columns) = (held(&row_sums), held(&column_sums));
    if held_rows < 2 || held_columns < 2 {
        return None;
    }
    let total: f64 = row_sums.iter().sum();
    let mut found = Table::default();
    for (row, &row_sum) in row_sums.iter().enumerate() {
        for (column, &column_sum) in column_sums.iter().enumerate() {
            found.add(counts[row * columns + column] as f64, row_sum, column_sum, total);
        }
    }
    let freedom = ((held_rows - 1) * (held_columns - 1)) as u64;
    let smaller = (held_rows.min(held_columns) - 1) as f64;
    let cramers_v = (found.statistic / total / smaller).sqrt().min(1.0);
    let cramers_v_corrected = corrected(found.statistic, total, held_rows as f64, held_columns as f64);
    Some(Independence {
        p: ChiSquared::new(freedom as f64).ok()?.sf(found.statistic).clamp(0.0, 1.0),
        statistic: found.statistic,
        freedom,
        cramers_v,
        cramers_v_corrected,
        expected: found.expected,
        residuals: found.residuals,
        small_expected_share: found.small as f64 / (held_rows * held_columns) as f64,
        magnitude: Magnitude::between(cramers_v_corrected * smaller.sqrt(), [0.1, 0.3, 0.5]),
    })
}

#[derive(Default)]
struct Table {
    statistic: f64,
    expected: Vec<f64>,
    residuals: Vec<f64>,
    small: usize,
}

impl Table {
    fn add(&mut self, count: f64, row_sum: f64, column_sum: f64, total: f64) {
        let expected = row_sum * column_sum / total;
        self.expected.push(expected);
        if expected == 0.0 {
            self.residuals.push(0.0);
            return;
        }
        self.statistic += (count - expected) * (count - expected) / expected;
        self.small += usize::from(expected < 5.0);
        let error = (expected * (1.0 - row_sum / total) * (1.0 - column_sum / total)).sqrt();
        self.residuals.push((count - expected) / error);
    }
}

/// Bergsma's estimate. 0 when there is no more connection than chance would make.
fn corrected(statistic: f64, total: f64, rows: f64, columns: f64) -> f64 {
    if total <= 1.0 {
        return 0.0;
    }
    let by_chance = (rows - 1.0) * (columns - 1.0) / (total - 1.0);
    let more = (statistic / total - by_chance).max(0.0);
    let width = |side: f64| side - (side - 1.0) * (side - 1.0) / (total - 1.0);
    let smaller = width(rows).min(width(columns)) - 1.0;
    if smaller <= 0.0 { 0.0 } else { (more / smaller).sqrt().min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::independence;
    use crate::stats::Magnitude;

    #[test]
    fn a_fourfold_table_by_hand() {
        // Expected 25 and 75 in both rows: 2 x (25/25 + 25/75) = 8/3.
        let found = independence(&[30, 70, 20, 80], 2).unwrap();
        assert!((found.statistic - 8.0 / 3.0).abs() < 1e-12);
        assert_eq!(found.freedom, 1);
        assert!((found.p - 0.102_470_43).abs() < 1e-6);
        assert!((found.cramers_v - (8.0_f64 / 600.0).sqrt()).abs() < 1e-12);
        // The adjusted residual of a fourfold table is the root of its chi-square.
        assert!((found.residuals[0] - (8.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        // 8/600 - 1/199 = 0.008308 over 2 - 1/199 - 1 = 0.994975: below 0.1, though the plain V is above it.
        assert!((found.cramers_v_corrected - 0.091_379).abs() < 1e-5);
        assert_eq!(found.magnitude, Magnitude::Negligible);
        assert_eq!(independence(&[40, 60, 20, 80], 2).unwrap().magnitude, Magnitude::Small);
    }

    #[test]
    fn a_fifth_of_small_cells_is_allowed() {
        // Sums 40, 160 by 8, 92, 100: 40 x 8 / 200 = 1.6 is below 5, 160 x 8 / 200 = 6.4 is not: one cell in six.
        let one = independence(&[2, 18, 20, 6, 74, 80], 3).unwrap();
        assert!((one.small_expected_share - 1.0 / 6.0).abs() < 1e-12 && !one.is_rough());
        // Sums 10, 10 by 6, 14: 3 of four cells would be 3, 7, 3, 7: half of them.
        let half = independence(&[4, 6, 2, 8], 2).unwrap();
        assert!((half.small_expected_share - 0.5).abs() < 1e-12 && half.is_rough());
    }

    #[test]
    fn one_that_follows_from_the_other_has_v_1() {
        let found = independence(&[10, 0, 0, 0, 10, 0, 0, 0, 10], 3).unwrap();
        assert!((found.cramers_v - 1.0).abs() < 1e-12);
        assert_eq!(found.magnitude, Magnitude::Large);
    }

    #[test]
    fn rows_and_columns_without_anybody_take_no_part() {
        let with = independence(&[30, 0, 70, 0, 0, 0, 20, 0, 80], 3).unwrap();
        let without = independence(&[30, 70, 20, 80], 2).unwrap();
        assert_eq!((with.statistic, with.freedom, with.p), (without.statistic, without.freedom, without.p));
        assert_eq!(with.expected.len(), 9);
    }

    #[test]
    fn a_single_row_or_nobody_says_nothing() {
        assert_eq!(independence(&[3, 4], 2), None);
        assert_eq!(independence(&[0; 4], 2), None);
        assert_eq!(independence(&[1, 2, 3], 2), None);
        assert_eq!(independence(&[], 0), None);
    }

    #[test]
    fn chance_has_no_corrected_v() {
        assert_eq!(independence(&[25, 75, 24, 76], 2).unwrap().cramers_v_corrected, 0.0);
    }
}
