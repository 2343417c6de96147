//! What a difference amounts to.

use std::cmp::Ordering;

use clientele_predict::stats::{Effect, Lift, Magnitude, benjamini_hochberg};

/// Effects below this do not tell a group apart, however sure they are: Cohen's bound for a small one.
pub const TELLING_EFFECT: f64 = 0.2;
/// The largest adjusted p-value at which a difference is taken to be more than chance.
pub const TELLING_P: f64 = 0.05;

/// A difference between a group and the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// Hedges' g of means, Cohen's h of shares; above 0 when the group has more. With its 95 % interval.
    pub effect: Effect,
    /// In a word; where a ratio to the base is shown too, the lesser of the words for both. So nothing is called large
    /// of which the group has hardly more than everybody.
    pub magnitude: Magnitude,
    /// Whether every interval that is shown of it leaves out that there is no difference.
    pub is_clear: bool,
    /// Chance of such a difference if there were none.
    pub p: f64,
    /// The same, adjusted for all differences that were looked at.
    pub adjusted: f64,
    /// Whether it is large enough to matter, too large for chance, and clear.
    pub tells: bool,
}

impl Verdict {
    pub(in crate::understand) fn new(effect: Effect, p: f64) -> Verdict {
        let magnitude = Magnitude::of(effect.size);
        Verdict { effect, magnitude, is_clear: effect.excludes_none(), p, adjusted: p, tells: false }
    }

    /// The verdict on a difference that is also shown as a ratio to the base.
    pub(in crate::understand) fn with_ratio(self, ratio: &Lift) -> Verdict {
        Verdict {
            magnitude: self.magnitude.min(Magnitude::of_ratio(ratio.ratio)),
            is_clear: self.is_clear && ratio.excludes_none(),
            ..self
        }
    }
}

/// Adjusts all p-values together and settles what tells. Returns how many there are.
pub(in crate::understand) fn adjust<'a>(verdicts: impl Iterator<Item = &'a mut Option<Verdict>>) -> usize {
    let mut verdicts: Vec<&mut Verdict> = verdicts.filter_map(Option::as_mut).collect();
    let adjusted = benjamini_hochberg(&verdicts.iter().map(|v| v.p).collect::<Vec<_>>());
    for (verdict, adjusted) in verdicts.iter_mut().zip(adjusted) {
        verdict.adjusted = adjusted;
        let matters =
            verdict.effect.size.abs() >= TELLING_EFFECT && verdict.magnitude > Magnitude::Negligible;
        verdict.tells = adjusted <= TELLING_P && matters && verdict.is_clear;
    }
    verdicts.len()
}

/// What tells first, then by the size of the effect; what could not be tested last.
pub(in crate::understand) fn order(a: Option<Verdict>, b: Option<Verdict>) -> Ordering {
    let rank = |v: Option<Verdict>| v.map_or((2, 0.0), |v| (u8::from(!v.tells), -v.effect.size.abs()));
    let ((a_rank, a_size), (b_rank, b_size)) = (rank(a), rank(b));
    // Effects that differ only in digits that depend on the order of adding up are equal.
    let digits = |size: f64| (size * 1e9).round();
    a_rank.cmp(&b_rank).then_with(|| digits(a_size).total_cmp(&digits(b_size)))
}

#[cfg(test)]
mod tests {
    use clientele_predict::stats::{Lift, Magnitude, Moments, Proportion, lift_over_whole, mean_over_whole};

    use super::super::compare;
    use super::{Verdict, adjust};

    fn told(verdict: Verdict) -> Verdict {
        let mut verdicts = [Some(verdict)];
        adjust(verdicts.iter_mut());
        verdicts[0].expect("a verdict")
    }

    fn means(part: &Moments, rest: &Moments) -> (Lift, Verdict) {
        let index = mean_over_whole(part, rest).expect("an index");
        (index, told(compare::means(part, rest).expect("a verdict").with_ratio(&index)))
    }

    #[test]
    fn two_percent_more_is_not_large_however_narrow_the_spread() {
        let group = |mean: f64| Moments { count: 100, mean, variance: 1.0 };
        // Two deviations apart, but an index of 101.
        let (index, found) = means(&group(102.0), &group(100.0));
        assert!((index.ratio - 102.0 / 101.0).abs() < 1e-12 && index.low > 1.0);
        assert!(found.effect.size > 1.9 && found.p < 1e-9);
        assert_eq!((found.magnitude, found.tells), (Magnitude::Negligible, false));
        // The same two deviations with an index of 150: 3 against 2.
        let (index, found) = means(&group(3.0), &group(1.0));
        assert!((index.ratio - 1.5).abs() < 1e-12);
        assert_eq!((found.magnitude, found.tells), (Magnitude::Large, true));
    }

    #[test]
    fn a_ratio_that_may_be_1_is_not_told() {
        let shares = |part: Proportion, rest: Proportion| {
            let whole = Proportion { yes: part.yes + rest.yes, of: part.of + rest.of };
            let ratio = lift_over_whole(part, whole).expect("a ratio");
            (ratio, told(compare::shares(part, rest).expect("a verdict").with_ratio(&ratio)))
        };
        // 6 of 10 against 94 of 100: z = -0.34 / sqrt(0.0826 x 0.11) = -3.57, and Cohen's h is -0.87 with 0.65 to
        // either side. But the ratio of 0.64 has an error of sqrt(1/6 - 1/10 + 1/94 - 1/100) = 0.26 on the logarithm:
        // up to 1.06.
        let (ratio, found) = shares(Proportion { yes: 6, of: 10 }, Proportion { yes: 94, of: 100 });
        assert!(found.adjusted < 0.001 && found.effect.excludes_none());
        assert!(ratio.low < 1.0 && ratio.high > 1.0 && !found.tells);
        // The same shares of ten times as many are sure.
        let (ratio, found) = shares(Proportion { yes: 60, of: 100 }, Proportion { yes: 940, of: 1_000 });
        assert!(ratio.high < 1.0 && found.tells);
    }
}
