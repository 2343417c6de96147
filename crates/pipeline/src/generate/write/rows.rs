//! The tables: their columns, and a row of each.

use super::super::calendar::Calendar;
use super::super::customer::Record;
use super::super::order::{Line, Order};
use super::super::words;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Count,
    /// In hundredths of the currency's unit.
    Money,
    /// A number with two digits after the point.
    Number,
    /// In seconds from the first day's midnight.
    Time,
    Date,
}

/// A table.
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Kind)],
    /// Whether values may be missing.
    pub gaps: bool,
}

/// Takes the values of a row, one after the other in the order of the columns.
pub trait Cells {
    fn text(&mut self, value: &str);
    /// A letter and a number of ten digits or more, such as `C0000000042`.
    fn id(&mut self, letter: char, number: u64);
    fn count(&mut self, value: i64);
    fn money(&mut self, hundredths: i64);
    fn number(&mut self, hundredths: i64);
    fn time(&mut self, seconds: u32);
    /// A day, as days since 1970-01-01.
    fn date(&mut self, epoch_day: i32);
    /// No value.
    fn none(&mut self);
    fn end_row(&mut self);
}

/// The decimal digits of a number, from the last to the first. Formatting them by hand is what makes
/// a million rows a second possible.
pub struct Digits {
    digits: [u8; 20],
    from: usize,
}

impl Digits {
    pub fn of(mut number: u64) -> Self {
        let (mut digits, mut from) = ([b'0'; 20], 20);
        while number > 0 {
            from -= 1;
            digits[from] = b'0' + (number % 10) as u8;
            number /= 10;
        }
        Digits { digits, from }
    }

    /// Adds at least `least` digits.
    pub fn add_to(&self, bytes: &mut Vec<u8>, least: usize) {
        bytes.extend_from_slice(&self.digits[self.from.min(20 - least)..]);
    }
}

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

/// The customer's number as people see it: from 1.
pub fn shown(customer: u32) -> u64 {
    u64::from(customer) + 1
}

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
