//! The three years of a synthetic shop, and how busy each day of them is.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Days from 2022-07-01 to 2025-06-30, both included.
pub const DAYS: usize = 1096;
pub const SECONDS_A_DAY: u32 = 86_400;

/// The period. Time is counted in two ways: by days, and by business, which passes faster on busy
/// days. Buying at an even rate in business time has the seasons of a real shop.
pub struct Calendar {
    /// Business before each day, as a share of all; one more entry than days.
    before: Vec<f64>,
    first: NaiveDate,
}

impl Calendar {
    pub fn new() -> Self {
        let first = NaiveDate::from_ymd_opt(2022, 7, 1).unwrap_or_default();
        let mut before = Vec::with_capacity(DAYS + 1);
        let mut sum = 0.0;
        for day in first.iter_days().take(DAYS) {
            before.push(sum);
            sum += busyness(day);
        }
        before.push(sum);
        for share in &mut before {
            *share /= sum;
        }
        Calendar { before, first }
    }

    /// The day at a point of business time (0 to 1), from 0.
    pub fn day(&self, business: f64) -> u32 {
        let after = self.before.partition_point(|&before| before <= business);
        after.clamp(1, DAYS) as u32 - 1
    }

    /// The date of a day.
    pub fn date(&self, day: u32) -> NaiveDate {
        self.first.checked_add_days(Days::new(day.into())).unwrap_or(self.first)
    }

    /// A day as days since 1970-01-01.
    pub fn epoch_day(&self, day: u32) -> i32 {
        self.date(day).to_epoch_days()
    }

    /// The day after the last one.
    pub fn end(&self) -> NaiveDate {
        self.date(DAYS as u32)
    }
}

/// How much is bought on a day, against a usual one: more before Christmas, in June and at weekends.
fn busyness(day: NaiveDate) -> f64 {
    let month = match day.month() {
        11 => 1.40,
        12 => 1.30,
        6 => 1.20,
        1 | 2 => 0.85,
        8 => 0.95,
        _ => 1.0,
    };
    let weekday = match day.weekday() {
        Weekday::Sat | Weekday::Sun => 1.15,
        Weekday::Mon => 0.92,
        _ => 1.0,
    };
    month * weekday
}
