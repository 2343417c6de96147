//! How sure the shares of drivers are.

use super::correlation::Correlations;
use super::relative::Weights;
use super::{Driver, Drivers};
use crate::stats::{CONFIDENCE, quantile};
use crate::{Matrix, sample};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

/// How often the rows are drawn anew.
pub const RESAMPLES: usize = 400;
/// Most rows that are drawn from and drawn at a time.
pub const MOST_RESAMPLED: usize = 10_000;
/// With fewer resamples of which something can be said, an interval would be none.
const LEAST: usize = RESAMPLES / 2;

/// The 95 % intervals of [`Driver::share`], in the order of `found`'s drivers, which is what [`super::drivers`] made of
/// the same rows. The same for the same `seed`.
///
/// Percentiles of the shares over rows drawn with replacement, as Tonidandel, LeBreton and Johnson, "Determining the
/// statistical significance of relative weights", 2009, and Tonidandel and LeBreton, "Relative importance analysis",
/// 2011, recommend for relative weights, whose errors have no formula. Of more than [`MOST_RESAMPLED`] rows a sample
/// by lot stands for all, and the distances to its own shares are shortened by √(sample / rows) (the bootstrap of m
/// out of n rows: Bickel, Götze and van Zwet 1997). Shares are never below 0, so an interval says how large one is,
/// not whether it is any; and where two overlap, which is larger is not sure.
///
/// None for a driver when too few of the resamples say anything, as with very few rows.
#[must_use]
pub fn share_intervals(
    predictors: &Matrix<'_>,
    outcome: &[f64],
    found: &Drivers,
    seed: u64,
) -> Vec<Option<(f64, f64)>> {
    let rows = sample::rows(predictors.rows().min(outcome.len()), MOST_RESAMPLED, seed);
    let table = Table::of(predictors, outcome, &found.drivers, &rows);
    let mut chance = Xoshiro256Plus::seed_from_u64(seed);
    let mut drawn = vec![0.0; rows.len()];
    let mut shares: Vec<Vec<f64>> = vec![Vec::with_capacity(RESAMPLES); found.drivers.len()];
    for _ in 0..RESAMPLES {
        drawn.fill(0.0);
        for _ in 0..rows.len() {
            // The upper half of the product: each row is as likely, but for a part of 2⁻⁵⁰.
            let row = (u128::from(chance.next_u64()) * rows.len() as u128) >> 64;
            drawn[row as usize] += 1.0;
        }
        if let Some(found) = table.shares(&drawn) {
            shares.iter_mut().zip(found).for_each(|(all, share)| all.push(share));
        }
    }
    let own = table.shares(&vec![1.0; rows.len()]);
    let nearer = (rows.len() as f64 / predictors.rows().max(1) as f64).sqrt();
    let intervals = found.drivers.iter().zip(shares).enumerate().map(|(place, (driver, mut shares))| {
        let own = own.as_ref()?.get(place)?;
        shares.sort_by(f64::total_cmp);
        if shares.len() < LEAST {
            return None;
        }
        let end = |p: f64| Some((driver.share + (quantile(&shares, p)? - own) * nearer).clamp(0.0, 1.0));
        let tail = (1.0 - CONFIDENCE) / 2.0;
        // Near 0 and 1 all draws are to one side of the share, which is no reason to exclude it.
        Some((end(tail)?.min(driver.share), end(1.0 - tail)?.max(driver.share)))
    });
    intervals.collect()
}

/// Rows to draw from: the predictors in the order of the drivers, then the outcome, each from its mean in deviations,
/// so that sums of squares keep their digits.
struct Table {
    values: Vec<f64>,
    width: usize,
}

impl Table {
    fn of(predictors: &Matrix<'_>, outcome: &[f64], drivers: &[Driver], rows: &[usize]) -> Self {
        let width = drivers.len() + 1;
        let mut values: Vec<f64> = Vec::with_capacity(rows.len() * width);
        for &row in rows {
            values.extend(drivers.iter().map(|driver| predictors.row(row)[driver.column]));
            values.push(outcome[row]);
        }
        let all = rows.len().max(1) as f64;
        for column in 0..width {
            let of_column = || values.iter().skip(column).step_by(width);
            let mean = of_column().sum::<f64>() / all;
            let deviation = (of_column().map(|value| (value - mean).powi(2)).sum::<f64>() / all).sqrt();
            let scale = if deviation.is_normal() { deviation } else { 1.0 };
            values.iter_mut().skip(column).step_by(width).for_each(|value| *value = (*value - mean) / scale);
        }
        Self { values, width }
    }

    /// The share of each driver when each row is there so many times; None when they explain nothing.
    fn shares(&self, times: &[f64]) -> Option<Vec<f64>> {
        let correlations = self.correlations(times)?;
        let weights = Weights::of(&correlations)?.weights;
        let all: f64 = weights.iter().sum();
        (all > 0.0).then(|| weights.iter().map(|weight| weight / all).collect())
    }

