//! Calls, visits, messages and meetings.

use rand::RngExt;

use super::super::dice::{Dice, chance, pick};
use super::super::tables::Cells;
use super::character::Character;
use super::scene::Scene;
use super::{Portion, optional, shown};

const KINDS: [&str; 10] =
    ["call", "call", "call", "message", "message", "email", "email", "visit", "meeting", "other"];
pub const STAFF: [&str; 8] =
    ["Ada Cole", "Ben Frost", "Chloe Marsh", "Dan Price", "Eve Stone", "Finn Gray", "Gina Holt", "Hugo West"];
const OUTCOMES: [&str; 7] =
    ["reached", "reached", "no_answer", "call_back", "quote_sent", "meeting_booked", "not_interested"];
const NOTES: [&str; 8] = [
    "Wants to hear from us again next month",
    "Asked for a quote and delivery times",
    "Happy with the last delivery",
    "Compares us with another supplier",
    "Waiting for a decision of the board",
    "Prefers to be called in the morning",
    "Complained about the packaging",
    "Would like to see samples",
];

/// What shows that someone is about to buy: a contact of their own, a visit to us, a question about the
/// process, a change of price that was accepted, a meeting. Who is in talks shows so many of them.
const SIGNS: [(&str, &str, &str); 5] = [
    ("call", "in", "reached"),
    ("visit", "in", "reached"),
    ("call", "in", "asked_process"),
    ("meeting", "out", "price_change_accepted"),
    ("meeting", "out", "quote_sent"),
];

/// How many contacts a customer has, against others.
pub fn weight(who: &Character) -> f64 {
    let talks = if who.talks.is_some() { 3.0 } else { 0.0 };
    let trade = if who.is_organisation() { 3.0 } else { 0.4 };
    talks + trade * (who.energy - 0.4).max(0.0)
}

/// Writes a customer's contacts.
pub fn write(
    scene: &Scene<'_>,
    dice: &mut Dice,
    who: &Character,
    portion: &Portion,
    cells: &mut dyn Cells,
) -> u64 {
    let owner = pick(dice, &STAFF);
    for nth in 0..portion.count {
        let sign = who.talks.filter(|degree| nth < u64::from(*degree)).and_then(|_| SIGNS.get(nth as usize));
        let (at, kind, direction, outcome) = match sign {
            // Within five months of the end.
            Some((kind, direction, outcome)) => {
                (scene.office_time(dice, 0.87, 1.0, 0.0), *kind, *direction, Some(*outcome))
            }
            None => {
                let at = scene.office_time(dice, who.start, who.end, 0.3);
                let inbound = chance(dice, if who.mood < -1.0 { 0.6 } else { 0.3 });
                let outcome = chance(dice, 0.8).then(|| pick(dice, &OUTCOMES));
                (at, pick(dice, &KINDS), if inbound { "in" } else { "out" }, outcome)
            }
        };
        cells.id('A', portion.first + nth);
        cells.id('C', shown(who.customer));
        cells.time(at);
        cells.text(kind);
        cells.text(direction);
        cells.text(if chance(dice, 0.8) { owner } else { pick(dice, &STAFF) });
        optional(cells, outcome);
        match kind {
            "call" => cells.number(dice.random_range(30..2_500)),
            "visit" | "meeting" => cells.number(dice.random_range(15..120) * 100),
            _ => cells.none(),
        }
        let note = chance(dice, 0.35).then(|| pick(dice, &NOTES));
        optional(cells, note);
        cells.end_row();
    }
    portion.count
}
