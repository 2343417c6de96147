//! Who brought, follows and knows whom.

use rand::RngExt;

use super::super::dice::{Dice, chance, popular};
use super::super::tables::Cells;
use super::character::Character;
use super::scene::Scene;
use super::{Portion, shown};

/// Customers to one whom many follow.
const FOLLOWERS: u32 = 250;

/// How many ties a customer has, against others: some have very many, a third has none.
pub fn weight(who: &Character) -> f64 {
    let sociable = who.energy.powf(1.5) * if who.is_voice { 4.0 } else { 1.0 };
    (sociable - 0.25).max(0.0)
}

/// Writes a customer's ties. The other of each kind of tie is another one each time.
pub fn write(
    scene: &Scene<'_>,
    dice: &mut Dice,
    who: &Character,
    portion: &Portion,
    cells: &mut dyn Cells,
) -> u64 {
    let others = scene.members - 1;
    let hubs = (scene.members / FOLLOWERS).max(1);
    let follows_from = popular(dice, hubs as usize) as u32;
    let mut follows = 0;
    // Neighbours in the order of coming know each other.
    let step = 1 + dice.random_range(0..3);
    for nth in 0..portion.count as u32 {
        let kind = match dice.random_range(0..100) {
            0..30 => "referral",
            30..65 => "follows",
            65..83 => "knows",
            83..91 => "family",
            91..96 => "colleague",
            96..99 if who.is_organisation() => "parent_company",
            _ => "other",
        };
        let neighbour = (who.customer + 1 + (nth * step) % others) % scene.members;
        let hub = (follows_from + follows) % hubs * (scene.members / hubs);
        let (to, kind) = match kind {
            "follows" if follows < hubs && hub != who.customer => {
                follows += 1;
                (hub, kind)
            }
            "follows" => (neighbour, "knows"),
            _ => (neighbour, kind),
        };
        cells.id('C', shown(who.customer));
        cells.id('C', shown(to));
        cells.text(kind);
        if chance(dice, 0.9) {
            let at = scene.time(dice, who.start, who.end);
            cells.time(at);
        } else {
            cells.none();
        }
        cells.end_row();
    }
    portion.count
}
