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

/// The middle value, or the mean of the middle two. `ascending` has to be sorted. None without values.
#[must_use]
pub fn median(ascending: &[f64]) -> Option<f64> {
    quantile(ascending, 0.5)
}

#[cfg(test)]
mod tests {
    use super::{median, quantile};

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
}
