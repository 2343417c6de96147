//! What customers allow, the clubs they are in, and what serving them costs.

use rand::RngExt;

use super::super::calendar::{DAYS, SECONDS_A_DAY};
use super::super::dice::{Dice, chance, normal, pick};
use super::super::tables::Cells;
use super::character::Character;
use super::scene::{END, Scene};
use super::{Portion, shown};

const CHANNELS: [&str; 6] = ["email", "sms", "phone", "post", "ads", "wechat"];
const ORIGINS: [&str; 3] = ["checkout", "web form", "phone"];
const PROGRAMMES: [&str; 3] = ["Club", "Garden friends", "Trade"];
const LEVELS: [&str; 4] = ["bronze", "silver", "gold", "platinum"];
const COSTS: [&str; 7] = ["support", "support", "delivery", "return", "sales", "marketing", "payment"];

/// How many permissions a customer has given or withdrawn, against others.
pub fn consent_weight(who: &Character) -> f64 {
    if who.customer % 8 == 3 { 0.0 } else { 1.0 }
}

/// Writes a customer's permissions, one time after the other.
pub fn consents(
    scene: &Scene<'_>,
    dice: &mut Dice,
    who: &Character,
    portion: &Portion,
    cells: &mut dyn Cells,
) -> u64 {
    let first = scene.time(dice, who.start, who.start);
    let step = (END - first) / (portion.count as u32 + 1);
    for nth in 0..portion.count {
        // A second round takes back much of the first.
        let withdrawn = if nth < CHANNELS.len() as u64 { 0.2 - 0.08 * who.mood } else { 0.6 };
        cells.id('C', shown(who.customer));
        cells.text(CHANNELS[nth as usize % CHANNELS.len()]);
        cells.text(if chance(dice, withdrawn) { "withdrawn" } else { "given" });
        cells.time(first + nth as u32 * step + dice.random_range(0..step.max(1)));
        cells.text(pick(dice, &ORIGINS));
        cells.end_row();
    }
    portion.count
}

/// How many memberships a customer has, against others.
pub fn membership_weight(who: &Character) -> f64 {
    let joins = who.energy + if who.mood > 0.0 { 0.5 } else { 0.0 };
    (joins - 0.5).clamp(0.0, 1.0)
}

/// Writes a customer's memberships.
pub fn memberships(
    scene: &Scene<'_>,
    dice: &mut Dice,
    who: &Character,
    portion: &Portion,
    cells: &mut dyn Cells,
) -> u64 {
    for nth in 0..portion.count {
        let joined = scene.time(dice, who.start, who.end);
        // The programmes first, then once more after each has run out.
        let joined = joined - joined % 64 + nth as u32 % 64;
        let rank = (who.appetite * 3.0 + 0.5 * normal(dice)).clamp(0.0, 3.0) as usize;
        cells.id('C', shown(who.customer));
        cells.text(PROGRAMMES[nth as usize % PROGRAMMES.len()]);
        cells.text(LEVELS[rank]);
        cells.count((400.0 * (0.3 + who.appetite) * (0.8 * normal(dice)).exp()) as i64);
        cells.time(joined);
        if chance(dice, 0.5) {
            cells.none();
        } else {
            let years = dice.random_range(1..5);
            cells.date(scene.calendar.epoch_day(0) + (joined / SECONDS_A_DAY) as i32 + 365 * years);
        }
        cells.end_row();
    }
    portion.count
}

/// How many costs a customer causes, against others.
pub fn cost_weight(who: &Character) -> f64 {
    0.3 + who.appetite + if who.is_organisation() { 1.0 } else { 0.0 }
}

/// Writes what serving a customer cost. A few cost more than they bring.
pub fn costs(
    scene: &Scene<'_>,
    dice: &mut Dice,
    who: &Character,
    portion: &Portion,
    cells: &mut dyn Cells,
) -> u64 {
    let is_dear = chance(dice, 0.06);
    let size = 400.0 * who.bulk.unwrap_or(1.0).sqrt() * if is_dear { 25.0 } else { 1.0 };
    let until = who.end.max(who.start + 1.0 / DAYS as f64);
    for _ in 0..portion.count {
        cells.id('C', shown(who.customer));
        cells.time(scene.office_time(dice, who.start, until, 0.0));
        cells.text(pick(dice, &COSTS));
        cells.money((size * (0.8 * normal(dice)).exp()) as i64 + 1);
        cells.end_row();
    }
    portion.count
}
