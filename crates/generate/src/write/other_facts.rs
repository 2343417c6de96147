//! The files of every other kind of fact, some blocks of customers at a time.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use clientele_model::progress::{Progress, ProgressUnit};

use super::super::allot::{Allotment, GRAIN};
use super::super::dice::{Dice, dice};
use super::super::facts::{Kind, Portion, Scene, kinds};
use super::super::{GenerateError, GenerateRequest, STAGE};
use super::{Rendered, Renderer, TableFile};

/// Rows that one thread makes at a time, about.
const ROWS: u64 = 64 * 1024;

/// Writes the files of all kinds that are wanted; returns them with their rows.
pub fn other_facts(
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
