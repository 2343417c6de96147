//! Synthetic shops of any size, for benchmarks and trials: customers, orders and order lines, and on
//! request every other kind of fact ([`facts`]).
//!
//! Buying follows the BG/NBD model: each customer buys at a rate of their own and may leave for good
//! after any purchase. The period is three fixed years, so a data set needs no clock; the same
//! request gives the same bytes.
//!
//! ```text
//! customers ─► times of their orders ─► one file per stretch of time ─► sorted ─► orders, lines
//!    one at a time                        on disk                        a stretch at a time
//! ```
//!
//! Orders come out in the order of time, as a shop's log has them. Memory holds one stretch of time,
//! whatever the size of the data set.

mod allot;
mod calendar;
mod customer;
mod dice;
mod error;
mod facts;
mod order;
mod schedule;
mod settle;
mod shop;
mod stretches;
mod tables;
mod words;
mod write;

#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use clientele_model::Currency;
use clientele_model::spec::Questionnaire;

pub use error::GenerateError;
pub use facts::Facts;
pub use write::Format;

use calendar::Calendar;
use clientele_model::progress::{Progress, ProgressUnit};
use customer::People;
use error::at;
use facts::Scene;
use order::Order;
use schedule::{Buying, Schedule};
use shop::Shop;
use stretches::Event;
use write::{Renderer, Tables};

/// What the progress is told under.
pub const STAGE: &str = "generate";

/// Orders that one thread makes at a time.
const BLOCK: usize = 32 * 1024;

/// What to make.
#[derive(Debug, Clone)]
pub struct GenerateRequest {
    /// Customers; each has at least one order.
    pub customers: u64,
    /// Orders in all.
    pub orders: u64,
    /// The same seed gives the same data.
    pub seed: u64,
    pub format: Format,
    /// The currency that amounts are in.
    pub currency: Currency,
    /// Whether to write order lines too; they are some two thirds of all bytes.
    pub lines: bool,
    /// Other facts.
    pub facts: Facts,
    /// What people answer, where answers are among the facts.
    pub questionnaires: Vec<Questionnaire>,
}

impl GenerateRequest {
    /// Customers with and without orders.
    fn members(&self) -> u64 {
        self.customers + self.facts.prospects
    }

    /// What progress counts: orders twice, for their times and their rows, and all other rows.
    fn work(&self) -> u64 {
        2 * self.orders + self.facts.rows()
    }
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The files: orders, order lines if asked for, customers, other facts.
    pub files: Vec<PathBuf>,
    /// Those who never ordered, too.
    pub customers: u64,
    pub orders: u64,
    pub lines: u64,
    /// Rows of other facts, by table.
    pub facts: Vec<(String, u64)>,
    /// Bytes of all files.
    pub bytes: u64,
    /// The day after the last order: a good day to look from.
    pub as_of: NaiveDate,
}

/// Writes a synthetic shop into `folder`, which is made if need be. Files appear under their names
/// only when all are complete.
///
/// # Errors
/// A request that cannot be met, files that are there already, or a folder that cannot be written.
pub fn generate(
    folder: &Path,
    request: &GenerateRequest,
    progress: &Arc<dyn Progress>,
) -> Result<Generated, GenerateError> {
    check(request)?;
    let targets = write::targets(folder, request);
    if let Some(there) = targets.iter().find(|file| file.exists()) {
        return Err(GenerateError::Exists(there.clone()));
    }
    std::fs::create_dir_all(folder).map_err(at(folder))?;
    let passing = tempfile::Builder::new().prefix(".generating-").tempdir_in(folder).map_err(at(folder))?;

    let calendar = Calendar::new();
    let people = People::new(request.seed);
    let buying = Buying::draw(request, &people);
    let schedule = Schedule::draw(request, &calendar, &people, &buying, passing.path(), progress)?;
    let mut tables = Tables::create(passing.path(), request)?;
    let renderer = Renderer::new(request, &calendar);
    let lines = orders(request, &people, &schedule, &renderer, &mut tables, progress)?;
    let scene = Scene::new(request, &people, &calendar, &buying)?;
    for from in (0..request.members()).step_by(BLOCK) {
        let numbers = from as u32..request.members().min(from + BLOCK as u64) as u32;
        tables.customers.append(if request.facts.profiles {
            renderer.profiles(&scene, numbers)?
        } else {
            renderer.customers(&scene, numbers)?
        })?;
    }
    tables.facts = write::other_facts(passing.path(), request, &scene, &renderer, progress)?;
    let rows = tables.facts.iter().map(|(file, rows)| (file.name(), *rows)).collect();
    let bytes = tables.finish(folder)?;
    progress.finished(STAGE);
    Ok(Generated {
        files: targets,
        customers: request.members(),
        orders: request.orders,
        lines,
        facts: rows,
        bytes,
        as_of: calendar.end(),
    })
}

fn check(request: &GenerateRequest) -> Result<(), GenerateError> {
    let members = request.customers.saturating_add(request.facts.prospects);
    if request.customers == 0 || u64::from(u32::MAX) < members {
        return Err(GenerateError::Customers { given: members, most: u32::MAX.into() });
    }
    if members < 2 && request.facts.relations > 0 {
        return Err(GenerateError::Alone);
    }
    if request.orders < request.customers {
        return Err(GenerateError::TooFewOrders { customers: request.customers, orders: request.orders });
    }
    Ok(())
}

/// Makes the orders, stretch after stretch, a block a thread at a time; returns how many lines.
fn orders(
    request: &GenerateRequest,
    people: &People,
    schedule: &Schedule,
    renderer: &Renderer,
    tables: &mut Tables,
    progress: &Arc<dyn Progress>,
) -> Result<u64, GenerateError> {
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let shop = Shop::new(request.seed, request.facts.profiles);
    let (mut number, mut lines) = (1, 0);
    for stretch in 0..schedule.stretches.count() {
        let events = schedule.stretches.read(stretch)?;
        for round in events.chunks(BLOCK * threads) {
            let blocks = on_threads(round, number, &|from, events| {
                let orders =
                    events.iter().zip(from..).map(|(event, number)| shop.order(people, event, number));
                renderer.orders(people, &orders.collect::<Vec<Order>>())
            })?;
            for block in blocks {
                lines += block.lines;
                tables.append(block)?;
            }
            number += round.len() as u64;
            progress.at(STAGE, request.orders + number - 1, request.work(), ProgressUnit::Rows);
        }
    }
    Ok(lines)
}

/// What is made of a block of events, the first of which has this number.
type Work<'a, T> = dyn Fn(u64, &[Event]) -> Result<T, GenerateError> + Sync + 'a;

/// Runs `work` on blocks side by side; the results are in the blocks' order.
fn on_threads<T: Send>(events: &[Event], first: u64, work: &Work<'_, T>) -> Result<Vec<T>, GenerateError> {
    std::thread::scope(|scope| {
        let workers: Vec<_> = events
            .chunks(BLOCK)
            .enumerate()
            .map(|(i, block)| scope.spawn(move || work(first + (i * BLOCK) as u64, block)))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| Err(GenerateError::Stopped)))
            .collect()
    })
}
