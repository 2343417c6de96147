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

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

pub use character::chance;
pub use kinds::{Kind, kinds};
pub use places::{City, market};
pub use profile::{place, write as write_profiles};
pub use scene::Scene;

use super::allot::{Allotment, GRAIN};
use super::customer::{Dice, dice};
use super::write::{Cells, Rendered, Renderer, TableFile, shown};
use super::{GenerateError, GenerateRequest, STAGE};
use crate::progress::{Progress, ProgressUnit};

/// Rows that one thread makes at a time, about.
const ROWS: u64 = 64 * 1024;

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

/// Writes the files of all kinds that are wanted; returns them with their rows.
pub fn write(
    folder: &Path,
    request: &GenerateRequest,
    scene: &Scene<'_>,
    renderer: &Renderer,
    progress: &Arc<dyn Progress>,
) -> Result<Vec<(TableFile, u64)>, GenerateError> {
    let mut files = Vec::new();
    let mut done = 2 * request.orders;
    for kind in kinds().filter(|kind| (kind.count)(&request.facts) > 0) {
        let mut file = TableFile::create(folder, kind.table, request.format)?;
        let rows = fill(&mut file, kind, request, scene, renderer, &mut |rows| {
            progress.at(STAGE, done + rows, request.work(), ProgressUnit::Rows);
        })?;
        done += (kind.count)(&request.facts);
        files.push((file, rows));
    }
    Ok(files)
}

/// Makes the rows of a kind, some blocks of customers at a time, and appends them in their order.
fn fill(
    file: &mut TableFile,
    kind: &Kind,
    request: &GenerateRequest,
    scene: &Scene<'_>,
    renderer: &Renderer,
    tell: &mut dyn FnMut(u64),
) -> Result<u64, GenerateError> {
    let wanted = (kind.count)(&request.facts);
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get) as u32;
    let weight = |customer: u32| (kind.weight)(&scene.character(customer));
    let allotment = Allotment::draw(scene.members, wanted, weight);
    let grains = (u64::from(scene.members) * ROWS / (wanted * u64::from(GRAIN))).clamp(1, 1 << 16) as u32;
    let all = scene.members.div_ceil(GRAIN);
    let (mut next, mut rows) = (0, 0);
    while next < all {
        let blocks: Vec<u32> = (0..threads).map(|i| next + i * grains).filter(|from| *from < all).collect();
        let made = std::thread::scope(|scope| {
            let workers: Vec<_> = blocks
                .iter()
                .map(|&from| {
                    let allotment = &allotment;
                    scope.spawn(move || block(kind, scene, renderer, allotment, from, grains))
                })
                .collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or(Err(GenerateError::Stopped)))
                .collect::<Result<Vec<_>, _>>()
        })?;
        for (block, written) in made {
            file.append(block)?;
            rows += written;
        }
        next += blocks.len() as u32 * grains;
        tell(wanted * u64::from(next.min(all)) / u64::from(all));
    }
    Ok(rows)
}

/// The rows of the customers of some grains, and how many.
fn block(
    kind: &Kind,
    scene: &Scene<'_>,
    renderer: &Renderer,
    allotment: &Allotment,
    grain: u32,
    grains: u32,
) -> Result<(Rendered, u64), GenerateError> {
    let until = grain.saturating_add(grains).saturating_mul(GRAIN).min(scene.members);
    let mut rows = 0;
    let rendered = renderer.rows(kind.table, |cells| {
        let weight = |customer: u32| (kind.weight)(&scene.character(customer));
        let mut repeats = scene.buying.repeats(scene.people, grain, until);
        let mut portion = Portion { first: 0, count: 0, orders: Vec::new() };
        for share in allotment.shares(grain, until, weight) {
            if kind.wants_orders {
                match repeats.next() {
                    Some(order) => scene.order_times(share.customer, order.count, &mut portion.orders),
                    None => portion.orders.clear(),
                }
            }
            if share.count == 0 {
                continue;
            }
            (portion.first, portion.count) = (share.before + 1, share.count);
            let who = scene.character(share.customer);
            let mut dice: Dice = dice(scene.people.seed(), kind.stream, share.customer.into());
            rows += (kind.write)(scene, &mut dice, &who, &portion, cells);
        }
    })?;
    Ok((rendered, rows))
}
