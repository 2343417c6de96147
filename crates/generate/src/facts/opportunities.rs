//! Possible sales, and the stages they went through.

use rand::RngExt;

use super::super::calendar::{DAYS, SECONDS_A_DAY};
use super::super::dice::{Dice, chance, normal, pick};
use super::super::tables::Cells;
use super::super::words;
use super::character::Character;
use super::interactions::STAFF;
use super::scene::Scene;
use super::{Portion, shown};

/// The stages on the way to an end, and the chance to win at each.
const STAGES: [(&str, i64); 5] =
    [("prospecting", 10), ("qualification", 20), ("engaging", 40), ("proposal", 60), ("negotiation", 80)];

struct Opportunity {
    created: u32,
    /// The last stage reached on the way.
    reached: usize,
    /// Whether it stands still in no stage of the way.
    is_on_hold: bool,
    amount: Option<i64>,
    /// Days from the first day, maybe after the last.
    expected_day: u32,
    /// When it was closed, and whether it was won.
    closed: Option<(u32, bool)>,
    owner: &'static str,
    product: &'static str,
}

/// How many opportunities a customer has, against others.
pub fn weight(who: &Character) -> f64 {
    let talks = if who.talks.is_some() { 2.0 } else { 0.0 };
    let trade = if who.is_organisation() { 2.0 } else { 0.0 };
    talks + trade + if who.buys { 0.1 } else { 0.5 }
}

fn draw(scene: &Scene<'_>, dice: &mut Dice, who: &Character) -> Opportunity {
    let from = (who.start - 0.1).max(0.0);
    let created = scene.office_time(dice, from, who.end.max(who.start + 0.01), 1.0);
    let amount = 60_000.0 * (who.bulk.unwrap_or(3.0).ln() * 0.6 + 0.8 * normal(dice)).exp();
    let days = (60.0 * (0.7 * normal(dice)).exp()) as u32 + 2;
    let end = created + days * SECONDS_A_DAY;
    let is_closed = end < DAYS as u32 * SECONDS_A_DAY && chance(dice, 0.9);
    let is_won = chance(dice, (0.45 + 0.15 * who.mood).clamp(0.1, 0.9));
    let reached = if is_closed && is_won { STAGES.len() - 1 } else { dice.random_range(0..STAGES.len()) };
    let expects = days + dice.random_range(0..150);
    Opportunity {
        created,
        reached,
        is_on_hold: !is_closed && chance(dice, 0.04),
        amount: chance(dice, 0.95).then_some(amount as i64),
        expected_day: created / SECONDS_A_DAY + expects,
        closed: is_closed.then_some((end, is_won)),
        owner: pick(dice, &STAFF),
        product: pick(dice, &words::CATEGORIES),
    }
}

/// Writes a customer's opportunities as they stand.
pub fn write(
    scene: &Scene<'_>,
    dice: &mut Dice,
    who: &Character,
    portion: &Portion,
    cells: &mut dyn Cells,
) -> u64 {
    for nth in 0..portion.count {
        let it = draw(scene, dice, who);
        let (stage, percent) = STAGES[it.reached];
        let (stage, percent, outcome) = match it.closed {
            Some((_, true)) => ("won", 100, "won"),
            Some((_, false)) => ("lost", 0, "lost"),
            None if it.is_on_hold => ("on hold", percent, "open"),
            None => (stage, percent, "open"),
        };
        cells.id('D', portion.first + nth);
        cells.id('C', shown(who.customer));
        cells.time(it.created);
        cells.text(stage);
        match it.amount {
            Some(amount) => cells.money(amount),
            None => cells.none(),
        }
        cells.number(percent);
        cells.date(scene.calendar.epoch_day(0) + it.expected_day as i32);
        match it.closed {
            Some((at, _)) => cells.time(at),
            None => cells.none(),
        }
        cells.text(outcome);
        cells.text(it.owner);
        cells.text(it.product);
        cells.end_row();
    }
    portion.count
}

/// Writes the stages that the same opportunities went through; returns how many.
pub fn write_stages(
    scene: &Scene<'_>,
    dice: &mut Dice,
    who: &Character,
    portion: &Portion,
    cells: &mut dyn Cells,
) -> u64 {
    let mut rows = 0;
    for nth in 0..portion.count {
        let it = draw(scene, dice, who);
        let until = it.closed.map_or(DAYS as u32 * SECONDS_A_DAY, |(at, _)| at);
        let step = (until - it.created) / (it.reached as u32 + 2);
        let ways = STAGES[..=it.reached]
            .iter()
            .zip(0..)
            .map(|((stage, percent), i)| (*stage, *percent, it.created + i * step));
        let end = it.closed.map(|(at, is_won)| if is_won { ("won", 100, at) } else { ("lost", 0, at) });
        for (stage, percent, at) in ways.chain(end) {
            cells.id('D', portion.first + nth);
            cells.id('C', shown(who.customer));
            cells.text(stage);
            cells.time(at);
            cells.number(percent);
            cells.end_row();
            rows += 1;
        }
    }
    rows
}
