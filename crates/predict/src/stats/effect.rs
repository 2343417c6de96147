//! How large a difference is, in a measure that does not depend on units or on the size of the groups.

use super::{Moments, Proportion, normal_reach};
use statrs::function::gamma::ln_gamma;

/// An effect with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// The effect; 0 is none.
    pub size: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Cohen's words for sizes of d and h (Cohen, "Statistical power analysis for the behavioral sciences", 1988).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Magnitude {
    /// Below 0.2: not worth a word.
    Negligible,
    /// 0.2 to 0.5.
    Small,
    /// 0.5 to 0.8.
    Medium,
    /// 0.8 or more.
    Large,
}

impl Magnitude {
    /// Of d or h, either sign.
    #[must_use]
    pub fn of(size: f64) -> Self {
        Self::between(size, [0.2, 0.5, 0.8])
    }

    pub(super) fn between(size: f64, [small, medium, large]: [f64; 3]) -> Self {
        match size.abs() {
            size if size >= large => Self::Large,
            size if size >= medium => Self::Medium,
            size if size >= small => Self::Small,
            _ => Self::Negligible,
        }
    }
}

/// Difference of two means in pooled standard deviations, corrected for small groups: Cohen's d times Hedges'
/// exact factor (Hedges, "Distribution theory for Glass's estimator of effect size", 1981), with the variance of
/// Borenstein and others, "Introduction to meta-analysis", 2009, (4.20) and (4.24). None when a group has fewer
/// than two values or neither varies.
#[must_use]
pub fn hedges_g(left: &Moments, right: &Moments) -> Option<Effect> {
    if left.count < 2 || right.count < 2 {
        return None;
    }
    let (left_n, right_n) = (left.count as f64, right.count as f64);
    let freedom = left_n + right_n - 2.0;
    let pooled = ((left.variance * (left_n - 1.0) + right.variance * (right_n - 1.0)) / freedom).sqrt();
    if !pooled.is_normal() {
        return None;
    }
    let d = (left.mean - right.mean) / pooled;
    let correction =
        (ln_gamma(freedom / 2.0) - ln_gamma((freedom - 1.0) / 2.0)).exp() / (freedom / 2.0).sqrt();
    let variance = (left_n + right_n) / (left_n * right_n) + d * d / (2.0 * (left_n + right_n));
    let reach = normal_reach() * variance.sqrt() * correction;
    let size = d * correction;
    Some(Effect { size, low: size - reach, high: size + reach })
}

/// Difference of two shares after the arcsine transformation, which makes steps near 0 and 1 count as much as they
/// should: Cohen's h = 2 asin √p - 2 asin √q (Cohen 1988, 6.2), with its variance 1/m + 1/n. None when a group is
/// empty.
#[must_use]
pub fn cohen_h(left: Proportion, right: Proportion) -> Option<Effect> {
    if left.of == 0 || right.of == 0 {
        return None;
    }
    let angle = |proportion: Proportion| 2.0 * proportion.share().sqrt().asin();
    let size = angle(left) - angle(right);
    let reach = normal_reach() * (1.0 / left.of as f64 + 1.0 / right.of as f64).sqrt();
    Some(Effect { size, low: size - reach, high: size + reach })
}

#[cfg(test)]
mod tests {
    use super::{Magnitude, cohen_h, hedges_g};
    use crate::stats::{Moments, Proportion};

    #[test]
    fn d_is_corrected_for_small_groups() {
        // d = -3; with 4 degrees the factor is gamma(2) / (sqrt(2) gamma(1.5)) = 0.797885.
        let found = hedges_g(&Moments::of(&[1.0, 2.0, 3.0]), &Moments::of(&[4.0, 5.0, 6.0])).unwrap();
        assert!((found.size + 3.0 * 0.797_884_560_8).abs() < 1e-9);
        // The factor of large groups is 1.
        let many = Moments { count: 1_000_000, mean: 1.0, variance: 4.0 };
        let found = hedges_g(&many, &Moments { mean: 0.0, ..many }).unwrap();
        assert!((found.size - 0.5).abs() < 1e-5);
        assert_eq!(hedges_g(&Moments::of(&[1.0]), &many), None);
    }

    #[test]
    fn h_by_hand() {
        // asin(sqrt(0.75)) = pi / 3, asin(sqrt(0.25)) = pi / 6.
        let found = cohen_h(Proportion { yes: 3, of: 4 }, Proportion { yes: 1, of: 4 }).unwrap();
        assert!((found.size - std::f64::consts::FRAC_PI_3).abs() < 1e-12);
        assert_eq!(cohen_h(Proportion { yes: 0, of: 0 }, Proportion { yes: 1, of: 4 }), None);
    }

    #[test]
    fn words_follow_cohen() {
        let words = [0.1, -0.2, 0.5, -0.79, 0.8].map(Magnitude::of);
        let (small, medium) = (Magnitude::Small, Magnitude::Medium);
        assert_eq!(words, [Magnitude::Negligible, small, medium, medium, Magnitude::Large]);
    }
}
