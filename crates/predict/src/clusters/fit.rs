//! K-means itself, by linfa.

use super::NoClusters;
use super::standard::Standardised;
use crate::sample;
use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::{Array2, ArrayView2};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;

/// Starts of the final fit; the tightest counts.
const STARTS: usize = 10;
/// Rows that these starts are compared on. What they find is then refined on all rows of the sample.
const START_ROWS: usize = 10_000;
/// Distance that the centres together may still move at the end, in deviations.
const TOLERANCE: f64 = 1e-4;
const ROUNDS: u64 = 300;

/// Centres for `clusters` clusters from one k-means++ start.
pub(super) fn one_start(rows: &Standardised, clusters: usize, seed: u64) -> Result<Array2<f64>, NoClusters> {
    run(rows, clusters, seed, 1, None)
}

/// The centres that count: the best of several starts, refined on all rows.
pub(super) fn final_centres(
    rows: &Standardised,
    clusters: usize,
    seed: u64,
) -> Result<Array2<f64>, NoClusters> {
    if rows.count() <= START_ROWS {
        return run(rows, clusters, seed, STARTS, None);
    }
    let few = rows.pick(&sample::rows(rows.count(), START_ROWS, seed));
    let start = run(&few, clusters, seed, STARTS, None)?;
    run(rows, clusters, seed, 1, Some(start))
}

fn run(
    rows: &Standardised,
    clusters: usize,
    seed: u64,
    starts: usize,
    centres: Option<Array2<f64>>,
) -> Result<Array2<f64>, NoClusters> {
    let numbers = |error: &dyn std::error::Error| NoClusters::Numbers(error.to_string());
    let view = ArrayView2::from_shape((rows.count(), rows.columns()), rows.values())
        .map_err(|error| numbers(&error))?;
    let generator = Xoshiro256Plus::seed_from_u64(seed);
    let model = KMeans::params_with_rng(clusters, generator)
        .n_runs(starts)
        .tolerance(TOLERANCE)
        .max_n_iterations(ROUNDS)
        .init_method(centres.map_or(KMeansInit::KMeansPlusPlus, KMeansInit::Precomputed))
        .fit(&DatasetBase::from(view))
        .map_err(|error| numbers(&error))?;
    let centres = model.centroids().to_owned();
    if centres.iter().all(|value| value.is_finite()) {
        Ok(centres)
    } else {
        Err(NoClusters::Numbers("a centre is not a finite number".into()))
    }
}
