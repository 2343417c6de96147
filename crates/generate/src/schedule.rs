//! Who orders when.

use std::path::Path;
use std::sync::Arc;

use clientele_model::progress::{Progress, ProgressUnit};
use rand::RngExt;

use super::allot::{Allotment, Share};
use super::calendar::{Calendar, SECONDS_A_DAY};
use super::customer::{People, Rhythm};
use super::dice::{Dice, dice};
use super::stretches::{Event, Stretches};
use super::{GenerateError, GenerateRequest, STAGE};

const TIMES: u64 = 4;
/// Customers between two signs of life.
const STEP: u32 = 50_000;

/// How often everyone buys.
pub struct Buying {
    /// Repeats a customer, for those who stay.
    typical: f64,
    /// Orders after each customer's first. What BG/NBD gives each is scaled by a common factor.
    repeats: Allotment,
}

impl Buying {
    pub fn draw(request: &GenerateRequest, people: &People) -> Self {
        let customers = request.customers as u32;
        let repeats = request.orders - request.customers;
        // Many leave early, so those who stay have to buy more than the mean.
        let typical = 3.0 * (repeats as f64 / request.customers as f64).max(0.01);
        let repeats = Allotment::draw(customers, repeats, |c| people.rhythm(c, typical).repeats);
        Buying { typical, repeats }
    }

    /// A customer's rhythm.
    pub fn rhythm(&self, people: &People, customer: u32) -> Rhythm {
        people.rhythm(customer, self.typical)
    }

    /// A customer's appetite: repeats, where 1 is a usual customer who stays.
    pub fn appetite(&self, rhythm: &Rhythm) -> f64 {
        rhythm.repeats / self.typical
    }

    /// The orders after the first of the customers from a grain's first on.
    pub fn repeats(&self, people: &People, grain: u32, until: u32) -> impl Iterator<Item = Share> {
        self.repeats.shares(grain, until, |c| self.rhythm(people, c).repeats)
    }

    /// The times of a customer's orders, in no order: of the first and of `repeats` more.
    pub fn times(
        &self,
        people: &People,
        calendar: &Calendar,
        customer: u32,
        repeats: u64,
        mut add: impl FnMut(Event) -> Result<(), GenerateError>,
    ) -> Result<(), GenerateError> {
        let rhythm = self.rhythm(people, customer);
        let favourite = people.taste(customer).daypart;
        let mut dice = dice(people.seed(), TIMES, customer.into());
        let mut add = |business: f64, nth: u64| {
            let at = calendar.day(business) * SECONDS_A_DAY + second(&mut dice, favourite);
            add(Event { at, customer, nth: nth as u32 })
        };
        add(rhythm.start, 0)?;
        let mut places = dice_for_places(people, customer);
        for nth in 1..=repeats {
            // Given how many there are, the times of a Poisson process lie evenly.
            add(rhythm.start + rhythm.span * places.random::<f64>(), nth)?;
        }
        Ok(())
    }
}

/// Everyone's orders-to-be.
pub struct Schedule {
    pub stretches: Stretches,
}

impl Schedule {
    /// Draws every order's customer and time: exactly as many as were asked for.
    pub fn draw(
        request: &GenerateRequest,
        calendar: &Calendar,
        people: &People,
        buying: &Buying,
        folder: &Path,
        progress: &Arc<dyn Progress>,
    ) -> Result<Self, GenerateError> {
        let mut stretches = Stretches::create(folder, request.orders)?;
        for share in buying.repeats(people, 0, request.customers as u32) {
            let (customer, repeats) = (share.customer, share.count);
            buying.times(people, calendar, customer, repeats, |event| stretches.add(event))?;
            if customer % STEP == 0 {
                let done = u64::from(customer) + share.before + repeats;
                progress.at(STAGE, done, request.work(), ProgressUnit::Rows);
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
