//! Shares of groups, and how they compare.

use super::{normal_reach, two_sided};

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proportion {
    /// How many have it.
    pub yes: u64,
    /// Of how many.
    pub of: u64,
}

impl Proportion {
    /// The share, 0 to 1; 0 of none.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.of == 0 { 0.0 } else { self.yes as f64 / self.of as f64 }
    }

    /// Those of this group that are not in `part`, which is one of its parts.
    #[must_use]
    pub fn without(&self, part: &Self) -> Self {
        Self { yes: self.yes.saturating_sub(part.yes), of: self.of.saturating_sub(part.of) }
    }
}

/// A difference of two shares and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoProportions {
    /// First share minus second, -1 to 1.
    pub difference: f64,
    /// The difference in its standard errors if both were one group.
    pub z: f64,
    /// Chance of a difference at least as large, either way, if there were none; 0 to 1.
    pub p: f64,
    /// Whether a group is so small that fewer than 5 cases of one kind are expected in it: then `p` is rough.
    pub rough: bool,
}

/// Two-proportion z-test with the pooled share (for instance Agresti, "Categorical data analysis", 3.1; its
/// square is the chi-square of the fourfold table). None when a group is empty, or all or none have it.
#[must_use]
pub fn two_proportions(left: Proportion, right: Proportion) -> Option<TwoProportions> {
    let (left_n, right_n) = (left.of as f64, right.of as f64);
    let pooled = (left.yes + right.yes) as f64 / (left_n + right_n);
    let error = (pooled * (1.0 - pooled) * (1.0 / left_n + 1.0 / right_n)).sqrt();
    if !error.is_normal() {
        return None;
    }
    let difference = left.share() - right.share();
    let z = difference / error;
    let rough = left_n.min(right_n) * pooled.min(1.0 - pooled) < 5.0;
    Some(TwoProportions { difference, z, p: two_sided(z), rough })
}

/// Chance that two counts of independent events differ by at least as much as these if both were drawn from one
/// rate, such as orders of two quarters: (a - b) / √(a + b) against the normal distribution (the conditional test of
/// Przyborowski and Wilenski 1940, for large counts). 1 when nothing happened at all.
#[must_use]
pub fn counts_differ(a: u64, b: u64) -> f64 {
    let together = (a + b) as f64;
    if together == 0.0 { 1.0 } else { two_sided((a as f64 - b as f64) / together.sqrt()) }
}

/// How many times as large one share, or mean, is as another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lift {
    /// The ratio; 1 is no difference.
    pub ratio: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end; infinite when the other share may be 0.
    pub high: f64,
}

impl Lift {
    /// Whether the interval holds no 1: whether it is sure which of the two is larger.
    #[must_use]
    pub fn excludes_none(&self) -> bool {
        self.low > 1.0 || self.high < 1.0
    }

    /// From the ratio of a part to the rest of a whole that to the whole, of which the part is `weight`, 0 to 1: with
    /// the ratio r to the rest it is r / (w r + 1 - w), which grows with r.
    #[must_use]
    pub fn over_whole(&self, weight: f64) -> Self {
        let over = |ratio: f64| {
            if ratio.is_infinite() { 1.0 / weight } else { ratio / (weight * ratio + 1.0 - weight) }
        };
        Self { ratio: over(self.ratio), low: over(self.low), high: over(self.high) }
    }
}

/// Ratio of the shares of two separate groups, with the interval on the logarithm (Katz, Baptista, Azen and Pike
/// 1978). Where a count is 0, half a case is added for the interval (Walter 1975), and its end on that side is
/// left open. None when a group is empty or nobody in either has it.
#[must_use]
pub fn lift(left: Proportion, right: Proportion) -> Option<Lift> {
    if left.of == 0 || right.of == 0 || left.yes + right.yes == 0 {
        return None;
    }
    let half = if left.yes == 0 || right.yes == 0 { 0.5 } else { 0.0 };
    let (a, b) = (left.yes as f64 + half, right.yes as f64 + half);
    let (m, n) = (left.of as f64 + half, right.of as f64 + half);
    let error = (1.0 / a - 1.0 / m + 1.0 / b - 1.0 / n).max(0.0).sqrt();
    let middle = (a / m) / (b / n);
    let reach = (normal_reach() * error).exp();
    Some(Lift {
        ratio: if right.yes == 0 { f64::INFINITY } else { left.share() / right.share() },
        low: if left.yes == 0 { 0.0 } else { middle / reach },
        high: if right.yes == 0 { f64::INFINITY } else { middle * reach },
    })
}

