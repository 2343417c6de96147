//! What was ordered in the last quarters, counted.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use clientele_model::AsOf;
use rustc_hash::FxHashMap;

use super::groups::Distinct;

/// Quarters that are looked at: the last complete one, and back to the same of the year before.
const QUARTERS: usize = 5;
/// 64 values each of customers, categories and quarters, that take a bit.
const WORDS: usize = 2;

/// The quarters that a day looks back on: quarters since the year 0.
#[derive(Debug, Clone, Copy)]
pub struct Quarters {
    pub first: i64,
    pub last: i64,
    /// Where each begins, and where the last one ends; in microseconds since 1970.
    begins: [i64; QUARTERS + 1],
}

impl Quarters {
    /// Those that a day looks back on.
    pub fn before(as_of: AsOf) -> Quarters {
        let last = last_quarter(as_of);
        let first = last - QUARTERS as i64 + 1;
        let begins = std::array::from_fn(|place| {
            let day = first_day(first + place as i64);
            day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros()
        });
        Quarters { first, last, begins }
    }

    /// The days from which on and before which orders are looked at.
    pub fn days(&self) -> [NaiveDate; 2] {
        [first_day(self.first), first_day(self.last + 1)]
    }

    /// The place of a time among them.
    fn place(&self, at: i64) -> Option<usize> {
        let begun = self.begins.iter().take_while(|begin| **begin <= at).count();
        begun.checked_sub(1).filter(|place| *place < QUARTERS)
    }

    /// Counts the orders of a bucket, which has room for so many customers.
    pub fn counter(self, customers: usize) -> Counter {
        Counter { quarters: self, met: Distinct::new(customers, WORDS), sold: FxHashMap::default() }
    }
}

/// Counts the orders of a bucket.
#[derive(Debug)]
pub struct Counter {
    quarters: Quarters,
    met: Distinct,
    /// By class, category and the place of the quarter.
    sold: FxHashMap<(usize, u32, usize), Sold>,
}

impl Counter {
    /// Takes an order of a customer, who is in one class only; `at` in microseconds, `worth` in ten-thousandths.
    pub fn take(&mut self, class: usize, customer: usize, category: u32, at: i64, worth: i64) {
        let Some(place) = self.quarters.place(at) else { return };
        let sold = self.sold.entry((class, category, place)).or_default();
        sold.buyers += u64::from(self.met.is_new(customer, category as usize * QUARTERS + place));
        sold.orders += 1;
        sold.revenue += i128::from(worth);
    }

    /// What was counted, by the names of the classes and, from 1, of the categories.
    pub fn finish(self, classes: &[String], categories: &[String]) -> SoldBy {
        let mut found = SoldBy::default();
        for ((class, category, place), sold) in self.sold {
            let category = (category as usize).checked_sub(1).and_then(|category| categories.get(category));
            let (Some(class), Some(category)) = (classes.get(class), category) else { continue };
            found.put(class, category, self.quarters.first + place as i64, sold);
        }
        found
    }
}

/// What was ordered of a category in a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sold {
    pub buyers: u64,
    pub orders: u64,
    /// Net, in ten-thousandths of the currency's unit.
    pub revenue: i128,
}

/// What was ordered, by class, category and quarter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoldBy(pub BTreeMap<String, BTreeMap<String, BTreeMap<i64, Sold>>>);

impl SoldBy {
    /// Adds what other customers ordered.
    pub fn add(&mut self, other: SoldBy) {
        for (class, categories) in other.0 {
            for (category, quarters) in categories {
                quarters.into_iter().for_each(|(quarter, sold)| self.put(&class, &category, quarter, sold));
            }
        }
    }

    fn put(&mut self, class: &str, category: &str, quarter: i64, sold: Sold) {
        let categories = self.0.entry(class.to_owned()).or_default();
        let own = categories.entry(category.to_owned()).or_default().entry(quarter).or_default();
        own.buyers += sold.buyers;
        own.orders += sold.orders;
        own.revenue += sold.revenue;
    }
}

/// The last quarter all of whose days lie before the run's day.
fn last_quarter(as_of: AsOf) -> i64 {
    let day = as_of.date();
    i64::from(day.year()) * 4 + i64::from(day.month0()) / 3 - 1
}

fn first_day(quarter: i64) -> NaiveDate {
    let month = (quarter.rem_euclid(4) * 3 + 1) as u32;
    NaiveDate::from_ymd_opt(quarter.div_euclid(4) as i32, month, 1).unwrap_or_default()
}

/// As `2025-Q2`.
pub fn name(quarter: i64) -> String {
    format!("{}-Q{}", quarter.div_euclid(4), quarter.rem_euclid(4) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(day: &str) -> Quarters {
        Quarters::before(day.parse().expect("a day"))
    }

    #[test]
    fn only_complete_quarters_count() {
        let last = |day: &str| name(of(day).last);
        assert_eq!(last("2025-07-01"), "2025-Q2");
        assert_eq!(last("2025-06-30"), "2025-Q1");
        assert_eq!(last("2025-01-15"), "2024-Q4");
        assert_eq!(of("2025-07-01").days().map(|day| day.to_string()), ["2024-04-01", "2025-07-01"]);
        assert_eq!(of("2026-01-02").days()[1].to_string(), "2026-01-01");
    }

    #[test]
    fn buyers_are_counted_once_a_category_and_quarter() {
        let at = |day: &str| {
            let day: NaiveDate = day.parse().expect("a day");
            day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros()
        };
        let mut counter = of("2025-07-01").counter(2);
        let orders = [
            (0, 1, "2025-04-01"),
            (0, 1, "2025-06-30"),
            (1, 1, "2025-06-30"),
            (0, 2, "2025-05-01"),
            (0, 1, "2025-03-31"),
            // Before and after what is looked at.
            (1, 1, "2024-03-31"),
            (1, 1, "2025-07-01"),
        ];
        for (customer, category, day) in orders {
            counter.take(0, customer, category, at(day), 10);
        }
        let mut sold = counter.finish(&["a".into()], &["tea".into(), "cups".into()]);
        let other = sold.clone();
        sold.add(other);
        let tea = &sold.0["a"]["tea"];
        assert_eq!(tea[&(2025 * 4 + 1)], Sold { buyers: 4, orders: 6, revenue: 60 });
        assert_eq!(tea[&(2025 * 4)], Sold { buyers: 2, orders: 2, revenue: 20 });
        assert_eq!((tea.len(), sold.0["a"]["cups"].len()), (2, 1));
    }
}
