//! Groups that the base falls into by itself: k-means, with the number of groups found rather than given.
//!
//! ```text
//! rows ── mean and deviation ──► up to 2,000 rows: every k, five starts each ──► silhouette, stability ──► k
//!                           └──► up to 50,000 rows: centres for that k ──► ordered, with what tells them apart
//! ```
//!
//! Everything but the means and deviations is computed on samples drawn by the seed, so that a large base
//! takes no longer than a middling one. Who belongs where is left to the caller: the nearest centre wins, the
//! first of two at the same distance (`Clustering::nearest` says the same).

mod agreement;
mod choose;
mod fit;
mod order;
mod silhouette;
mod standard;

pub use agreement::adjusted_rand;
pub use choose::Trial;
pub use order::{Cluster, Telling};
pub use silhouette::silhouette;
pub use standard::Standard;

use crate::{Matrix, sample};
use standard::Standardised;
use thiserror::Error;

/// Most rows that silhouette and stability are computed on: their cost grows with the square.
const LOOK_ROWS: usize = 2_000;
/// Most rows that the centres are computed on.
const FIT_ROWS: usize = 50_000;

/// What to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Fewest clusters, at least 2.
    pub min: usize,
    /// Most clusters.
    pub max: usize,
    /// Decides samples and starts; the same seed gives the same clusters.
    pub seed: u64,
}

/// Clusters, and how well founded they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustering {
    /// For each column of the matrix, how it was standardised, or that it was left out.
    pub standards: Vec<Standard>,
    /// The clusters, largest first.
    pub clusters: Vec<Cluster>,
    /// Mean silhouette of the final clusters, -1 to 1.
    pub silhouette: f64,
    /// Mean agreement of five starts for this number of clusters; 1 when all found the same.
    pub stability: f64,
    /// Every number of clusters that was tried.
    pub trials: Vec<Trial>,
    /// Rows that the centres were computed on.
    pub fitted_rows: usize,
}

/// How much of a structure a silhouette shows, by the bounds of Kaufman and Rousseeuw, "Finding groups in
/// data", 1990, table 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structure {
    /// Above 0.70.
    Strong,
    /// 0.51 to 0.70.
    Reasonable,
    /// 0.26 to 0.50: could be artificial, look at it with other means too.
    Weak,
    /// Up to 0.25: the base is one cloud, cut into pieces.
    None,
}

/// Why there are no clusters.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoClusters {
    /// There is no row.
    #[error("there is nobody to put into clusters")]
    NoRows,
    /// All columns are the same for everyone.
    #[error("all features are the same for everyone")]
    NothingVaries,
    /// Fewer different rows than the fewest clusters need: one more than clusters, so that at least one
    /// cluster has two of them.
    #[error("only {different} different customers; {needed} are needed for so many clusters")]
    TooFewDifferent {
        /// Different rows found.
        different: usize,
        /// Different rows needed.
        needed: usize,
    },
    /// Less than 2 clusters asked for, or more at least than at most.
    #[error(
        "from {min} to {max} clusters cannot be looked for: at least 2, and no more at least than at most"
    )]
    Range {
        /// Fewest, as asked for.
        min: usize,
        /// Most, as asked for.
        max: usize,
    },
    /// The computation came to no finite result, for instance because values are near the largest number.
    #[error("the clusters could not be computed: {0}")]
    Numbers(String),
}

/// Finds clusters of the rows.
///
/// 1. Columns are standardised by mean and deviation of all rows; constant ones take no part.
/// 2. For every number of clusters from `min` to `max` (at most one less than there are different rows), k-means
///    (Lloyd) runs from five k-means++ starts (Arthur and Vassilvitskii 2007) on up to 2,000 rows. The
///    silhouette (Rousseeuw 1987) of the tightest is taken, and the mean adjusted Rand index (Hubert and
///    Arabie 1985) of all pairs of starts as its stability.
/// 3. Numbers whose smallest cluster holds less than 1 % are set aside while others remain. Of those with a
///    stability of 0.6 or more the one with the highest silhouette wins, the smaller of equals; if none is so
///    stable, the highest product of silhouette and stability.
/// 4. Its centres are computed on up to 50,000 rows.
///
/// # Errors
/// When there is nothing to be found; see [`NoClusters`].
pub fn find(matrix: &Matrix<'_>, request: Request) -> Result<Clustering, NoClusters> {
    let Request { min, max, seed } = request;
    if min < 2 || max < min {
        return Err(NoClusters::Range { min, max });
    }
    if matrix.rows() == 0 {
        return Err(NoClusters::NoRows);
    }
    let standards = standard::of_columns(matrix);
    if standards.iter().all(|column| !column.varies) {
        return Err(NoClusters::NothingVaries);
    }
    let look = Standardised::new(matrix, &standards, &sample::rows(matrix.rows(), LOOK_ROWS, seed));
    let different = look.different();
    if different <= min {
        return Err(NoClusters::TooFewDifferent { different, needed: min + 1 });
    }
    let trials: Vec<Trial> = (min..=max.min(different - 1))
        .filter_map(|k| choose::try_out(&look, k, seed).transpose())
        .collect::<Result<_, _>>()?;
    let chosen = choose::best(&trials)
        .ok_or_else(|| NoClusters::Numbers("k-means found fewer groups than asked for".into()))?;

    let rows = Standardised::new(matrix, &standards, &sample::rows(matrix.rows(), FIT_ROWS, seed));
    let centres = fit::final_centres(&rows, chosen.clusters, seed)?;
    let clusters = order::clusters(&rows, &centres, &standards);
    let mut clustering = Clustering {
        silhouette: 0.0,
        stability: chosen.stability,
        fitted_rows: rows.count(),
        standards,
        clusters,
        trials,
    };
    let labels: Vec<usize> = look.iter().map(|row| clustering.nearest_standardised(row)).collect();
    clustering.silhouette = silhouette(&look.matrix(), &labels).unwrap_or(0.0);
    Ok(clustering)
}

impl Clustering {
    /// The place in [`Self::clusters`] of the cluster that a row as given belongs to.
    #[must_use]
    pub fn nearest(&self, row: &[f64]) -> usize {
        self.nearest_standardised(&standard::apply(row, &self.standards))
    }

    fn nearest_standardised(&self, row: &[f64]) -> usize {
        order::nearest(row, self.clusters.iter().map(|cluster| cluster.compact.as_slice()))
    }
}

impl Structure {
    /// What a mean silhouette says, -1 to 1.
    #[must_use]
    pub fn of(silhouette: f64) -> Structure {
        match silhouette {
            found if found > 0.70 => Structure::Strong,
            found if found > 0.50 => Structure::Reasonable,
            found if found > 0.25 => Structure::Weak,
            _ => Structure::None,
        }
    }
}

#[cfg(test)]
mod tests;
