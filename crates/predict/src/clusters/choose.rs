//! Which number of clusters fits the rows.

use super::standard::Standardised;
use super::{NoClusters, adjusted_rand, fit, order, silhouette};

/// Starts that are compared for each number of clusters.
const STARTS: u64 = 5;
/// Mean agreement of starts from which a number of clusters is taken to be stable.
const STABLE: f64 = 0.6;
/// A cluster with a smaller share is more likely a few outliers than a class.
const SMALLEST_SHARE: f64 = 0.01;
/// Silhouettes that differ by less are the same; the smaller number of clusters wins.
const SAME: f64 = 1e-9;

/// One number of clusters, tried out on a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// How many clusters.
    pub clusters: usize,
    /// Mean silhouette of the tightest start, -1 to 1.
    pub silhouette: f64,
    /// Mean adjusted Rand index of all pairs of starts, up to 1.
    pub stability: f64,
    /// Share of the sample in the smallest cluster, 0 to 1.
    pub smallest_share: f64,
}

/// Tries `clusters` clusters. None when k-means leaves one of them empty.
pub(super) fn try_out(rows: &Standardised, clusters: usize, seed: u64) -> Result<Option<Trial>, NoClusters> {
    let mut starts = Vec::new();
    for start in 0..STARTS {
        let centres = fit::one_start(rows, clusters, seed.wrapping_add(start))?;
        let centres: Vec<Vec<f64>> = centres.rows().into_iter().map(|centre| centre.to_vec()).collect();
        let labels: Vec<usize> =
            rows.iter().map(|row| order::nearest(row, centres.iter().map(Vec::as_slice))).collect();
        starts.push((spread(rows, &labels, &centres), labels));
    }
    let mut agreement = 0.0;
    for (place, (_, left)) in starts.iter().enumerate() {
        agreement += starts[place + 1..].iter().map(|(_, right)| adjusted_rand(left, right)).sum::<f64>();
    }
    let stability = agreement / (STARTS * (STARTS - 1) / 2) as f64;
    let Some((_, labels)) = starts.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)) else { return Ok(None) };
    let smallest =
        (0..clusters).map(|cluster| labels.iter().filter(|&&label| label == cluster).count()).min();
    let smallest_share = smallest.unwrap_or(0) as f64 / rows.count() as f64;
    if smallest_share == 0.0 {
        return Ok(None);
    }
    Ok(silhouette(&rows.matrix(), &labels).map(|silhouette| Trial {
        clusters,
        silhouette,
        stability,
        smallest_share,
    }))
}

/// The number that [`super::find`] settles on: see there for the rule.
pub(super) fn best(trials: &[Trial]) -> Option<Trial> {
    let classes: Vec<Trial> =
        trials.iter().copied().filter(|trial| trial.smallest_share >= SMALLEST_SHARE).collect();
    let candidates = if classes.is_empty() { trials } else { &classes };
    let stable: Vec<Trial> = candidates.iter().copied().filter(|trial| trial.stability >= STABLE).collect();
    if stable.is_empty() {
        highest(candidates, |trial| trial.silhouette * trial.stability)
    } else {
        highest(&stable, |trial| trial.silhouette)
    }
}

fn highest(trials: &[Trial], worth: impl Fn(&Trial) -> f64) -> Option<Trial> {
    let mut best: Option<Trial> = None;
    for trial in trials {
        if best.is_none_or(|best| worth(trial) > worth(&best) + SAME) {
            best = Some(*trial);
        }
    }
    best
}

fn spread(rows: &Standardised, labels: &[usize], centres: &[Vec<f64>]) -> f64 {
    let squares =
        |row: &[f64], centre: &[f64]| row.iter().zip(centre).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
    rows.iter().zip(labels).map(|(row, &label)| squares(row, &centres[label])).sum()
}

#[cfg(test)]
mod tests {
    use super::{Trial, best};

    fn trial(clusters: usize, silhouette: f64, stability: f64) -> Trial {
        Trial { clusters, silhouette, stability, smallest_share: 0.1 }
    }

    #[test]
    fn the_clearest_of_the_stable_wins() {
        let trials = [trial(2, 0.3, 0.9), trial(3, 0.5, 0.7), trial(4, 0.6, 0.59)];
        assert_eq!(best(&trials).unwrap().clusters, 3);
    }

    #[test]
    fn without_a_stable_one_the_product_decides() {
        let trials = [trial(2, 0.5, 0.3), trial(3, 0.4, 0.5)];
        assert_eq!(best(&trials).unwrap().clusters, 3);
    }

    #[test]
    fn the_smaller_of_equals_wins() {
        assert_eq!(best(&[trial(2, 0.5, 1.0), trial(3, 0.5, 1.0)]).unwrap().clusters, 2);
    }

    #[test]
    fn a_few_outliers_are_no_class_unless_there_is_nothing_else() {
        let outlier = Trial { smallest_share: 0.002, ..trial(2, 0.9, 1.0) };
        assert_eq!(best(&[outlier, trial(3, 0.4, 1.0)]).unwrap().clusters, 3);
        assert_eq!(best(&[outlier]).unwrap().clusters, 2);
    }
}
