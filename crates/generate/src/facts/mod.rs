//! Every other kind of fact about the customers of a synthetic shop.
//!
//! What a customer does, says, asks and answers follows from a [`character`] that is drawn from their
//! number, so that facts agree: who complains rates lower, who buys more also visits more, and orders
//! leave traces on the site. Rows come customer by customer, as an export by customer has them; that
//! way each block of customers is made alone, on any thread.

mod belonging;
mod character;
mod events;
mod interactions;
mod kinds;
mod opportunities;
mod places;
mod profile;
mod relations;
mod responses;
mod scene;
mod surveys;
mod tickets;

#[cfg(test)]
mod tests;

pub use kinds::{Kind, kinds};
pub use places::{City, market};
pub use profile::{place, write as write_profiles};
pub use scene::Scene;

use super::tables::{Cells, shown};

/// How many facts of each kind to make, beside customers and orders. All zero: none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// Customers who never ordered, beyond those who did.
    pub prospects: u64,
    /// Whether records of customers have all fields that are known, and orders say when they were paid
    /// and what was given back.
    pub profiles: bool,
    pub events: u64,
    pub interactions: u64,
    pub tickets: u64,
    /// Single answers, not sheets.
    pub responses: u64,
    /// Possible sales; their stages come along.
    pub opportunities: u64,
    pub relations: u64,
    pub consents: u64,
    pub memberships: u64,
    pub service_costs: u64,
}

impl Facts {
    /// A usual number of everything for so many customers with orders.
    pub fn everything(customers: u64) -> Self {
        let prospects = customers / 8;
        let people = customers + prospects;
        Facts {
            prospects,
            profiles: true,
            events: 60 * people,
            interactions: 4 * people,
            tickets: 2 * people,
            responses: 30 * people,
            opportunities: people,
            relations: 3 * people,
            consents: 4 * people,
            memberships: people * 3 / 4,
            service_costs: 3 * people,
        }
    }

    /// Rows of all kinds.
    pub fn rows(&self) -> u64 {
        kinds().map(|kind| (kind.count)(self)).sum()
    }
}

/// The rows of one customer that are to be written.
pub struct Portion {
    /// The number of the first, from 1, among all rows of the table.
    pub first: u64,
    pub count: u64,
    /// The times of the customer's orders, in no order, for kinds that want them.
    pub orders: Vec<u32>,
}

/// Writes a word where it is known.
fn optional<T: AsRef<str> + ?Sized>(cells: &mut dyn Cells, value: Option<&T>) {
    match value {
        Some(value) => cells.text(value.as_ref()),
        None => cells.none(),
    }
}
