//! Quantiles of values in ascending order.

/// The value below which the share `p` (0 to 1) of the values lies, between two values in proportion (type 7 of
/// Hyndman and Fan, "Sample quantiles in statistical packages", 1996). `ascending` has to be sorted. None without
/// values.
#[must_use]
pub fn quantile(ascending: &[f64], p: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let place = p.clamp(0.0, 1.0) * last as f64;
    let below = place.floor();
    let low = ascending[below as usize];
    let high = ascending[(below as usize + 1).min(last)];
    Some(low + (high - low) * (place - below))
}

/// The same of values in any order, which are put in another one. Takes less time than sorting them.
#[must_use]
pub fn quantile_of(values: &mut [f64], p: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let place = p.clamp(0.0, 1.0) * last as f64;
    let below = place.floor();
    let (_, low, above) = values.select_nth_unstable_by(below as usize, f64::total_cmp);
    let low = *low;
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    Some(low + (high - low) * (place - below))
}

/// The middle value, or the mean of the middle two. `ascending` has to be sorted. None without values.
#[must_use]
pub fn median(ascending: &[f64]) -> Option<f64> {
    quantile(ascending, 0.5)
}

#[cfg(test)]
mod tests {
    use super::{median, quantile, quantile_of};

    #[test]
    fn quantiles_lie_between_values_in_proportion() {
        let values = [10.0, 20.0, 30.0, 40.0];
        assert_eq!(quantile(&values, 0.0), Some(10.0));
        assert_eq!(quantile(&values, 0.25), Some(17.5));
        assert_eq!(median(&values), Some(25.0));
        assert_eq!(quantile(&values, 1.0), Some(40.0));
        assert_eq!(quantile(&values, 7.0), Some(40.0));
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn order_makes_no_difference() {
        let mut values: Vec<f64> = (0..101).map(|n| f64::from(n * 37 % 101) / 7.0).collect();
        let mut ascending = values.clone();
        ascending.sort_by(f64::total_cmp);
        for p in [0.0, 0.05, 0.1234, 0.5, 0.95, 0.999, 1.0] {
            assert_eq!(quantile_of(&mut values, p), quantile(&ascending, p), "{p}");
        }
        assert_eq!((quantile_of(&mut [2.0], 0.3), quantile_of(&mut [], 0.3)), (Some(2.0), None));
    }
}
