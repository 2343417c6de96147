//! Many tests at once.

/// P-values adjusted for how many there are (Benjamini and Hochberg, "Controlling the false discovery rate", 1995):
/// if all with an adjusted value of at most 0.05 are taken to be real, about 5 % of them are not. In the order
/// given; a p-value that is not a number stays so and does not count.
#[must_use]
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).filter(|&place| !p_values[place].is_nan()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let tests = order.len() as f64;
    let mut adjusted = p_values.to_vec();
    let mut smallest = 1.0_f64;
    for (rank, &place) in order.iter().enumerate().rev() {
        smallest = smallest.min(p_values[place] * tests / (rank + 1) as f64);
        adjusted[place] = smallest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::benjamini_hochberg;

    #[test]
    fn five_tests_by_hand() {
        // Sorted 0.005, 0.01, 0.03, 0.04, 0.5: times 5 / rank = 0.025, 0.025, 0.05, 0.05, 0.5.
        let found = benjamini_hochberg(&[0.04, 0.005, 0.5, 0.01, 0.03]);
        for (value, expected) in found.iter().zip([0.05, 0.025, 0.5, 0.025, 0.05]) {
            assert!((value - expected).abs() < 1e-12, "{found:?}");
        }
        assert!(benjamini_hochberg(&[]).is_empty());
        assert_eq!(benjamini_hochberg(&[0.9, 0.95]), [0.95, 0.95]);
    }

    #[test]
    fn what_is_no_number_does_not_count() {
        let found = benjamini_hochberg(&[0.04, f64::NAN]);
        assert_eq!(found[0], 0.04);
        assert!(found[1].is_nan());
    }
}
