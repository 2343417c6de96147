//! Questions, requests, incidents, returns and complaints.

use rand::RngExt;

use super::super::calendar::SECONDS_A_DAY;
use super::super::dice::{Dice, chance, normal, pick};
use super::super::tables::Cells;
use super::super::words;
use super::character::Character;
use super::scene::{END, Scene};
use super::{Portion, optional, shown};

const KINDS: [&str; 5] = ["question", "question", "request", "incident", "return"];
const CHANNELS: [&str; 6] = ["email", "email", "phone", "chat", "web", "store"];
const PRIORITIES: [&str; 5] = ["low", "normal", "normal", "high", "urgent"];
const COMPLAINTS: [&str; 7] =
    ["quality", "late delivery", "late delivery", "billing", "staff", "price", "other"];
const REASONS: [&str; 5] = ["how to use", "order status", "change of order", "damaged", "account"];
const TEXTS: [&str; 6] = [
    "The parcel came a week late and nobody told me",
    "How do I change the address of my order?",
    "One cup was broken when I opened the box",
    "I was charged twice for the same order",
    "The size does not fit and I would like another",
    "Your colleague on the phone was very helpful",
];

/// How many tickets a customer has, against others: those who buy much and those who are displeased.
pub fn weight(who: &Character) -> f64 {
    if who.buys { (0.25 + who.appetite) * (-0.5 * who.mood).exp() } else { 0.1 }
}

/// Writes a customer's tickets.
pub fn write(
    scene: &Scene<'_>,
    dice: &mut Dice,
    who: &Character,
    portion: &Portion,
    cells: &mut dyn Cells,
) -> u64 {
    let displeased = (0.18 - 0.12 * who.mood).clamp(0.02, 0.7);
    // Some are served better and better, some worse.
    let drift = 0.8 * normal(dice);
    for nth in 0..portion.count {
        let opened = scene.time(dice, who.start, who.end);
        let is_complaint = chance(dice, displeased);
        let wait = (1_800.0 * (1.2 * normal(dice) + 1.0).exp()) as u32;
        let work = (SECONDS_A_DAY as f64 * (normal(dice) + 0.6).exp()) as u32;
        let first = opened.checked_add(wait).filter(|at| *at < END && chance(dice, 0.97));
        let closed = first.and_then(|at| at.checked_add(work)).filter(|at| *at < END && chance(dice, 0.95));
        let place = f64::from(opened) / f64::from(END) - 0.5;
        let slow = if wait > 6 * 3600 { 0.7 } else { 0.0 };
        let grudge = if is_complaint { 0.8 } else { 0.0 };
        let pleased = 4.0 + 0.9 * who.mood + drift * place - slow - grudge + 0.5 * normal(dice);
        let is_rated = closed.is_some() && chance(dice, 0.6);

        cells.id('T', portion.first + nth);
        cells.id('C', shown(who.customer));
        cells.time(opened);
        for time in [first, closed] {
            match time {
                Some(at) => cells.time(at),
                None => cells.none(),
            }
        }
        cells.text(if is_complaint { "complaint" } else { pick(dice, &KINDS) });
        cells.text(pick(dice, &words::CATEGORIES));
        let reason = if is_complaint { pick(dice, &COMPLAINTS) } else { pick(dice, &REASONS) };
        optional(cells, chance(dice, 0.9).then_some(reason));
        cells.text(if is_complaint && wait > 6 * 3600 { "high" } else { pick(dice, &PRIORITIES) });
        cells.text(match (first, closed) {
            (_, Some(_)) => "closed",
            (Some(_), None) => "pending",
            (None, None) => "open",
        });
        cells.text(pick(dice, &CHANNELS));
        if is_rated {
            cells.count((pleased.round() as i64).clamp(1, 5));
        } else {
            cells.none();
        }
        let reopened =
            if chance(dice, if is_complaint { 0.25 } else { 0.05 }) { dice.random_range(1..4) } else { 0 };
        cells.count(reopened);
        let text = chance(dice, 0.3).then(|| pick(dice, &TEXTS));
        optional(cells, text);
        cells.end_row();
    }
    portion.count
}
