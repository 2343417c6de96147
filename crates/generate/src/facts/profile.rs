//! The fuller records of customers: much is known of some, little of others.

use std::ops::Range;

use rand::RngExt;

use super::super::calendar::Calendar;
use super::super::customer::People;
use super::super::dice::{Dice, chance, dice, normal, pick, popular};
use super::super::tables::Cells;
use super::super::words;
use super::character::Character;
use super::places::{City, INDUSTRIES, INTERESTS, LEAD_STATUSES, OCCUPATIONS, PLACES, SOURCES, TRADES};
use super::scene::Scene;
use super::{optional, shown};

const PROFILE: u64 = 22;
const PLACE: u64 = 23;
/// 1940-01-01 and the days from then to the youngest customer's birthday.
const OLDEST: i32 = -10_957;
const AGES: Range<i32> = 0..25_700;

/// Where a customer lives.
pub fn place(people: &People, customer: u32) -> &'static City {
    &PLACES[popular(&mut dice(people.seed(), PLACE, customer.into()), PLACES.len())]
}

/// Writes the records of some customers.
pub fn write(scene: &Scene<'_>, customers: Range<u32>, cells: &mut dyn Cells) {
    for customer in customers {
        let who = scene.character(customer);
        let mut dice = dice(scene.people.seed(), PROFILE, customer.into());
        // How much of the form they filled in.
        let told = 0.35 + 0.65 * dice.random::<f64>();
        person(scene.people, scene.calendar, &mut dice, &who, told, cells);
        attributes(&mut dice, &who, told, cells);
        cells.end_row();
    }
}

fn person(
    people: &People,
    calendar: &Calendar,
    dice: &mut Dice,
    who: &Character,
    told: f64,
    cells: &mut dyn Cells,
) {
    let number = shown(who.customer);
    let (first, last) = (pick(dice, &words::FIRST_NAMES), pick(dice, &words::LAST_NAMES));
    let company = who.is_organisation().then(|| format!("{last} {}", pick(dice, &TRADES)));
    let email = format!("{first}.{last}.{number}@example.com").to_ascii_lowercase();
    let (country, province, city, postcode, prefix) = *place(people, who.customer);
    let phone = format!("{prefix}{:04}", dice.random_range(0..10_000));
    let postcode = format!("{postcode}{:02}", dice.random_range(1..100));
    // A few are kept under a word that nobody agreed on.
    let kinds = match (who.customer % 97, who.is_organisation()) {
        (41, _) => ["trade account"; 3],
        (_, true) => ["company", "business", "organisation"],
        (_, false) => ["person"; 3],
    };
    let gender = pick(dice, &["female", "male", "female", "male", "female", "male", "male", "other"]);
    let is_person = !who.is_organisation();

    cells.id('C', number);
    match &company {
        Some(company) => cells.text(company),
        None => cells.text(&format!("{first} {last}")),
    }
    optional(cells, chance(dice, 0.5 + told / 2.0).then_some(&email));
    optional(cells, chance(dice, told).then_some(&phone));
    let kind = pick(dice, &kinds);
    optional(cells, chance(dice, 0.3 + told).then_some(kind));
    optional(cells, (is_person && chance(dice, told)).then_some(gender));
    if is_person && chance(dice, told) {
        cells.date(OLDEST + dice.random_range(AGES));
    } else {
        cells.none();
    }
    optional(cells, company.as_deref());
    let occupation = pick(dice, &OCCUPATIONS);
    optional(cells, (is_person && chance(dice, told)).then_some(occupation));
    let is_placed = chance(dice, 0.3 + told);
    optional(cells, is_placed.then_some(country));
    optional(cells, is_placed.then_some(province));
    optional(cells, (is_placed && chance(dice, 0.95)).then_some(city));
    optional(cells, chance(dice, told).then_some(&postcode));
    let day = calendar.day(who.start).saturating_sub(dice.random_range(0..45));
    cells.date(calendar.epoch_day(day));
    let source = pick(dice, &SOURCES);
    optional(cells, chance(dice, 0.9).then_some(source));
}

