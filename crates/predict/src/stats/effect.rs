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

impl Effect {
    /// Whether the interval holds no 0: whether it is sure which of the two has more.
    #[must_use]
    pub fn excludes_none(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// Words for the size of a difference, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Magnitude {
    /// Not worth a word.
    Negligible,
    /// Small.
    Small,
    /// Medium.
    Medium,
    /// Large.
    Large,
}

/// Ratios from which on a difference is small, medium or large. Not Cohen's, who has none for ratios: within a tenth
/// nobody would act on it, and from half as much again on everybody sees it.
const RATIOS: [f64; 3] = [1.1, 1.25, 1.5];

impl Magnitude {
    /// Of d or h, either sign, by Cohen's bounds of 0.2, 0.5 and 0.8 ("Statistical power analysis for the behavioral
    /// sciences", 1988).
    #[must_use]
    pub fn of(size: f64) -> Self {
        Self::between(size, [0.2, 0.5, 0.8])
    }

    /// Of how many times as much one has as the other: small from 1.1 on, medium from 1.25, large from 1.5; half as
    /// much is as far away as twice as much. What is below 0 beside something above it is large.
    #[must_use]
    pub fn of_ratio(ratio: f64) -> Self {
        let ratio = if ratio <= 0.0 { f64::INFINITY } else { ratio.max(ratio.recip()) };
        // So that 1 / 1.1 is not a hair below 1.1.
        Self::between(ratio * (1.0 + 1e-12), RATIOS)
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

/// A difference of means below this part of them is rounding.
const ROUNDING: f64 = 1e-13;

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
    let gap = left.mean - right.mean;
    // What rounding leaves of none differs with the order in which values were added up.
    let gap = if gap.abs() <= ROUNDING * left.mean.abs().max(right.mean.abs()) { 0.0 } else { gap };
    let d = gap / pooled;
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

    #[test]
    fn ratios_have_words_in_both_directions() {
        let words = [1.02, 0.95, 1.1, 1.0 / 1.1, 0.75, 1.5, 0.5, 0.0, -0.3].map(Magnitude::of_ratio);
        let (none, small, medium) = (Magnitude::Negligible, Magnitude::Small, Magnitude::Medium);
        assert_eq!(words[..5], [none, none, small, small, medium]);
        assert!(words[5..].iter().all(|word| *word == Magnitude::Large));
    }

    #[test]
    fn an_interval_with_0_in_it_says_nothing() {
        let effect = |low, high| super::Effect { size: f64::midpoint(low, high), low, high };
        assert!(effect(0.1, 0.5).excludes_none() && effect(-0.5, -0.1).excludes_none());
        assert!(!effect(-0.1, 0.5).excludes_none() && !effect(0.0, 0.5).excludes_none());
    }
}