/// Lift of a part over the whole that it belongs to: its share divided by the share in the whole. 1.2 is an
/// index of 120.
///
/// Part and whole are not independent, so the interval is that of part against the rest, carried over
/// ([`Lift::over_whole`]). None when the part is empty or nobody in the whole has it. A part that is the whole has lift 1.
#[must_use]
pub fn lift_over_whole(part: Proportion, whole: Proportion) -> Option<Lift> {
    if part.of == 0 || whole.yes == 0 {
        return None;
    }
    let rest = whole.without(&part);
    if rest.of == 0 {
        return Some(Lift { ratio: 1.0, low: 1.0, high: 1.0 });
    }
    let over = lift(part, rest)?.over_whole(part.of as f64 / whole.of as f64);
    Some(Lift { ratio: part.share() / whole.share(), ..over })
}

#[cfg(test)]
mod tests {
    use super::{Lift, Proportion, counts_differ, lift, lift_over_whole, two_proportions};

    fn of(yes: u64, of: u64) -> Proportion {
        Proportion { yes, of }
    }

    #[test]
    fn z_by_hand() {
        // 30 of 100 against 20 of 100: pooled 0.25, error sqrt(0.1875 x 0.02).
        let found = two_proportions(of(30, 100), of(20, 100)).unwrap();
        assert!((found.z - 0.1 / 0.00375_f64.sqrt()).abs() < 1e-12);
        assert!((found.p - 0.102_470_43).abs() < 1e-6);
        assert!(!found.rough);
        assert!(two_proportions(of(1, 10), of(2, 100)).unwrap().rough);
        assert_eq!(two_proportions(of(0, 0), of(2, 100)), None);
        assert_eq!(two_proportions(of(5, 5), of(7, 7)), None);
    }

    #[test]
    fn counts_by_hand() {
        // 60 against 40: z = 2, beyond which lie 4.55 %.
        assert!((counts_differ(60, 40) - 0.045_500_26).abs() < 1e-7);
        assert_eq!(counts_differ(40, 60), counts_differ(60, 40));
        assert_eq!((counts_differ(0, 0), counts_differ(7, 7)), (1.0, 1.0));
    }

    #[test]
    fn ratio_and_interval_by_hand() {
        // log error = sqrt(1/30 - 1/100 + 1/20 - 1/100)
        let found = lift(of(30, 100), of(20, 100)).unwrap();
        let reach = (1.959_963_984_54 * (1.0_f64 / 30.0 - 0.02 + 0.05).sqrt()).exp();
        assert!((found.ratio - 1.5).abs() < 1e-12);
        assert!((found.low - 1.5 / reach).abs() < 1e-9);
        assert!((found.high - 1.5 * reach).abs() < 1e-9);
    }

    #[test]
    fn none_of_a_group_leaves_an_end_open() {
        let none = lift(of(0, 50), of(10, 50)).unwrap();
        assert_eq!((none.ratio, none.low), (0.0, 0.0));
        assert!(none.high > 0.0 && none.high < 1.0);
        let only = lift(of(10, 50), of(0, 50)).unwrap();
        assert!(only.ratio.is_infinite() && only.high.is_infinite() && only.low > 1.0);
        assert_eq!(lift(of(0, 50), of(0, 50)), None);
    }

    #[test]
    fn a_part_is_compared_with_its_whole() {
        // 30 of 100 in the part, 50 of 200 in the whole, so 20 of 100 in the rest: 0.3 / 0.25.
        let found = lift_over_whole(of(30, 100), of(50, 200)).unwrap();
        assert!((found.ratio - 1.2).abs() < 1e-12);
        assert!(found.low < 1.2 && found.high > 1.2 && found.high < 2.0);
        let alone = lift_over_whole(of(10, 50), of(10, 200)).unwrap();
        assert!((alone.ratio - 4.0).abs() < 1e-12 && (alone.high - 4.0).abs() < 1e-12);
        assert_eq!(lift_over_whole(of(5, 9), of(5, 9)), Some(Lift { ratio: 1.0, low: 1.0, high: 1.0 }));
        assert_eq!(lift_over_whole(of(0, 9), of(0, 20)), None);
    }
}
