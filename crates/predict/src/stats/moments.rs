//! Count, mean and variance: all that the tests of this module need of a group.

/// What is known of the values of a group. From values, or as a query answers it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// How many values there are.
    pub count: u64,
    /// Their arithmetic mean; 0 without values.
    pub mean: f64,
    /// Their sample variance (divided by n - 1); 0 with fewer than two values.
    pub variance: f64,
}

/// A variance below this part of the squared mean is what rounding leaves of none: sums of the same values in
/// another order differ by as much.
const ROUNDING: f64 = 1e-28;

/// The variance, or none where it is rounding.
fn settled(variance: f64, mean: f64) -> f64 {
    if variance <= ROUNDING * mean * mean { 0.0 } else { variance }
}

impl Moments {
    /// Of values, in two passes.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / count };
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let variance = if values.len() < 2 { 0.0 } else { squares / (count - 1.0) };
        Self { count: values.len() as u64, mean, variance: settled(variance, mean) }
    }

    /// Standard deviation of the sample.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        self.variance.sqrt()
    }

    /// The values of this group that are not in `part`, which is one of its parts (Chan, Golub and LeVeque,
    /// "Algorithms for computing the sample variance", 1983, solved for one of the two parts). Nothing when
    /// `part` is as large as the group.
    #[must_use]
    pub fn without(&self, part: &Self) -> Self {
        let count = self.count.saturating_sub(part.count);
        if count == 0 {
            return Self { count: 0, mean: 0.0, variance: 0.0 };
        }
        let (whole_n, part_n, rest_n) = (self.count as f64, part.count as f64, count as f64);
        let mean = (whole_n * self.mean - part_n * part.mean) / rest_n;
        let gap = part.mean - mean;
        let squares = self.squares() - part.squares() - part_n * rest_n / whole_n * gap * gap;
        let variance = if count < 2 { 0.0 } else { (squares / (rest_n - 1.0)).max(0.0) };
        Self { count, mean, variance: settled(variance, mean) }
    }

    /// The values of two groups that have no member in common, together (Chan, Golub and LeVeque 1983).
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let count = self.count + other.count;
        if count == 0 {
            return *self;
        }
        let (left_n, right_n, both_n) = (self.count as f64, other.count as f64, count as f64);
        let mean = (left_n * self.mean + right_n * other.mean) / both_n;
        let gap = self.mean - other.mean;
        let squares = self.squares() + other.squares() + left_n * right_n / both_n * gap * gap;
        let variance = if count < 2 { 0.0 } else { squares / (both_n - 1.0) };
        Self { count, mean, variance: settled(variance, mean) }
    }

    fn squares(&self) -> f64 {
        self.variance * self.count.saturating_sub(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::Moments;

    #[test]
    fn equal_values_have_no_variance_however_they_are_added_up() {
        let values = [0.2; 7];
        let parts = [&values[..3], &values[3..]].map(Moments::of);
        let whole = Moments::of(&values);
        assert_eq!((whole.variance, parts[0].with(&parts[1]).variance), (0.0, 0.0));
        assert_eq!(whole.without(&parts[0]).variance, 0.0);
        assert!(Moments::of(&[1.0, 1.0 + 1e-9]).variance > 0.0, "what differs does vary");
    }

    #[test]
    fn mean_and_variance_by_hand() {
        let moments = Moments::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!((moments.count, moments.mean), (8, 5.0));
        assert!((moments.variance - 32.0 / 7.0).abs() < 1e-12);
        assert_eq!(Moments::of(&[3.0]), Moments { count: 1, mean: 3.0, variance: 0.0 });
        assert_eq!(Moments::of(&[]).count, 0);
    }

    #[test]
    fn the_rest_is_what_it_would_be_from_its_values() {
        let (part, rest) = ([1.0, 7.0, 2.5], [10.0, 11.0, 15.0, 4.0]);
        let whole = Moments::of(&[part.as_slice(), &rest].concat());
        let found = whole.without(&Moments::of(&part));
        let expected = Moments::of(&rest);
        assert_eq!(found.count, expected.count);
        assert!((found.mean - expected.mean).abs() < 1e-12);
        assert!((found.variance - expected.variance).abs() < 1e-10);
        assert_eq!(whole.without(&whole).count, 0);
        let again = Moments::of(&part).with(&expected);
        assert!((again.variance - whole.variance).abs() < 1e-10 && again.count == 7);
        assert_eq!(Moments::of(&[]).with(&expected), expected);
    }
}
