//! What is put into an order when it is placed.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use super::customer::{People, Taste};
use super::dice::{Dice, dice, popular};
use super::order::{Line, Order};
use super::settle::settle;
use super::stretches::Event;
use super::words;

const ORDER: u64 = 6;
const PRODUCT: u64 = 7;
/// Products of each category.
pub const PRODUCTS_A_CATEGORY: usize = 40;
const MOST_LINES: usize = 9;

/// Fills orders.
pub struct Shop {
    seed: u64,
    /// Per product its usual price.
    prices: Vec<f64>,
    /// Whether orders are followed until they are settled.
    settles: bool,
}

impl Shop {
    pub fn new(seed: u64, settles: bool) -> Self {
        let products = words::CATEGORIES.len() * PRODUCTS_A_CATEGORY;
        let price = |product: usize| {
            let normal: f64 = StandardNormal.sample(&mut dice(seed, PRODUCT, product as u64));
            1_800.0 * (0.7 * normal).exp()
        };
        Shop { seed, prices: (0..products).map(price).collect(), settles }
    }

    /// The usual price of a product, in hundredths.
    pub fn price(&self, category: usize, product: usize) -> f64 {
        self.prices[category * PRODUCTS_A_CATEGORY + product]
    }

    /// The order that an event stands for.
    pub fn order(&self, people: &People, event: &Event, number: u64) -> Order {
        let taste = people.taste(event.customer);
        let which = u64::from(event.customer) << 32 | u64::from(event.nth);
        let mut dice = dice(self.seed, ORDER, which);
        let off = [0.0, 0.05, 0.10, 0.15, 0.20, 0.30];
        let bargain = dice.random::<f64>() < taste.bargains;
        let off = if bargain { off[dice.random_range(1..off.len())] } else { 0.0 };
        let mut count = 1;
        while count < MOST_LINES && dice.random::<f64>() < 0.42 {
            count += 1;
        }
        let lines: Vec<Line> = (0..count).map(|_| self.line(&taste, off, &mut dice)).collect();
        let largest = lines.iter().max_by_key(|line| line.amount);
        let usual = |dice: &mut Dice, favourite: usize, count: usize| {
            if dice.random::<f64>() < 0.8 { favourite } else { popular(dice, count) }
        };
        let mut order = Order {
            number,
            customer: event.customer,
            at: event.at,
            amount: lines.iter().map(|line| line.amount).sum(),
            discount: lines.iter().map(|line| line.discount).sum(),
            cost: lines.iter().map(|line| line.cost).sum(),
            category: largest.map_or(0, |line| line.category),
            channel: usual(&mut dice, taste.channel, words::CHANNELS.len()),
            payment: usual(&mut dice, taste.payment, words::PAYMENTS.len()),
            region: taste.region,
            status: status(&mut dice),
            paid_at: None,
            refunded: 0,
            is_costed: true,
            lines,
        };
        if self.settles {
            settle(people, &mut order, which);
        }
        order
    }

    fn line(&self, taste: &Taste, off: f64, dice: &mut Dice) -> Line {
        let favourite = dice.random::<f64>() < 0.5;
        let category = if favourite { taste.category } else { popular(dice, words::CATEGORIES.len()) };
        let product = popular(dice, PRODUCTS_A_CATEGORY);
        let normal: f64 = StandardNormal.sample(dice);
        let price = self.price(category, product) * (taste.level + 0.1 * normal).exp();
        let unit_price = (price.round() as i64).max(50);
        let mut quantity = 1;
        while quantity < 12 && dice.random::<f64>() < 0.25 {
            quantity += 1;
        }
        let gross = unit_price * quantity;
        let discount = (gross as f64 * off).round() as i64;
        let margin = 0.25 + 0.02 * (category % 10) as f64;
        let cost = (gross as f64 * (1.0 - margin)).round() as i64;
        Line {
            category,
            product,
            quantity,
            unit_price,
            discount,
            amount: gross - discount,
            cost,
            refunded: 0,
        }
    }
}

fn status(dice: &mut Dice) -> &'static str {
    match dice.random_range(0..100) {
        0 => "cancelled",
        1..=3 => "returned",
        _ => "completed",
    }
}
