//! Rows by lot, the same ones for the same seed.

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::index;

/// Up to `wanted` of the numbers below `total`, each equally likely, ascending.
pub(crate) fn rows(total: usize, wanted: usize, seed: u64) -> Vec<usize> {
    if total <= wanted {
        return (0..total).collect();
    }
    let mut drawn = index::sample(&mut StdRng::seed_from_u64(seed), total, wanted).into_vec();
    drawn.sort_unstable();
    drawn
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn a_sample_has_no_row_twice_and_repeats() {
        let mut drawn = rows(1_000_000, 2_000, 7);
        assert_eq!(drawn, rows(1_000_000, 2_000, 7));
        assert_ne!(drawn, rows(1_000_000, 2_000, 8));
        drawn.dedup();
        assert_eq!(drawn.len(), 2_000);
    }

    #[test]
    fn few_rows_are_all_taken() {
        assert_eq!(rows(3, 10, 1), [0, 1, 2]);
        assert!(rows(0, 10, 1).is_empty());
    }
}
