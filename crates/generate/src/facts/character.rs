//! What customers are like; all facts about one follow from it, and so agree with one another.

use rand::RngExt;

use super::super::customer::People;
use super::super::dice::{chance, dice, normal};
use super::super::schedule::Buying;

const CHARACTER: u64 = 20;

/// A customer.
pub struct Character {
    pub customer: u32,
    /// Whether they have ever ordered.
    pub buys: bool,
    /// When they came, in business time.
    pub start: f64,
    /// When they fell silent; 1 when they are still there.
    pub end: f64,
    /// How much they buy: 1 for a usual customer who stays.
    pub appetite: f64,
    /// How pleased they are: a normal number.
    pub mood: f64,
    /// How much they do besides buying: around 1.
    pub energy: f64,
    /// Whether they speak in public.
    pub is_voice: bool,
    /// How far the talks about a purchase have come, 0 to 5; `None` without talks.
    pub talks: Option<u32>,
    /// How many times more than a person they buy; `None` for persons.
    pub bulk: Option<f64>,
}

impl Character {
    pub fn is_organisation(&self) -> bool {
        self.bulk.is_some()
    }

    /// Whether they have not fallen silent.
    pub fn is_there(&self) -> bool {
        self.end > 0.999
    }
}

impl People {
    /// What the customer is like; those from `customers` on never order.
    pub fn character(&self, buying: &Buying, customers: u32, customer: u32) -> Character {
        let mut dice = dice(self.seed(), CHARACTER, customer.into());
        let buys = customer < customers;
        let leaves: f64 = dice.random();
        let (start, end, appetite) = if buys {
            let rhythm = buying.rhythm(self, customer);
            let appetite = buying.appetite(&rhythm);
            let stays = rhythm.start + rhythm.span;
            // Some who order seldom are gone long before their next order.
            let gone = rhythm.start + (1.0 - rhythm.start) * dice.random::<f64>();
            (rhythm.start, if appetite < 0.15 && leaves < 0.4 { gone.min(stays) } else { stays }, appetite)
        } else {
            let start = 0.4 + 0.59 * dice.random::<f64>();
            (start, if leaves < 0.6 { 1.0 } else { start + 0.4 * (1.0 - start) }, 0.0)
        };
        let (bulk, _) = self.trade(customer);
        let energy = (0.7 * normal(&mut dice)).exp() * (0.4 + appetite.min(2.0));
        let mood = normal(&mut dice) - if end < 0.9 { 0.5 } else { 0.0 };
        let is_voice = chance(&mut dice, 0.08);
        let degree = dice.random_range(0..6);
        let talks = chance(&mut dice, if bulk.is_some() { 0.35 } else { 0.08 }).then_some(degree);
        let end = if talks.is_some() { 1.0 } else { end.min(1.0) };
        Character { customer, buys, start, end, appetite, mood, energy, is_voice, talks, bulk }
    }
}
