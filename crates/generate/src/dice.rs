//! Chance that a seed gives again, and what is drawn by it.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};

/// A generator with a published algorithm: unlike `StdRng`, a new version of its crate may not change
/// what it yields, so a seed keeps its data.
pub type Dice = Xoshiro256PlusPlus;

/// Dice for one thing (`what`, `which`) under a seed.
pub fn dice(seed: u64, what: u64, which: u64) -> Dice {
    // Odd multipliers spread neighbours over the whole range; the generator mixes further.
    let mixed = seed
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(what.wrapping_mul(0xd1b5_4a32_d192_ed03))
        .rotate_left(29)
        .wrapping_add(which.wrapping_mul(0x8cb9_2ba7_2f3d_8dd7));
    Dice::seed_from_u64(mixed)
}

/// A share of dice that fall so.
pub fn chance(dice: &mut Dice, share: f64) -> bool {
    dice.random::<f64>() < share
}

/// One of some words.
pub fn pick<T: Copy>(dice: &mut Dice, from: &[T]) -> T {
    from[dice.random_range(0..from.len())]
}

/// A normal number.
pub fn normal(dice: &mut Dice) -> f64 {
    StandardNormal.sample(dice)
}

/// A number below `count`; small ones come up more often.
pub fn popular(dice: &mut Dice, count: usize) -> usize {
    let u: f64 = dice.random();
    ((u * u.sqrt() * count as f64) as usize).min(count - 1)
}
