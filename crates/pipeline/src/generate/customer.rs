//! The customers of a synthetic shop. Each is drawn from a seed of their own, so that any of them
//! can be drawn again at any time and nobody need be remembered.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};

use super::words;

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

const RHYTHM: u64 = 1;
const TASTE: u64 = 2;
const RECORD: u64 = 3;

/// How a customer buys over time, as the BG/NBD model has it.
pub struct Rhythm {
    /// The first order's point in business time, 0 to 1.
    pub start: f64,
    /// How long they go on buying after it.
    pub span: f64,
    /// Orders after the first, in expectation and up to a factor that is the same for everyone.
    pub repeats: f64,
}

/// What a customer likes and how much they spend.
pub struct Taste {
    /// The logarithm of how much more than usual they pay for a piece.
    pub level: f64,
    /// The part of their orders that has a discount.
    pub bargains: f64,
    pub category: usize,
    pub channel: usize,
    pub payment: usize,
    pub daypart: usize,
    pub region: usize,
}

/// A customer's entry in the shop's records.
pub struct Record {
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub gender: &'static str,
    /// Days from 1940-01-01 to the birthday.
    pub birth_day: u32,
    pub region: usize,
    pub city: &'static str,
    /// Days before the first order at which they signed up.
    pub signed_up_before: u32,
    pub source_channel: &'static str,
}

/// Draws customers by number.
pub struct People {
    seed: u64,
}

impl People {
    pub fn new(seed: u64) -> Self {
        People { seed }
    }

    /// The seed of everything.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// A customer's rhythm, when repeats are to be some `typical` number a customer.
    pub fn rhythm(&self, customer: u32, typical: f64) -> Rhythm {
        let mut dice = dice(self.seed, RHYTHM, customer.into());
        // The shop grows slowly: somewhat more customers come late.
        let start = dice.random::<f64>().powf(0.8) * 0.995;
        // The square of a normal number has a gamma distribution of shape 1/2: most customers buy
        // seldom, a few all the time.
        let normal: f64 = StandardNormal.sample(&mut dice);
        let rate = normal * normal * typical;
        // Kumaraswamy's distribution, which is close to the beta of the same shape (0.4, 8) and has
        // a closed form: the chance of leaving after a purchase.
        let u: f64 = dice.random();
        let leaving = (1.0 - (1.0 - u).powf(1.0 / 8.0)).powf(1.0 / 0.4).clamp(1e-6, 1.0 - 1e-6);
        let purchases = ((1.0 - dice.random::<f64>()).ln() / (1.0 - leaving).ln()).ceil().max(1.0);
        let expected = rate * (1.0 - start);
        let repeats = expected.min(purchases);
        let span = (1.0 - start) * if expected > 0.0 { repeats / expected } else { 1.0 };
        Rhythm { start, span, repeats }
    }

    /// A customer's taste.
    pub fn taste(&self, customer: u32) -> Taste {
        let mut dice = dice(self.seed, TASTE, customer.into());
        let level: f64 = StandardNormal.sample(&mut dice);
        Taste {
            level: 0.55 * level,
            bargains: 0.05 + 0.6 * dice.random::<f64>().powi(2),
            category: popular(&mut dice, words::CATEGORIES.len()),
            channel: popular(&mut dice, words::CHANNELS.len()),
            payment: popular(&mut dice, words::PAYMENTS.len()),
            daypart: dice.random_range(0..4),
            region: popular(&mut dice, words::REGIONS.len()),
        }
    }

    /// A customer's record.
    pub fn record(&self, customer: u32) -> Record {
        let region = self.taste(customer).region;
        let mut dice = dice(self.seed, RECORD, customer.into());
        let pick = |dice: &mut Dice, from: &[&'static str]| from[dice.random_range(0..from.len())];
        let cities = words::REGIONS[region].1;
        Record {
            first_name: pick(&mut dice, &words::FIRST_NAMES),
            last_name: pick(&mut dice, &words::LAST_NAMES),
            gender: pick(&mut dice, &["female", "male", "female", "male", ""]),
            birth_day: dice.random_range(0..24_000),
            region,
            city: pick(&mut dice, &cities),
            signed_up_before: dice.random_range(0..45),
            source_channel: pick(&mut dice, &words::SOURCES),
        }
    }
}

/// A number below `count`; small ones come up more often.
pub fn popular(dice: &mut Dice, count: usize) -> usize {
    let u: f64 = dice.random();
    ((u * u.sqrt() * count as f64) as usize).min(count - 1)
}
