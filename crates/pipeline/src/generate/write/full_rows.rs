//! Rows of orders that say what became of them.

use super::super::order::{Line, Order};
use super::super::words;
use super::rows::{Cells, shown};

fn paid_at(cells: &mut dyn Cells, order: &Order) {
    match order.paid_at {
        Some(at) => cells.time(at),
        None => cells.none(),
    }
}

pub fn order(cells: &mut dyn Cells, order: &Order, currency: &str, province: &str) {
    cells.id('O', order.number);
    cells.id('C', shown(order.customer));
    cells.time(order.at);
    paid_at(cells, order);
    for money in [order.amount, order.discount, order.refunded, order.cost] {
        cells.money(money);
    }
    cells.text(words::CATEGORIES[order.category]);
    cells.text(words::CHANNELS[order.channel]);
    cells.text(words::PAYMENTS[order.payment]);
    cells.text(order.status);
    cells.text(province);
    cells.text(currency);
    cells.end_row();
}

/// `nth` counts the lines of the order from 1.
pub fn line(cells: &mut dyn Cells, order: &Order, line: &Line, nth: usize, currency: &str, province: &str) {
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
    for money in [line.unit_price, line.discount, line.amount, line.refunded, line.cost] {
        cells.money(money);
    }
    cells.text(currency);
    cells.text(words::CHANNELS[order.channel]);
    cells.text(words::PAYMENTS[order.payment]);
    cells.text(province);
    cells.end_row();
}
