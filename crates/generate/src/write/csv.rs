//! Rows as CSV. No value of a synthetic shop needs quotes.

use std::io::Write;

use chrono::{DateTime, Days, NaiveDate};

use super::super::calendar::{Calendar, DAYS, SECONDS_A_DAY};
use super::super::tables::{Cells, Table};
use super::digits::Digits;

/// The first line.
pub fn header(table: &Table) -> String {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    names.join(",") + "\n"
}

/// The period's dates, written out once.
pub struct Dates(Vec<String>);

impl Dates {
    pub fn new(calendar: &Calendar) -> Self {
        Dates((0..DAYS as u32).map(|day| calendar.date(day).to_string()).collect())
    }
}

/// Collects rows.
pub struct CsvCells<'a> {
    bytes: Vec<u8>,
    dates: &'a Dates,
}

impl<'a> CsvCells<'a> {
    pub fn new(dates: &'a Dates) -> Self {
        CsvCells { bytes: Vec::with_capacity(1 << 20), dates }
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn write(&mut self, value: std::fmt::Arguments<'_>) {
        // Writing into memory cannot fail.
        self.bytes.write_fmt(value).ok();
        self.bytes.push(b',');
    }

    /// Two digits after the point.
    fn decimal(&mut self, hundredths: i64) {
        if hundredths < 0 {
            self.bytes.push(b'-');
        }
        let hundredths = hundredths.unsigned_abs();
        Digits::of(hundredths / 100).add_to(&mut self.bytes, 1);
        self.bytes.push(b'.');
        Digits::of(hundredths % 100).add_to(&mut self.bytes, 2);
        self.bytes.push(b',');
    }
}

impl Cells for CsvCells<'_> {
    fn text(&mut self, value: &str) {
        self.bytes.extend_from_slice(value.as_bytes());
        self.bytes.push(b',');
    }

    fn id(&mut self, letter: char, number: u64) {
        self.bytes.push(letter as u8);
        Digits::of(number).add_to(&mut self.bytes, 10);
        self.bytes.push(b',');
    }

    fn count(&mut self, value: i64) {
        if value < 0 {
            self.bytes.push(b'-');
        }
        Digits::of(value.unsigned_abs()).add_to(&mut self.bytes, 1);
        self.bytes.push(b',');
    }

    fn money(&mut self, hundredths: i64) {
        self.decimal(hundredths);
    }

    fn number(&mut self, hundredths: i64) {
        if hundredths % 100 == 0 {
            self.count(hundredths / 100);
        } else {
            self.decimal(hundredths);
        }
    }

    fn time(&mut self, seconds: u32) {
        let (day, second) = (seconds / SECONDS_A_DAY, seconds % SECONDS_A_DAY);
        if let Some(date) = self.dates.0.get(day as usize) {
            self.bytes.extend_from_slice(date.as_bytes());
        }
        let two = |n: u32| [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        for (mark, part) in [(b' ', second / 3600), (b':', second / 60 % 60), (b':', second % 60)] {
            self.bytes.push(mark);
            self.bytes.extend_from_slice(&two(part));
        }
        self.bytes.push(b',');
    }

    fn date(&mut self, epoch_day: i32) {
        let epoch: NaiveDate = DateTime::UNIX_EPOCH.date_naive();
        let days = Days::new(epoch_day.unsigned_abs().into());
        let date = if epoch_day < 0 { epoch.checked_sub_days(days) } else { epoch.checked_add_days(days) };
        self.write(format_args!("{}", date.unwrap_or(epoch)));
    }

    fn none(&mut self) {
        self.bytes.push(b',');
    }

    fn end_row(&mut self) {
        if let Some(last) = self.bytes.last_mut() {
            *last = b'\n';
        }
    }
}
