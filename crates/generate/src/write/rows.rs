//! The plain tables of orders, their lines and customers: their columns, and a row of each.

use super::super::calendar::Calendar;
use super::super::customer::Record;
use super::super::order::{Line, Order};
use super::super::tables::{Cells, Kind, Table, shown};
use super::super::words;

pub const ORDERS: Table = Table {
    name: "orders",
    columns: &[
        ("order_id", Kind::Text),
        ("customer_id", Kind::Text),
        ("ordered_at", Kind::Time),
        ("amount", Kind::Money),
        ("discount", Kind::Money),
        ("cost", Kind::Money),
        ("category", Kind::Text),
        ("channel", Kind::Text),
        ("payment_method", Kind::Text),
        ("status", Kind::Text),
        ("region", Kind::Text),
        ("currency", Kind::Text),
    ],
    gaps: false,
};

pub const ORDER_LINES: Table = Table {
    name: "order_lines",
    columns: &[
        ("order_id", Kind::Text),
        ("line_id", Kind::Text),
        ("customer_id", Kind::Text),
        ("ordered_at", Kind::Time),
        ("status", Kind::Text),
        ("product_id", Kind::Text),
        ("product_name", Kind::Text),
        ("category", Kind::Text),
        ("quantity", Kind::Count),
        ("unit_price", Kind::Money),
        ("discount", Kind::Money),
        ("amount", Kind::Money),
        ("cost", Kind::Money),
        ("currency", Kind::Text),
        ("channel", Kind::Text),
        ("payment_method", Kind::Text),
        ("region", Kind::Text),
    ],
    gaps: false,
};

pub const CUSTOMERS: Table = Table {
    name: "customers",
    columns: &[
        ("customer_id", Kind::Text),
        ("name", Kind::Text),
        ("email", Kind::Text),
        ("gender", Kind::Text),
        ("birth_date", Kind::Date),
        ("province", Kind::Text),
        ("city", Kind::Text),
        ("registered_at", Kind::Date),
        ("source_channel", Kind::Text),
    ],
    gaps: false,
};

pub fn order(cells: &mut dyn Cells, order: &Order, currency: &str) {
    cells.id('O', order.number);
    cells.id('C', shown(order.customer));
    cells.time(order.at);
    cells.money(order.amount);
    cells.money(order.discount);
    cells.money(order.cost);
    cells.text(words::CATEGORIES[order.category]);
    cells.text(words::CHANNELS[order.channel]);
    cells.text(words::PAYMENTS[order.payment]);
    cells.text(order.status);
    cells.text(words::REGIONS[order.region].0);
    cells.text(currency);
    cells.end_row();
}

/// `nth` counts the lines of the order from 1.
pub fn line(cells: &mut dyn Cells, order: &Order, line: &Line, nth: usize, currency: &str) {
    let category = words::CATEGORIES[line.category];
    cells.id('O', order.number);
    cells.text(&format!("O{:010}-{nth}", order.number));
    cells.id('C', shown(order.customer));
    cells.time(order.at);
    cells.text(order.status);
    cells.text(&format!("P{:02}{:03}", line.category + 1, line.product + 1));
    cells.text(&format!("{category} {}", line.product + 1));
    cells.text(category);
    cells.count(line.quantity);
    cells.money(line.unit_price);
    cells.money(line.discount);
    cells.money(line.amount);
    cells.money(line.cost);
    cells.text(currency);
    cells.text(words::CHANNELS[order.channel]);
    cells.text(words::PAYMENTS[order.payment]);
    cells.text(words::REGIONS[order.region].0);
    cells.end_row();
}

pub fn customer(cells: &mut dyn Cells, calendar: &Calendar, customer: u32, first_day: u32, record: &Record) {
    /// 1940-01-01.
    const OLDEST: i32 = -10_957;
    let number = shown(customer);
    let (first, last) = (record.first_name, record.last_name);
    cells.id('C', number);
    cells.text(&format!("{first} {last}"));
    let email = format!("{first}.{last}.{number}@example.com");
    cells.text(&email.to_ascii_lowercase());
    cells.text(record.gender);
    cells.date(OLDEST + record.birth_day as i32);
    cells.text(words::REGIONS[record.region].0);
    cells.text(record.city);
    cells.date(calendar.epoch_day(first_day.saturating_sub(record.signed_up_before)));
    cells.text(record.source_channel);
    cells.end_row();
}
