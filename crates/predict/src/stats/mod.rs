//! How large a difference is, and how sure one can be of it.
//!
//! Two things that are easily taken for one: the **effect** says whether a difference matters (Cohen's d and h,
//! Cramér's V), the **p-value** whether chance alone would often make one as large. With a million customers
//! every difference is certain and most do not matter; with thirty it is the other way round.

mod adjust;
mod bounded;
mod chi_square;
mod effect;
mod moments;
mod proportion;
mod quantile;
mod welch;

pub use adjust::benjamini_hochberg;
pub use bounded::{bounded_mean_interval, wilson};
pub use chi_square::{Independence, independence};
pub use effect::{Effect, Magnitude, cohen_h, hedges_g};
pub use moments::Moments;
pub use proportion::{
    Lift, Proportion, TwoProportions, counts_differ, lift, lift_over_whole, two_proportions,
};
pub use quantile::{median, quantile, quantile_of};
pub use welch::{Welch, mean_interval, mean_over_whole, welch};

use statrs::distribution::{ContinuousCDF, Normal};

/// The share of cases that intervals of this module are made to cover.
pub const CONFIDENCE: f64 = 0.95;

/// Chance that a standard normal value is at least as far from 0 as `z`.
fn two_sided(z: f64) -> f64 {
    (2.0 * Normal::standard().sf(z.abs())).min(1.0)
}

/// Deviations on either side of the mean that hold [`CONFIDENCE`] of a normal distribution: about 1.96.
fn normal_reach() -> f64 {
    Normal::standard().inverse_cdf(f64::midpoint(1.0, CONFIDENCE))
}
