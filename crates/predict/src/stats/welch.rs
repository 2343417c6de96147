//! The difference of two means.

use super::{CONFIDENCE, Lift, Moments};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// A difference of two means and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Welch {
    /// First mean minus second.
    pub difference: f64,
    /// The difference in its standard errors.
    pub t: f64,
    /// Degrees of freedom.
    pub freedom: f64,
    /// Chance of a difference at least as large, either way, if there were none; 0 to 1.
    pub p: f64,
    /// Lower end of the 95 % interval of the difference.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Welch's test for two independent groups whose variances may differ (Welch 1947; degrees of freedom after
/// Satterthwaite 1946). None when a group has fewer than two values, or neither varies: then a test says nothing.
#[must_use]
pub fn welch(left: &Moments, right: &Moments) -> Option<Welch> {
    if left.count < 2 || right.count < 2 {
        return None;
    }
    let (left_n, right_n) = (left.count as f64, right.count as f64);
    let (left_part, right_part) = (left.variance / left_n, right.variance / right_n);
    let error = (left_part + right_part).sqrt();
    if !error.is_normal() {
        return None;
    }
    let difference = left.mean - right.mean;
    let t = difference / error;
    let freedom = (left_part + right_part).powi(2)
        / (left_part.powi(2) / (left_n - 1.0) + right_part.powi(2) / (right_n - 1.0));
    let student = StudentsT::new(0.0, 1.0, freedom).ok()?;
    let reach = student.inverse_cdf(f64::midpoint(1.0, CONFIDENCE)) * error;
    Some(Welch {
        difference,
        t,
        freedom,
        p: (2.0 * student.sf(t.abs())).min(1.0),
        low: difference - reach,
        high: difference + reach,
    })
}

/// How many times as large the mean of a part is as that of the whole that it makes with the rest; 1.2 is an index of
/// 120.
///
/// The part's mean is above the whole's by its difference to the rest times the rest's share of all, so Welch's
/// interval of that difference carries over, and holds 1 where his holds 0. The whole's mean, by which it is divided,
/// is taken as known. None when there is no such interval, or the whole's mean is not above 0.
#[must_use]
pub fn mean_over_whole(part: &Moments, rest: &Moments) -> Option<Lift> {
    let whole = part.with(rest);
    if whole.mean <= 0.0 {
        return None;
    }
    let found = welch(part, rest)?;
    let others = rest.count as f64 / whole.count as f64;
    let ratio = |difference: f64| 1.0 + others * difference / whole.mean;
    Some(Lift { ratio: part.mean / whole.mean, low: ratio(found.low), high: ratio(found.high) })
}

/// The 95 % interval of a mean, by Student's t. None with fewer than two values.
#[must_use]
pub fn mean_interval(group: &Moments) -> Option<(f64, f64)> {
    if group.count < 2 {
        return None;
    }
    let student = StudentsT::new(0.0, 1.0, (group.count - 1) as f64).ok()?;
    let reach =
        student.inverse_cdf(f64::midpoint(1.0, CONFIDENCE)) * (group.variance / group.count as f64).sqrt();
    Some((group.mean - reach, group.mean + reach))
}

#[cfg(test)]
mod tests {
    use super::{mean_interval, mean_over_whole, welch};
    use crate::stats::Moments;

    #[test]
    fn the_interval_of_a_mean_by_hand() {
        // Variance 1, error 1 / sqrt(3); Student's t with 2 degrees has 97.5 % below 4.3026527.
        let (low, high) = mean_interval(&Moments::of(&[1.0, 2.0, 3.0])).unwrap();
        let reach = 4.302_652_7 / 3.0_f64.sqrt();
        assert!((low - 2.0 + reach).abs() < 1e-6 && (high - 2.0 - reach).abs() < 1e-6);
        assert_eq!(mean_interval(&Moments::of(&[1.0])), None);
    }

    #[test]
    fn equal_variances_and_sizes_by_hand() {
        // Means 2 and 5, variances 1 and 1, three each: error = sqrt(2/3), t = -3 / 0.8165, 4 degrees.
        let found = welch(&Moments::of(&[1.0, 2.0, 3.0]), &Moments::of(&[4.0, 5.0, 6.0])).unwrap();
        assert!((found.t + 3.0 / (2.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!((found.freedom - 4.0).abs() < 1e-12);
        // Student's t with 4 degrees has 97.5 % below 2.7764451.
        assert!((found.high + 3.0 - 2.776_445_1 * (2.0_f64 / 3.0).sqrt()).abs() < 1e-6);
    }

    #[test]
    fn a_mean_over_the_whole_by_hand() {
        // 2 of 3.5 in all; the difference of -3 with 2.7764451 errors of sqrt(2/3) to either side, halved, over 3.5.
        let found = mean_over_whole(&Moments::of(&[1.0, 2.0, 3.0]), &Moments::of(&[4.0, 5.0, 6.0])).unwrap();
        let reach = 2.776_445_1 * (2.0_f64 / 3.0).sqrt();
        assert!((found.ratio - 2.0 / 3.5).abs() < 1e-12);
        assert!((found.low - (1.0 + 0.5 * (-3.0 - reach) / 3.5)).abs() < 1e-6);
        assert!((found.high - (1.0 + 0.5 * (-3.0 + reach) / 3.5)).abs() < 1e-6);
        assert!(found.excludes_none());
        let like = mean_over_whole(&Moments::of(&[1.0, 2.0, 3.0]), &Moments::of(&[1.5, 2.0, 3.5])).unwrap();
        assert!(!like.excludes_none());
        let below = Moments::of(&[-4.0, -5.0, -6.0]);
        assert_eq!(mean_over_whole(&below, &below), None);
    }

    #[test]
    fn groups_that_say_nothing_have_no_test() {
        let one = Moments::of(&[1.0]);
        let same = Moments::of(&[2.0, 2.0]);
        assert_eq!(welch(&one, &same), None);
        assert_eq!(welch(&same, &Moments::of(&[3.0, 3.0])), None);
    }
}
