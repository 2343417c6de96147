//! Intervals of means that have a floor and a ceiling, such as shares and answers on a scale.

use super::{CONFIDENCE, Moments, Proportion, mean_interval, normal_reach};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Wilson's 95 % interval of a share (Wilson, "Probable inference, the law of succession, and statistical inference",
/// 1927). It never leaves 0 to 1, and has a width where all or none have it. None of nobody.
#[must_use]
pub fn wilson(part: Proportion) -> Option<(f64, f64)> {
    (part.of > 0).then(|| score(part.share(), part.of as f64))
}

/// The 95 % interval of the mean of values that lie between `floor` and `ceiling`, and never beyond them: Wilson's
/// for the mean's place between the two, with as many cases as would make a share there as sure as the mean is, less
/// what Student's t takes off for a spread that is itself estimated (the effective sample size of Korn and Graubard,
/// "Confidence intervals for proportions with small expected number of positive counts", 1998; with Wilson's interval:
/// Dean and Pagano, "Evaluating confidence interval methods for binomial proportions in clustered surveys", 2015; on
/// net promoter scores: Rocks, "Interval estimation for the net promoter score", 2016).
///
/// None with fewer than two values, and where all are the same and neither the floor nor the ceiling: nothing is known
/// of their spread. Where the mean lies beyond the two, which are then not what they are taken for, it is
/// [`mean_interval`].
#[must_use]
pub fn bounded_mean_interval(group: &Moments, floor: f64, ceiling: f64) -> Option<(f64, f64)> {
    if group.count < 2 {
        return None;
    }
    let (count, width) = (group.count as f64, ceiling - floor);
    let place = (group.mean - floor) / width;
    // Digits that depend on the order of adding up are none beyond the end.
    if !(-1e-9..=1.0 + 1e-9).contains(&place) {
        return mean_interval(group);
    }
    let place = place.clamp(0.0, 1.0);
    let (alike, variance) = (place * (1.0 - place), group.variance / (width * width));
    let cases = match (variance > 1e-18, alike > 1e-12) {
        (true, true) => {
            let student = StudentsT::new(0.0, 1.0, count - 1.0).ok()?;
            let reach = student.inverse_cdf(f64::midpoint(1.0, CONFIDENCE));
            count * alike / variance * (normal_reach() / reach).powi(2)
        }
        (false, true) => return None,
        _ => count,
    };
    let (low, high) = score(place, cases);
    Some((floor + low * width, floor + high * width))
}

/// Wilson's interval of a share of so many cases, which need not be a whole number.
fn score(share: f64, cases: f64) -> (f64, f64) {
    let reach = normal_reach();
    let square = reach * reach;
    let middle = (share + square / (2.0 * cases)) / (1.0 + square / cases);
    let error = (share * (1.0 - share) / cases + square / (4.0 * cases * cases)).sqrt();
    let width = reach * error / (1.0 + square / cases);
    // At the ends the two parts are equal but for their last digits.
    ((middle - width).clamp(0.0, share), (middle + width).clamp(share, 1.0))
}

#[cfg(test)]
mod tests {
    use super::{bounded_mean_interval, wilson};
    use crate::stats::{Moments, Proportion, mean_interval};
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    #[test]
    fn wilson_by_hand() {
        // 4 of 10 with z² = 3.8414588: middle 0.5921... is (0.4 + 0.19207) / 1.38415, reach 1.96 √(0.024 + 0.009604)
        // / 1.38415.
        let (low, high) = wilson(Proportion { yes: 4, of: 10 }).unwrap();
        let z: f64 = 1.959_963_984_54;
        let middle = (0.4 + z * z / 20.0) / (1.0 + z * z / 10.0);
        let reach = z * (0.024 + z * z / 400.0).sqrt() / (1.0 + z * z / 10.0);
        assert!((low - middle + reach).abs() < 1e-9 && (high - middle - reach).abs() < 1e-9);
        // All of 10: from 10 / (10 + z²).
        let (low, high) = wilson(Proportion { yes: 10, of: 10 }).unwrap();
        assert!((low - 10.0 / (10.0 + z * z)).abs() < 1e-9 && high == 1.0);
        assert_eq!(wilson(Proportion { yes: 0, of: 0 }), None);
    }

