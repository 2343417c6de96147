//! From what the rule says to the tier that counts: stay rules first, then what people set.

use std::collections::BTreeMap;

use clientele_model::{AsOf, SchemeId, TierId};

use super::select::{select_more, then};
use super::{Before, Companion, HeldTiers, companion};
use crate::classify::compile::{Code, Compiled, Staying, ident, tier_column};
use crate::quote::{date, text};

/// Adds the tiers of schemes that do not build on each other to a SELECT that has all they read.
///
/// Where a tier can be kept or set by hand, the columns come one after the other:
/// what the rule says (`__computed`), the tier of then unless a person had set it (`__then_held`), the tier
/// after hysteresis (`__aimed`), since when a worse one has been due (`__due`), and the tier.
pub(super) fn settle(
    sql: &str,
    schemes: &[&Compiled],
    previous: &BTreeMap<SchemeId, Before>,
    held: &HeldTiers,
    as_of: AsOf,
) -> String {
    let mut layers: [Vec<String>; 5] = Default::default();
    for scheme in schemes {
        let id = &scheme.scheme;
        let tier = tier_column(id);
        let is_held = held.contains_key(id);
        let is_alone = scheme.stay.is_none() && !is_held;
        let code = ident(&companion(id, Companion::Code));
        match &scheme.code {
            Some(Code::Digits(digits)) => layers[0].push(format!("{digits} AS {code}")),
            Some(Code::Tier) => {
                let says = if is_alone { tier.clone() } else { ident(&companion(id, Companion::Computed)) };
                layers[1].push(format!("NULLIF({says}, {}) AS {code}", text(TierId::UNKNOWN)));
            }
            None => {}
        }
        if is_alone {
            layers[0].push(format!("{} AS {tier}", scheme.tier));
            continue;
        }
        let computed = ident(&companion(id, Companion::Computed));
        layers[0].push(format!("{} AS {computed}", scheme.tier));
        let mut says = computed.clone();
        let mut pending = "CAST(NULL AS DATE)".to_owned();
        if let Some(stay) = &scheme.stay {
            if previous.contains_key(id) {
                (says, pending) = keep(id, stay, &computed, &mut layers, as_of);
            }
            if is_held {
                pending = format!("CASE WHEN {} IS NULL THEN {pending} END", then(id, "set"));
            }
            layers[4].push(format!("{pending} AS {}", ident(&companion(id, Companion::Pending))));
        }
        if is_held {
            says = format!("COALESCE({}, {says})", then(id, "set"));
        }
        layers[4].push(format!("{says} AS {tier}"));
    }
    layers
        .into_iter()
        .filter(|layer| !layer.is_empty())
        .fold(sql.to_owned(), |sql, layer| select_more(&format!("({sql})"), &layer))
}

/// The tier and the pending date by the stay rules.
fn keep(
    id: &SchemeId,
    stay: &Staying,
    computed: &str,
    layers: &mut [Vec<String>; 5],
    as_of: AsOf,
) -> (String, String) {
    let helper = |name: &str| ident(&format!("{}__{name}", id.column()));
    let (was, aimed, due) = (then(id, "held"), helper("aimed"), helper("due"));
    // After a person's word has ended, the rule alone decides where the customer goes.
    layers[1].push(format!("CASE WHEN {} IS NULL THEN {} END AS {was}", then(id, "by"), then(id, "tier")));
    let held = match &stay.near {
        None => computed.to_owned(),
        Some(near) => {
            let (less, more) = (helper("less"), helper("more"));
            layers[0].push(format!("{} AS {less}", near.less));
            layers[0].push(format!("{} AS {more}", near.more));
            let place = places(&was, stay, &near.places);
            format!(
                "CASE WHEN {computed} <> {unknown} AND {place} >= least({less}, {more}) \
                 AND {place} <= greatest({less}, {more}) THEN {was} ELSE {computed} END",
                unknown = text(TierId::UNKNOWN),
            )
        }
    };
    layers[2].push(format!("{held} AS {aimed}"));
    if stay.rules.grace_days == 0 && stay.rules.minimum_days == 0 {
        return (aimed, "CAST(NULL AS DATE)".to_owned());
    }
    let ranks: Vec<usize> = (0..stay.tiers.len()).collect();
    let is_worse = format!("{} > {}", places(&aimed, stay, &ranks), places(&was, stay, &ranks));
    layers[3].push(format!(
        "CASE WHEN {is_worse} THEN COALESCE({}, {}) END AS {due}",
        then(id, "pending"),
        date(as_of.date())
    ));
    let too_soon = format!("{} > {}", then(id, "since"), date(before(as_of, stay.rules.minimum_days)));
    let too_new = format!("{due} > {}", date(before(as_of, stay.rules.grace_days)));
    let waits = format!("{due} IS NOT NULL AND ({too_soon} OR {too_new})");
    (format!("CASE WHEN {waits} THEN {was} ELSE {aimed} END"), format!("CASE WHEN {waits} THEN {due} END"))
}

/// The place of the tier in a column; null for `unknown` and for tiers that are no more.
fn places(column: &str, stay: &Staying, places: &[usize]) -> String {
    let whens = stay.tiers.iter().zip(places);
    let whens: String = whens.map(|(tier, place)| format!(" WHEN {} THEN {place}", text(tier))).collect();
    format!("CASE {column}{whens} END")
}

fn before(as_of: AsOf, days: u32) -> chrono::NaiveDate {
    as_of.date() - chrono::Days::new(u64::from(days))
}
