//! What is counted of orders, in a group and outside.

use clientele_predict::stats::Proportion;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HabitKind {
    Channel,
    /// `night`, `morning`, `afternoon`, `evening`: 0–5, 6–11, 12–17, 18–23 h. Orders dated to exactly midnight have a
    /// day but no time and are left out.
    Daypart,
    /// `1` for Monday to `7` for Sunday.
    Weekday,
    Region,
}

impl HabitKind {
    pub(super) const ALL: [HabitKind; 4] = [Self::Channel, Self::Daypart, Self::Weekday, Self::Region];

    /// All values that an order can have, where they are known beforehand.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            HabitKind::Daypart => &["night", "morning", "afternoon", "evening"],
            HabitKind::Weekday => &["1", "2", "3", "4", "5", "6", "7"],
            HabitKind::Channel | HabitKind::Region => &[],
        }
    }
}

/// Orders inside or outside the group.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Side {
    pub customers: u64,
    pub orders: u64,
    /// Each order counted as often as its customer has orders of which the value is known: over all values Σ n².
    pub crowd: f64,
}

impl Side {
    pub(super) fn with(self, other: Side) -> Side {
        Side {
            customers: self.customers + other.customers,
            orders: self.orders + other.orders,
            crowd: self.crowd + other.crowd,
        }
    }

    /// As many cases as all orders of a side count for, of which a part has a value.
    pub(super) fn cases(self, having: Side) -> Proportion {
        let orders = self.orders as f64;
        let of = if self.crowd > 0.0 { orders * orders / self.crowd } else { 0.0 };
        let share = if orders > 0.0 { having.orders as f64 / orders } else { 0.0 };
        Proportion { yes: (share * of).round() as u64, of: of.round() as u64 }
    }
}

/// What counts orders, in the group or outside.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Orders {
    pub count: f64,
    /// Net, in ten-thousandths.
    pub worth: i128,
    /// Orders of which it is known whether they had a discount, and those that had one.
    pub known: f64,
    pub discounted: f64,
    pub buyers: u64,
    /// Customers of whom the discount of some order is known.
    pub known_buyers: u64,
}

impl Orders {
    /// Adds the orders of other customers.
    pub(super) fn add(&mut self, other: &Orders) {
        self.count += other.count;
        self.worth += other.worth;
        self.known += other.known;
        self.discounted += other.discounted;
        self.buyers += other.buyers;
        self.known_buyers += other.known_buyers;
    }

    /// In units of the currency.
    pub(super) fn worth(&self) -> f64 {
        self.worth as f64 / 10_000.0
    }
}
