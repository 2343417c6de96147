//! What becomes of orders after they are placed, in data that has every kind of fact.

use rand::RngExt;

use super::calendar::{DAYS, SECONDS_A_DAY};
use super::customer::People;
use super::dice::{chance, dice};
use super::order::Order;

const SETTLEMENT: u64 = 8;
const PROJECT: u64 = 9;
/// Which part of organisations' orders furnishes a whole building.
const PROJECTS: f64 = 0.004;
/// What such an order comes to at least, in hundredths.
const PROJECT_AMOUNT: f64 = 20_000_000.0;

/// Makes everything in an order so many times as much.
fn enlarge(order: &mut Order, times: i64) {
    for line in &mut order.lines {
        for value in [&mut line.quantity, &mut line.discount, &mut line.amount, &mut line.cost] {
            *value *= times;
        }
    }
    for value in [&mut order.discount, &mut order.amount, &mut order.cost] {
        *value *= times;
    }
}

/// Makes an organisation's order as large as those are, and says when it was paid and what was sent back.
pub fn settle(people: &People, order: &mut Order, which: u64) {
    // Dice of its own, so that all else is as it would be without.
    let mut project = dice(people.seed(), PROJECT, which);
    let mut dice = dice(people.seed(), SETTLEMENT, which);
    let (bulk, returns) = people.trade(order.customer);
    if let Some(bulk) = bulk {
        enlarge(order, (bulk * (0.5 + dice.random::<f64>())).ceil() as i64);
        if chance(&mut project, PROJECTS) {
            let wanted = PROJECT_AMOUNT * (1.0 + 0.5 * project.random::<f64>());
            enlarge(order, (wanted / order.amount.max(1) as f64).ceil() as i64);
        }
    }
    if returns && order.status == "completed" && chance(&mut dice, 0.45) {
        order.status = "returned";
    } else if order.status == "returned" && chance(&mut dice, 0.3) {
        order.status = "partly_returned";
    }
    order.is_costed = chance(&mut dice, 0.97);
    for line in &mut order.lines {
        line.refunded = match order.status {
            "returned" => line.amount,
            "partly_returned" => line.amount / 2,
            _ => 0,
        };
        order.refunded += line.refunded;
    }
    if order.status != "cancelled" {
        // Persons pay at once, organisations after some weeks.
        let most = if bulk.is_some() { 45 * SECONDS_A_DAY } else { 4 * 3600 };
        order.paid_at = Some((order.at + dice.random_range(60..most)).min(DAYS as u32 * SECONDS_A_DAY - 1));
    }
}