    fn correlations(&self, times: &[f64]) -> Option<Correlations> {
        let width = self.width;
        let (mut sums, mut products) = (vec![0.0; width], vec![0.0; width * width]);
        let there = self.values.chunks_exact(width).zip(times).filter(|(_, times)| **times > 0.0);
        for (row, times) in there {
            for (place, &left) in row.iter().enumerate() {
                let left = left * times;
                sums[place] += left;
                for (sum, &right) in products[place * width..=place * width + place].iter_mut().zip(row) {
                    *sum += left * right;
                }
            }
        }
        let all: f64 = times.iter().sum();
        let covariance = |a: usize, b: usize| {
            let (high, low) = (a.max(b), a.min(b));
            products[high * width + low] / all - sums[a] / all * (sums[b] / all)
        };
        // What a resample happens to have only one value of explains nothing in it.
        let deviation = |place: usize| Some(covariance(place, place)).filter(|square| *square > 1e-12);
        let correlation = |a: usize, b: usize| match (deviation(a), deviation(b)) {
            (Some(left), Some(right)) => (covariance(a, b) / (left * right).sqrt()).clamp(-1.0, 1.0),
            _ => 0.0,
        };
        let outcome = width - 1;
        deviation(outcome)?;
        let between = (0..outcome)
            .flat_map(|a| (0..outcome).map(move |b| (a, b)))
            .map(|(a, b)| if a == b { 1.0 } else { correlation(a, b) });
        Some(Correlations {
            columns: (0..outcome).collect(),
            constant: Vec::new(),
            between: between.collect(),
            with_outcome: (0..outcome).map(|place| correlation(place, outcome)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_RESAMPLED, share_intervals};
    use crate::Matrix;
    use crate::drivers::drivers;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    type Interval = Option<(f64, f64)>;

    /// Rows whose two predictors have the correlation `r`; the outcome is `a` times the one and `b` times the other,
    /// with chance added.
    fn rows(count: usize, r: f64, [a, b]: [f64; 2], seed: u64) -> (Vec<f64>, Vec<f64>) {
        let mut chance = StdRng::seed_from_u64(seed);
        let mut draw = || chance.random::<f64>() - 0.5;
        let (mut values, mut outcome) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let one = draw();
            let other = r * one + (1.0 - r * r).sqrt() * draw();
            values.extend([one, other]);
            outcome.push(a * one + b * other + 2.0 * draw());
        }
        (values, outcome)
    }

    /// The first column's share and interval.
    fn first((values, outcome): &(Vec<f64>, Vec<f64>), seed: u64) -> (f64, Interval) {
        let matrix = Matrix::new(values, 2).unwrap();
        let found = drivers(&matrix, outcome).unwrap();
        let place = found.drivers.iter().position(|driver| driver.column == 0).unwrap();
        (found.drivers[place].share, share_intervals(&matrix, outcome, &found, seed)[place])
    }

    /// Of 100 samples, how many have an interval that holds the truth.
    fn covered(r: f64, slopes: [f64; 2], truth: f64) -> usize {
        let holds = |seed| {
            let (low, high) = first(&rows(200, r, slopes, seed), 7).1.unwrap();
            low <= truth && truth <= high
        };
        (0..100).filter(|seed| holds(*seed)).count()
    }

    #[test]
    fn intervals_hold_the_truth_of_unrelated_predictors() {
        // Variances of 3a and 4b are 9 : 16. Of 95 to be expected, fewer than 88 would be a case in a thousand.
        let found = covered(0.0, [3.0, 4.0], 0.36);
        assert!((88..100).contains(&found), "{found}");
    }

    #[test]
    fn intervals_hold_the_truth_of_related_predictors() {
        // R = [1 ½; ½ 1] has the root L = [cos 15°, sin 15°; sin 15°, cos 15°]. With the slopes 2 and 1 the
        // coefficients of the uncorrelated variables are L times these, and the weights Σ L² times their squares; R²
        // is 7 parts.
        let (p, q) = (15_f64.to_radians().cos(), 15_f64.to_radians().sin());
        let (one, other) = ((2.0 * p + q).powi(2), (2.0 * q + p).powi(2));
        let truth = (p * p * one + q * q * other) / 7.0;
        assert!((truth - 0.660_7).abs() < 1e-4);
        let found = covered(0.5, [2.0, 1.0], truth);
        assert!((88..100).contains(&found), "{found}");
    }

    #[test]
    fn the_same_seed_gives_the_same_intervals() {
        let drawn = rows(150, 0.3, [1.0, 2.0], 4);
        assert_eq!(first(&drawn, 1), first(&drawn, 1));
        assert_ne!(first(&drawn, 1).1, first(&drawn, 2).1);
        let (share, interval) = first(&drawn, 1);
        let (low, high) = interval.unwrap();
        assert!(0.0 <= low && low < share && share < high && high <= 1.0);
    }

    #[test]
    fn a_share_next_to_nothing_is_in_its_interval() {
        let drawn = rows(400, 0.0, [5.0, 0.0], 3);
        let (share, interval) = first(&drawn, 1);
        let (low, high) = interval.unwrap();
        assert!(share > 0.99 && low <= share && share <= high && low > 0.9, "{low} {share} {high}");
    }

    #[test]
    fn four_times_the_rows_halve_the_interval_even_where_a_sample_stands_for_all() {
        let width = |count| {
            let (low, high) = first(&rows(count, 0.3, [1.0, 2.0], 9), 3).1.unwrap();
            high - low
        };
        let ratio = width(MOST_RESAMPLED) / width(4 * MOST_RESAMPLED);
        assert!((1.6..2.5).contains(&ratio), "{ratio}");
    }

    #[test]
    fn a_predictor_that_many_resamples_miss_has_an_interval_all_the_same() {
        let (mut values, outcome) = rows(40, 0.0, [3.0, 4.0], 2);
        for row in 0..40 {
            values[2 * row] = f64::from(u8::from(row == 7));
        }
        let (share, interval) = first(&(values, outcome), 5);
        let (low, high) = interval.unwrap();
        assert!(low <= share && share <= high && low < 0.01, "{low} {share} {high}");
    }
}
