//! What goes along with an outcome, and how much of it each thing accounts for.
//!
//! Things that might drive an outcome are correlated with each other, so neither their plain correlations (which
//! count shared parts several times) nor regression coefficients (which give a shared part to one of them, more or
//! less by chance) say how important each is. Relative weights and Shapley values share out what all of them
//! together explain, fairly and without remainder.

mod bootstrap;
mod correlation;
mod relative;
mod shapley;

pub use bootstrap::{MOST_RESAMPLED, RESAMPLES, share_intervals};

use crate::Matrix;
use correlation::Correlations;
use relative::Weights;
use statrs::distribution::{ContinuousCDF, FisherSnedecor};
use thiserror::Error;

/// Most predictors for which Shapley values are computed: their work doubles with each.
pub const MOST_FOR_SHAPLEY: usize = 12;
/// With fewer rows for each predictor the shares are rough.
const ROWS_EACH: usize = 10;

/// How predictors account for an outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Drivers {
    /// Share of the outcome's variance that all predictors together explain, 0 to 1.
    pub r_squared: f64,
    /// The same, less what chance alone would explain; may be below 0.
    pub adjusted_r_squared: f64,
    /// Chance of an explained share at least as large if none of them had to do with the outcome (F-test).
    pub p: f64,
    /// Rows that it was computed on.
    pub rows: usize,
    /// Whether there are fewer than 10 rows for each predictor: then the shares are rough.
    pub thin: bool,
    /// Whether the outcome is 0 or 1 only. Then the regression is a linear probability model: shares of
    /// variance hold, but its predictions may leave 0 to 1 and the F-test is approximate, the more so the rarer
    /// the outcome.
    pub yes_no: bool,
    /// The predictors that vary, the most important first.
    pub drivers: Vec<Driver>,
    /// Columns that are the same in all rows; they cannot explain anything.
    pub constant: Vec<usize>,
}

/// One predictor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Driver {
    /// Column of the matrix, from 0.
    pub column: usize,
    /// Plain correlation with the outcome, -1 to 1.
    pub correlation: f64,
    /// Change of the outcome, in its deviations, that goes along with one deviation of the predictor while the
    /// others stay. Of predictors that tell the same it is split between them.
    pub coefficient: f64,
    /// Johnson's relative weight: the part of `r_squared` that is its own. All of them add up to `r_squared`.
    pub weight: f64,
    /// The weight as a share of all weights, 0 to 1.
    pub share: f64,
    /// Shapley value of `r_squared` (also known as LMG), where there are at most [`MOST_FOR_SHAPLEY`]. All of them
    /// add up to `r_squared`.
    pub shapley: Option<f64>,
    /// How many times larger the variance of its coefficient is because others tell the same; above 10 it is hard
    /// to tell apart from them. None when the others tell it entirely.
    pub inflation: Option<f64>,
}

/// Why nothing can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoDrivers {
    /// Predictors and outcome are of different lengths.
    #[error("{outcomes} outcomes do not belong to {rows} rows")]
    Shape {
        /// Rows of predictors.
        rows: usize,
        /// Values of the outcome.
        outcomes: usize,
    },
    /// A value of the outcome is infinite or not a number.
    #[error("the outcome of row {row} (from 0) is not a finite number")]
    NotFinite {
        /// The row, from 0.
        row: usize,
    },
    /// Too few rows: at least two more than predictors.
    #[error("{rows} rows are too few; {needed} are needed")]
    TooFewRows {
        /// Rows given.
        rows: usize,
        /// Rows needed.
        needed: usize,
    },
    /// The outcome is the same in all rows.
    #[error("the outcome is the same for everyone")]
    SameOutcome,
    /// No predictor differs between rows.
    #[error("nothing that might explain the outcome differs between customers")]
    NothingVaries,
    /// The eigenvalues of the correlations could not be found.
    #[error("the correlations could not be taken apart")]
    Numbers,
}

/// Shares out what the columns of `predictors` explain of `outcome` in a linear regression.
///
/// Relative weights after Johnson, "A heuristic method for estimating the relative weight of predictor variables in
/// multiple regression", 2000 (how to read them: Tonidandel and LeBreton, "Relative importance analysis", 2011; how
/// sure they are: [`share_intervals`]); Shapley values of R² as in Lindeman, Merenda and Gold, 1980. Both add up to
/// R². Predictors that tell the same share its part; eigenvalues of the correlations below 1e-10 of the largest are
/// taken as 0.
///
/// # Errors
/// See [`NoDrivers`].
pub fn drivers(predictors: &Matrix<'_>, outcome: &[f64]) -> Result<Drivers, NoDrivers> {
    let rows = predictors.rows();
    if outcome.len() != rows {
        return Err(NoDrivers::Shape { rows, outcomes: outcome.len() });
    }
    if let Some(row) = outcome.iter().position(|value| !value.is_finite()) {
        return Err(NoDrivers::NotFinite { row });
    }
    let correlations = Correlations::of(predictors, outcome)?;
    let count = correlations.columns.len();
    let needed = count + 2;
    if rows < needed {
        return Err(NoDrivers::TooFewRows { rows, needed });
    }
    let weights = Weights::of(&correlations).ok_or(NoDrivers::Numbers)?;
    let shapley = (count <= MOST_FOR_SHAPLEY).then(|| shapley::values(&correlations));
    let r_squared = weights.weights.iter().sum::<f64>().clamp(0.0, 1.0);
    let mut drivers: Vec<Driver> = (0..count)
        .map(|place| Driver {
            column: correlations.columns[place],
            correlation: correlations.with_outcome[place],
            coefficient: weights.coefficients[place],
            weight: weights.weights[place],
            share: if r_squared > 0.0 { weights.weights[place] / r_squared } else { 0.0 },
            shapley: shapley.as_ref().map(|values| values[place]),
            inflation: weights.inflations[place],
        })
        .collect();
    drivers.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.column.cmp(&b.column)));
    let free = (rows - weights.rank - 1) as f64;
    Ok(Drivers {
        r_squared,
        adjusted_r_squared: if free > 0.0 { 1.0 - (1.0 - r_squared) * (rows - 1) as f64 / free } else { 0.0 },
        p: chance(r_squared, weights.rank as f64, free),
        rows,
        thin: rows < ROWS_EACH * count,
        yes_no: outcome.iter().all(|&value| value == 0.0 || value == 1.0),
        drivers,
        constant: correlations.constant,
    })
}

/// P-value of the F-test that the explained share is 0.
fn chance(r_squared: f64, rank: f64, free: f64) -> f64 {
    if r_squared >= 1.0 {
        return 0.0;
    }
    let statistic = (r_squared / rank) / ((1.0 - r_squared) / free);
    FisherSnedecor::new(rank, free).map_or(1.0, |f| f.sf(statistic)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests;
