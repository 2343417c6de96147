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
/// The interval is that of the ratio of the part's mean to the rest's on the logarithm (delta method, with Student's t
/// and Satterthwaite's degrees of freedom), carried over to the whole ([`Lift::over_whole`]): so it is never below 0. Of
/// a part whose mean is 0 it begins at 0 and ends where Welch's interval of the difference does. None when a group has
/// fewer than two values or nobody differs, when the part's mean is below 0, or the rest's not above it: a ratio says
/// nothing then.
#[must_use]
pub fn mean_over_whole(part: &Moments, rest: &Moments) -> Option<Lift> {
    let whole = part.with(rest);
    if part.count < 2 || rest.count < 2 || part.mean < 0.0 || rest.mean <= 0.0 {
        return None;
    }
    let weight = part.count as f64 / whole.count as f64;
    let ratio = part.mean / whole.mean;
    if part.mean == 0.0 {
        let found = welch(part, rest)?;
        let high = 1.0 + (1.0 - weight) * found.high / whole.mean;
        return Some(Lift { ratio, low: 0.0, high: high.max(0.0) });
    }
    let error = |group: &Moments| group.variance / (group.count as f64 * group.mean * group.mean);
    let (left, right) = (error(part), error(rest));
    let all = (left + right).sqrt();
    if !all.is_normal() {
        return None;
    }
    let free = |group: &Moments| (group.count - 1) as f64;
    let freedom = (left + right).powi(2) / (left.powi(2) / free(part) + right.powi(2) / free(rest));
    let reach = StudentsT::new(0.0, 1.0, freedom).ok()?.inverse_cdf(f64::midpoint(1.0, CONFIDENCE)) * all;
    let of_rest = part.mean / rest.mean;
    let over = Lift { ratio: of_rest, low: of_rest / reach.exp(), high: of_rest * reach.exp() };
    Some(Lift { ratio, ..over.over_whole(weight) })
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
    use statrs::distribution::{ContinuousCDF, StudentsT};

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
        // 2 of 3.5 in all, and of 5 outside. Errors of the logarithms: 1 / (3 x 4) and 1 / (3 x 25).
        let found = mean_over_whole(&Moments::of(&[1.0, 2.0, 3.0]), &Moments::of(&[4.0, 5.0, 6.0])).unwrap();
        let (left, right) = (1.0_f64 / 12.0, 1.0_f64 / 75.0);
        let freedom = (left + right).powi(2) / (left.powi(2) / 2.0 + right.powi(2) / 2.0);
        assert!((freedom - 2.624_025).abs() < 1e-6);
        let t = StudentsT::new(0.0, 1.0, freedom).unwrap().inverse_cdf(0.975);
        let reach = (t * (left + right).sqrt()).exp();
        let over = |ratio: f64| ratio / (0.5 * ratio + 0.5);
        assert!((found.ratio - 2.0 / 3.5).abs() < 1e-12);
        assert!((found.low - over(0.4 / reach)).abs() < 1e-6);
        assert!((found.high - over(0.4 * reach)).abs() < 1e-6);
        let like = mean_over_whole(&Moments::of(&[1.0, 2.0, 3.0]), &Moments::of(&[1.5, 2.0, 3.5])).unwrap();
        assert!(!like.excludes_none());
        let below = Moments::of(&[-4.0, -5.0, -6.0]);
        assert_eq!(mean_over_whole(&below, &below), None);
        assert_eq!(mean_over_whole(&below, &Moments::of(&[40.0, 50.0])), None);
    }

    #[test]
    fn an_index_is_never_below_0() {
        // Two of forty have anything: Welch's interval of the difference would pass 0.
        let mut few = vec![0.0; 38];
        few.extend([1.0, 30.0]);
        let found = mean_over_whole(&Moments::of(&few), &Moments::of(&[2.0, 3.0, 1.0, 4.0, 2.0])).unwrap();
        assert!(found.low > 0.0 && found.low < found.ratio && found.ratio < found.high, "{found:?}");
        let none =
            mean_over_whole(&Moments::of(&[0.0; 5]), &Moments::of(&[2.0, 3.0, 1.0, 2.0, 3.0, 2.0])).unwrap();
        assert_eq!((none.ratio, none.low), (0.0, 0.0));
        assert!(none.high < 1.0);
    }

    #[test]
    fn groups_that_say_nothing_have_no_test() {
        let one = Moments::of(&[1.0]);
        let same = Moments::of(&[2.0, 2.0]);
        assert_eq!(welch(&one, &same), None);
        assert_eq!(welch(&same, &Moments::of(&[3.0, 3.0])), None);
    }
}
