//! Rows of orders that say what became of them, in the words of the customer's country.

use super::super::facts::{City, market};
use super::super::order::{Line, Order};
use super::super::tables::{Cells, shown};
use super::super::words;

fn paid_at(cells: &mut dyn Cells, order: &Order) {
    match order.paid_at {
        Some(at) => cells.time(at),
        None => cells.none(),
    }
}

fn cost(cells: &mut dyn Cells, order: &Order, cost: i64) {
    if order.is_costed { cells.money(cost) } else { cells.none() }
}

/// How it was ordered and paid.
fn ways(cells: &mut dyn Cells, order: &Order, place: &City) {
    let market = market(place.0);
    cells.text(market.channels[order.channel]);
    cells.text(market.payments[order.payment]);
}

pub fn order(cells: &mut dyn Cells, order: &Order, currency: &str, place: &City) {
    cells.id('O', order.number);
    cells.id('C', shown(order.customer));
    cells.time(order.at);
    paid_at(cells, order);
    for money in [order.amount, order.discount, order.refunded] {
        cells.money(money);
    }
    cost(cells, order, order.cost);
    cells.text(words::CATEGORIES[order.category]);
    ways(cells, order, place);
    cells.text(order.status);
    cells.text(place.1);
    cells.text(currency);
    cells.end_row();
}

/// `nth` counts the lines of the order from 1.
pub fn line(cells: &mut dyn Cells, order: &Order, line: &Line, nth: usize, currency: &str, place: &City) {
    let category = words::CATEGORIES[line.category];
    cells.id('O', order.number);
    cells.text(&format!("O{:010}-{nth}", order.number));
    cells.id('C', shown(order.customer));
    cells.time(order.at);
    paid_at(cells, order);
    cells.text(order.status);
    cells.text(&format!("P{:02}{:03}", line.category + 1, line.product + 1));
    cells.text(&format!("{category} {}", line.product + 1));
    cells.text(category);
    cells.count(line.quantity);
    for money in [line.unit_price, line.discount, line.amount, line.refunded] {
        cells.money(money);
    }
    cost(cells, order, line.cost);
    cells.text(currency);
    ways(cells, order, place);
    cells.text(place.1);
    cells.end_row();
}
