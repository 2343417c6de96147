//! Who orders when.

use std::path::Path;
use std::sync::Arc;

use rand::RngExt;

use super::calendar::{Calendar, SECONDS_A_DAY};
use super::customer::{Dice, People, dice};
use super::stretches::{Event, Stretches};
use super::{GenerateError, GenerateRequest, STAGE};
use crate::progress::{Progress, ProgressUnit};

const TIMES: u64 = 4;
/// Customers between two signs of life.
const STEP: u32 = 50_000;

/// Everyone's orders-to-be.
pub struct Schedule {
    pub stretches: Stretches,
}

impl Schedule {
    /// Draws every order's customer and time. Exactly as many orders come out as were asked for: what
    /// BG/NBD gives each customer is scaled by a common factor, and the fractions are carried over
    /// from customer to customer.
    pub fn draw(
        request: &GenerateRequest,
        calendar: &Calendar,
        people: &People,
        folder: &Path,
        progress: &Arc<dyn Progress>,
    ) -> Result<Self, GenerateError> {
        let customers = request.customers as u32;
        let repeats = request.orders - request.customers;
        // Many leave early, so those who stay have to buy more than the mean.
        let typical = 3.0 * (repeats as f64 / request.customers as f64).max(0.01);
        let drawn: f64 = (0..customers).map(|c| people.rhythm(c, typical).repeats).sum();
        let factor = if drawn > 0.0 { repeats as f64 / drawn } else { 0.0 };

        let mut stretches = Stretches::create(folder, request.orders)?;
        let (mut sum, mut given) = (0.0, 0);
        for customer in 0..customers {
            let rhythm = people.rhythm(customer, typical);
            sum += rhythm.repeats;
            let until =
                if customer + 1 == customers { repeats } else { ((sum * factor) as u64).min(repeats) };
            let count = until.saturating_sub(given);
            given = until.max(given);

            let favourite = people.taste(customer).daypart;
            let mut dice = dice(people.seed(), TIMES, customer.into());
            let mut add = |business: f64, nth: u64| {
                let at = calendar.day(business) * SECONDS_A_DAY + second(&mut dice, favourite);
                stretches.add(Event { at, customer, nth: nth as u32 })
            };
            add(rhythm.start, 0)?;
            let mut places = dice_for_places(people, customer);
            for nth in 1..=count {
                // Given how many there are, the times of a Poisson process lie evenly.
                add(rhythm.start + rhythm.span * places.random::<f64>(), nth)?;
            }
            if customer % STEP == 0 {
                let done = u64::from(customer) + given;
                progress.at(STAGE, done, 2 * request.orders, ProgressUnit::Rows);
            }
        }
        stretches.flush()?;
        Ok(Schedule { stretches })
    }
}

fn dice_for_places(people: &People, customer: u32) -> Dice {
    dice(people.seed(), TIMES + 1, customer.into())
}

/// The second of the day: more than half of a customer's orders fall in their favourite part of it.
fn second(dice: &mut Dice, favourite: usize) -> u32 {
    // Night, morning, afternoon, evening: six hours each. Few buy at night.
    const SHARES: [f64; 4] = [0.04, 0.30, 0.36, 0.30];
    let part = if dice.random::<f64>() < 0.55 && favourite != 0 {
        favourite
    } else {
        let mut left: f64 = dice.random();
        SHARES
            .iter()
            .position(|share| {
                left -= share;
                left < 0.0
            })
            .unwrap_or(3)
    };
    part as u32 * 6 * 3600 + dice.random_range(0..6 * 3600)
}
