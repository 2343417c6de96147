//! What a difference amounts to.

use std::cmp::Ordering;

use clientele_predict::stats::{Effect, Magnitude, benjamini_hochberg};

/// Effects below this do not tell a group apart, however sure they are: Cohen's bound for a small one.
pub const TELLING_EFFECT: f64 = 0.2;
/// The largest adjusted p-value at which a difference is taken to be more than chance.
pub const TELLING_P: f64 = 0.05;

/// A difference between a group and the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// Hedges' g of means, Cohen's h of shares; above 0 when the group has more. With its 95 % interval.
    pub effect: Effect,
    pub magnitude: Magnitude,
    /// Chance of such a difference if there were none.
    pub p: f64,
    /// The same, adjusted for all differences that were looked at.
    pub adjusted: f64,
    /// Whether it is large enough to matter and too large for chance.
    pub tells: bool,
}

impl Verdict {
    pub(in crate::understand) fn new(effect: Effect, p: f64) -> Verdict {
        let magnitude = Magnitude::of(effect.size);
        Verdict { effect, magnitude, p, adjusted: p, tells: false }
    }
}

/// Adjusts all p-values together and settles what tells. Returns how many there are.
pub(in crate::understand) fn adjust<'a>(verdicts: impl Iterator<Item = &'a mut Option<Verdict>>) -> usize {
    let mut verdicts: Vec<&mut Verdict> = verdicts.filter_map(Option::as_mut).collect();
    let adjusted = benjamini_hochberg(&verdicts.iter().map(|v| v.p).collect::<Vec<_>>());
    for (verdict, adjusted) in verdicts.iter_mut().zip(adjusted) {
        verdict.adjusted = adjusted;
        verdict.tells = adjusted <= TELLING_P && verdict.effect.size.abs() >= TELLING_EFFECT;
    }
    verdicts.len()
}

/// What tells first, then by the size of the effect; what could not be tested last.
pub(super) fn order(a: Option<Verdict>, b: Option<Verdict>) -> Ordering {
    let rank = |v: Option<Verdict>| v.map_or((2, 0.0), |v| (u8::from(!v.tells), -v.effect.size.abs()));
    let ((a_rank, a_size), (b_rank, b_size)) = (rank(a), rank(b));
    // Effects that differ only in digits that depend on the order of adding up are equal.
    let digits = |size: f64| (size * 1e9).round();
    a_rank.cmp(&b_rank).then_with(|| digits(a_size).total_cmp(&digits(b_size)))
}
