//! How far two ways of grouping the same rows agree.

use std::collections::BTreeMap;

/// Adjusted Rand index of two groupings of the same rows: 1 when they are the same but for names, about 0 when
/// they agree no more than by chance, below 0 when less (Hubert and Arabie, "Comparing partitions", 1985).
/// Two groupings of fewer than two rows agree. Rows beyond the shorter list are ignored.
#[must_use]
pub fn adjusted_rand(left: &[usize], right: &[usize]) -> f64 {
    let rows = left.len().min(right.len());
    let (mut both, mut lefts, mut rights) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (&a, &b) in left.iter().zip(right) {
        *both.entry((a, b)).or_insert(0_u64) += 1;
        *lefts.entry(a).or_insert(0_u64) += 1;
        *rights.entry(b).or_insert(0_u64) += 1;
    }
    let together = both.values().map(pairs).sum::<f64>();
    let in_left = lefts.values().map(pairs).sum::<f64>();
    let in_right = rights.values().map(pairs).sum::<f64>();
    let all = pairs(&(rows as u64));
    if all == 0.0 {
        return 1.0;
    }
    let by_chance = in_left * in_right / all;
    let most = f64::midpoint(in_left, in_right);
    // Both put everybody into one group, or everybody into one of his own.
    if (most - by_chance).abs() < f64::EPSILON * most.max(1.0) {
        return 1.0;
    }
    (together - by_chance) / (most - by_chance)
}

fn pairs(count: &u64) -> f64 {
    let count = *count as f64;
    count * (count - 1.0) / 2.0
}

#[cfg(test)]
mod tests {
    use super::adjusted_rand;

    #[test]
    fn names_of_groups_do_not_matter() {
        assert!((adjusted_rand(&[0, 0, 1, 1, 2], &[7, 7, 3, 3, 5]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn an_example_worked_by_hand() {
        // Pairs together: left {0,1,2},{3,4,5}: 6; right {0,1},{2,3},{4,5}: 3; in both: (0,1) and (4,5): 2.
        // By chance 6 x 3 / 15 = 1.2, at most 4.5: (2 - 1.2) / (4.5 - 1.2).
        let index = adjusted_rand(&[0, 0, 0, 1, 1, 1], &[0, 0, 1, 1, 2, 2]);
        assert!((index - 0.8 / 3.3).abs() < 1e-12);
    }

    #[test]
    fn trivial_groupings_agree() {
        assert_eq!(adjusted_rand(&[0; 4], &[5; 4]), 1.0);
        assert_eq!(adjusted_rand(&[0, 1, 2], &[2, 1, 0]), 1.0);
        assert_eq!(adjusted_rand(&[], &[]), 1.0);
        assert_eq!(adjusted_rand(&[1], &[1]), 1.0);
    }

    #[test]
    fn one_group_against_many_is_no_agreement() {
        assert_eq!(adjusted_rand(&[0, 0, 0, 0], &[0, 1, 2, 3]), 0.0);
    }
}
