//! The customers of a synthetic shop. Each is drawn from a seed of their own, so that any of them
//! can be drawn again at any time and nobody need be remembered.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use super::dice::{Dice, chance, dice, normal, popular};
use super::words;

const RHYTHM: u64 = 1;
const TASTE: u64 = 2;
const RECORD: u64 = 3;
const TRADE: u64 = 21;

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

    /// How many times more than a person an organisation buys, and whether the customer sends much back.
    pub fn trade(&self, customer: u32) -> (Option<f64>, bool) {
        let mut dice = dice(self.seed(), TRADE, customer.into());
        let bulk = (2.0 + 1.5 * normal(&mut dice)).exp().clamp(1.0, 5_000.0);
        let is_organisation = chance(&mut dice, 0.1);
        (is_organisation.then_some(bulk), chance(&mut dice, 0.03))
    }
}
