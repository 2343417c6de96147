//! Johnson's relative weights ("A heuristic method for estimating the relative weight of predictor variables in
//! multiple regression", 2000; Tonidandel and LeBreton, "Relative importance analysis", 2011).
//!
//! The predictors X are replaced by the uncorrelated variables Z closest to them. With the correlations
//! R = V D V', the correlation of X with Z is L = V D½ V', and regression of the outcome on Z gives the
//! coefficients b = V D-½ V' r, whose squares add up to R². The weight of predictor j is Σ over k of L²(j,k) b²(k).

use super::correlation::Correlations;
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Eigenvalues below this part of the largest are rounding.
const NOTHING: f64 = 1e-10;
/// Predictors and their combinations that carry more than this of a left-out direction are told by the others.
const ENTANGLED: f64 = 1e-8;
const MOST_ROUNDS: usize = 10_000;

pub(super) struct Weights {
    pub(super) weights: Vec<f64>,
    pub(super) coefficients: Vec<f64>,
    pub(super) inflations: Vec<Option<f64>>,
    /// How many predictors tell something of their own.
    pub(super) rank: usize,
}

impl Weights {
    /// None when the eigenvalues cannot be found, which correlations of finite numbers do not lead to.
    pub(super) fn of(correlations: &Correlations) -> Option<Self> {
        let count = correlations.columns.len();
        let matrix = DMatrix::from_row_slice(count, count, &correlations.between);
        let outcome = DVector::from_column_slice(&correlations.with_outcome);
        let eigen = SymmetricEigen::try_new(matrix, f64::EPSILON, MOST_ROUNDS)?;
        let (vectors, values) = (&eigen.eigenvectors, &eigen.eigenvalues);
        let least = values.max() * NOTHING;
        let power = |exponent: f64| {
            let powers = values.map(|value| if value > least { value.powf(exponent) } else { 0.0 });
            vectors * DMatrix::from_diagonal(&powers) * vectors.transpose()
        };
        let squared = power(0.5).map(|value| value * value);
        let uncorrelated = (power(-0.5) * &outcome).map(|value| value * value);
        let inverse = power(-1.0);
        let inflations = (0..count)
            .map(|row| {
                let entangled = (0..count)
                    .any(|place| values[place] <= least && vectors[(row, place)].powi(2) > ENTANGLED);
                (!entangled).then(|| inverse[(row, row)])
            })
            .collect();
        Some(Self {
            weights: (squared * uncorrelated).iter().copied().collect(),
            coefficients: (&inverse * outcome).iter().copied().collect(),
            inflations,
            rank: values.iter().filter(|&&value| value > least).count(),
        })
    }
}