    #[test]
    fn a_mean_near_the_ceiling_does_not_pass_it() {
        let answers = Moments::of(&[5.0, 5.0, 5.0, 5.0, 4.0, 5.0]);
        // Student's t passes it.
        assert!(mean_interval(&answers).unwrap().1 > 5.0);
        let (low, high) = bounded_mean_interval(&answers, 1.0, 5.0).unwrap();
        assert!(1.0 < low && low < answers.mean && answers.mean < high && high <= 5.0);
        // All at the ceiling: as a share of all.
        let (low, high) = bounded_mean_interval(&Moments::of(&[5.0; 6]), 1.0, 5.0).unwrap();
        let all = wilson(Proportion { yes: 6, of: 6 }).unwrap();
        assert!((low - (1.0 + 4.0 * all.0)).abs() < 1e-9 && high == 5.0);
        assert_eq!(bounded_mean_interval(&Moments::of(&[3.0; 6]), 1.0, 5.0), None);
        assert_eq!(bounded_mean_interval(&Moments::of(&[3.0]), 1.0, 5.0), None);
        // On another scale than it is taken for.
        let other = Moments::of(&[8.0, 9.0, 9.0]);
        assert_eq!(bounded_mean_interval(&other, 1.0, 5.0), mean_interval(&other));
    }

    #[test]
    fn of_many_in_the_middle_it_is_that_of_students_t() {
        let values: Vec<f64> = (0..2_000).map(|i| f64::from(i % 5) + 1.0).collect();
        let group = Moments::of(&values);
        let (usual, found) =
            (mean_interval(&group).unwrap(), bounded_mean_interval(&group, 1.0, 5.0).unwrap());
        assert!((usual.0 - found.0).abs() < 1e-3 && (usual.1 - found.1).abs() < 1e-3);
    }

    #[test]
    fn intervals_hold_the_mean_and_keep_within_the_scale() {
        let mut chance = StdRng::seed_from_u64(3);
        for _ in 0..2_000 {
            let size = chance.random_range(2..60);
            let least = chance.random_range(0..=10);
            let answers: Vec<i32> = (0..size).map(|_| chance.random_range(least..=10)).collect();
            let group = Moments::of(&answers.iter().map(|a| f64::from(*a)).collect::<Vec<_>>());
            if let Some((low, high)) = bounded_mean_interval(&group, 0.0, 10.0) {
                assert!(0.0 <= low && low <= group.mean + 1e-9, "{answers:?}: {low}");
                assert!(group.mean - 1e-9 <= high && high <= 10.0, "{answers:?}: {high}");
            }
            let yes = answers.iter().filter(|a| **a > 8).count() as u64;
            let part = Proportion { yes, of: answers.len() as u64 };
            let (low, high) = wilson(part).unwrap();
            assert!(0.0 <= low && low <= part.share() && part.share() <= high && high <= 1.0 && low < high);
        }
    }

    #[test]
    fn intervals_hold_the_truth_of_skewed_answers() {
        // Of 95 to be expected, fewer than 91 of 100 with 2000 draws would be chance once in a million.
        let mut chance = StdRng::seed_from_u64(8);
        for size in [25, 100] {
            let held = (0..2_000).filter(|_| {
                // 9 or 10 with 70 %, 0 to 8 else: a mean of 0.7 x 9.5 + 0.3 x 4.
                let values: Vec<f64> = (0..size)
                    .map(|_| match chance.random::<f64>() < 0.7 {
                        true => f64::from(chance.random_range(9..=10)),
                        false => f64::from(chance.random_range(0..=8)),
                    })
                    .collect();
                let (low, high) = bounded_mean_interval(&Moments::of(&values), 0.0, 10.0).unwrap();
                low <= 7.85 && 7.85 <= high
            });
            let held = held.count();
            assert!(held > 1_820, "{held} of 2000 with {size}");
        }
    }
}
