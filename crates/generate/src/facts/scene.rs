//! What all facts are drawn before: the people, the calendar, the goods and the surveys.

use rand::RngExt;

use super::super::calendar::{Calendar, DAYS, SECONDS_A_DAY};
use super::super::customer::People;
use super::super::dice::Dice;
use super::super::schedule::Buying;
use super::super::shop::{PRODUCTS_A_CATEGORY, Shop};
use super::super::stretches::Event;
use super::super::{GenerateError, GenerateRequest, words};
use super::character::Character;
use super::surveys::Survey;

/// Seconds of the whole period.
pub const END: u32 = DAYS as u32 * SECONDS_A_DAY;

pub struct Scene<'a> {
    pub people: &'a People,
    pub calendar: &'a Calendar,
    pub buying: &'a Buying,
    /// Customers with orders.
    pub customers: u32,
    /// Those who never ordered, too.
    pub members: u32,
    /// Of an order, the chance that it was placed on the site and so left a trace there.
    pub traced: f64,
    pub surveys: Vec<Survey>,
    prices: Vec<i64>,
    products: Vec<String>,
}

impl<'a> Scene<'a> {
    pub fn new(
        request: &GenerateRequest,
        people: &'a People,
        calendar: &'a Calendar,
        buying: &'a Buying,
    ) -> Result<Self, GenerateError> {
        let shop = Shop::new(request.seed, false);
        let all = || {
            (0..words::CATEGORIES.len())
                .flat_map(|category| (0..PRODUCTS_A_CATEGORY).map(move |product| (category, product)))
        };
        Ok(Scene {
            people,
            calendar,
            buying,
            customers: request.customers as u32,
            members: request.members() as u32,
            // Five events to an order, and most events are to be something else.
            traced: (request.facts.events as f64 / (12.0 * request.orders as f64)).min(0.7),
            surveys: request.questionnaires.iter().map(Survey::new).collect(),
            prices: all().map(|(c, p)| shop.price(c, p).round() as i64).collect(),
            products: all().map(|(c, p)| format!("P{:02}{:03}", c + 1, p + 1)).collect(),
        })
    }

    pub fn character(&self, customer: u32) -> Character {
        self.people.character(self.buying, self.customers, customer)
    }

    /// A product's id and its usual price in hundredths.
    pub fn product(&self, category: usize, product: usize) -> (&str, i64) {
        let at = category * PRODUCTS_A_CATEGORY + product;
        (&self.products[at], self.prices[at])
    }

    /// The times of a customer's orders, in no order.
    pub fn order_times(&self, customer: u32, repeats: u64, times: &mut Vec<u32>) {
        times.clear();
        let add = |event: Event| {
            times.push(event.at);
            Ok(())
        };
        // Collecting cannot fail.
        self.buying.times(self.people, self.calendar, customer, repeats, add).ok();
    }

    /// A second of some day between two points of business time, in waking hours.
    pub fn time(&self, dice: &mut Dice, from: f64, until: f64) -> u32 {
        let from = from.clamp(0.0, 1.0);
        let business = from + (until.min(1.0) - from).max(0.0) * dice.random::<f64>();
        self.calendar.day(business) * SECONDS_A_DAY + dice.random_range(7 * 3600..23 * 3600)
    }

    /// The same in office hours, and late times come up more often the greater `lateness` is.
    pub fn office_time(&self, dice: &mut Dice, from: f64, until: f64, lateness: f64) -> u32 {
        let from = from.clamp(0.0, 1.0);
        let place = 1.0 - dice.random::<f64>().powf(1.0 + lateness);
        let business = from + (until.min(1.0) - from).max(0.0) * place;
        self.calendar.day(business) * SECONDS_A_DAY + dice.random_range(8 * 3600..18 * 3600)
    }
}