/// What the generic layout calls attributes.
fn attributes(dice: &mut Dice, who: &Character, told: f64, cells: &mut dyn Cells) {
    let size = who.bulk.unwrap_or(1.0);
    let talks = who.talks.unwrap_or(0);
    let is_buying = who.talks.is_some();
    let yes_no = |is: bool| if is { "yes" } else { "no" };
    let mut word =
        |dice: &mut Dice, share: f64, value: &str| optional(cells, chance(dice, share).then_some(value));

    let industry = pick(dice, &INDUSTRIES);
    word(dice, if who.is_organisation() { 0.8 } else { 0.0 }, industry);
    let interests = pick(dice, &INTERESTS);
    word(dice, told * 0.8, interests);
    let settlement = pick(dice, &["urban", "urban", "urban", "rural", "suburb"]);
    word(dice, told, settlement);
    let need_kind = match (who.is_organisation(), dice.random_range(0..10)) {
        (_, 0) => "mixed",
        (true, _) => "business",
        (false, 1) => "office",
        (false, _) => "household",
    };
    word(dice, told, need_kind);
    let buyer_kind = match (who.is_organisation(), dice.random_range(0..10)) {
        (_, 0) => "association",
        (true, 1..3) => "government",
        (true, 3..5) => "leasing",
        (true, _) => "company",
        (false, _) => "private",
    };
    word(dice, told, buyer_kind);
    let need = match (is_buying, dice.random_range(0..10)) {
        (true, 0..8) | (false, 0) => "clear",
        (_, 1..4) => "latent",
        (_, 4..7) => "later",
        _ => "none",
    };
    let asked = if is_buying { 0.95 } else { told * 0.6 };
    word(dice, asked, need);
    let lead = pick(dice, &LEAD_STATUSES);
    word(dice, asked * 0.7, lead);
    let able = chance(dice, if is_buying { 0.85 } else { 0.6 });
    word(dice, asked, yes_no(able));
    let fits = chance(dice, (0.6 + 0.15 * who.mood).clamp(0.05, 0.95));
    word(dice, asked, yes_no(fits));
    let compares = chance(dice, 0.4);
    word(dice, asked, yes_no(compares));
    let important = chance(dice, if size > 20.0 { 0.4 } else { 0.03 });
    word(dice, 0.5, yes_no(important));

    let share =
        |dice: &mut Dice, middle: f64| ((middle + 0.2 * normal(dice)) * 100.0).clamp(0.0, 100.0) as i64;
    let knowledge = share(dice, 0.3 + 0.1 * f64::from(talks));
    let wallet = share(dice, 0.15 + 0.2 * who.appetite.min(2.0) + 0.05 * who.mood);
    let money = |dice: &mut Dice, usual: f64| (100.0 * usual * size.sqrt() * normal(dice).exp()) as i64;
    let (budget, volume, limit) = (money(dice, 900.0), money(dice, 9_000.0), money(dice, 2_000.0));
    let score = ((640.0 + 40.0 * who.mood + 60.0 * normal(dice)) as i64).clamp(300, 850);
    let fame = if who.is_voice { 6.5 } else { 4.0 };
    let followers = (fame + 1.3 * normal(dice)).exp() as i64;

    let mut maybe = |share: f64, dice: &mut Dice, write: &dyn Fn(&mut dyn Cells)| {
        if chance(dice, share) { write(&mut *cells) } else { cells.none() }
    };
    maybe(asked, dice, &|cells| cells.number(knowledge));
    maybe(told * 0.7, dice, &|cells| cells.number(wallet));
    maybe(asked, dice, &|cells| cells.money(budget));
    maybe(if who.is_organisation() { 0.8 } else { 0.1 }, dice, &|cells| cells.money(volume));
    maybe(if who.is_organisation() { 0.7 } else { 0.1 }, dice, &|cells| cells.money(limit));
    maybe(told * 0.6, dice, &|cells| cells.count(score));
    maybe(told * 0.6, dice, &|cells| cells.count(followers));
}
