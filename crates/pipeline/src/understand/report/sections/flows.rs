//! How customers of a scheme went from tier to tier: as bands and as a table.

use clientele_report::charts::{Band, Chart, End, Flows};
use clientele_report::page::{Block, Cell, Look, Table, TableColumn};
use clientele_report::shade::Shade;

use super::super::data::SchemeData;
use super::super::numbers::{Numbers, ratio};
use super::scheme;
use crate::understand::movement::{Direction, Flow, Movement};

/// The drawing, and the table of the same.
pub fn blocks(data: &SchemeData, movement: &Movement, says: &str, n: &Numbers) -> Vec<Block> {
    let label = n.language.pick(
        format!("Flows of customers from the tiers before to the tiers now; the table below has the figures. {says}"),
        format!("客户从之前层级到现在层级的流向，数据见下表。{says}"),
    );
    vec![
        Block::Drawing { chart: Chart::Flows(bands(data, movement, n)), label },
        Block::Table(matrix(data, movement, n)),
    ]
}

type Side = fn(&Flow) -> Option<&str>;

fn from(flow: &Flow) -> Option<&str> {
    flow.from.as_deref()
}

fn to(flow: &Flow) -> Option<&str> {
    flow.to.as_deref()
}

/// The tiers at one end in the scheme's order; those who come or go last.
fn tiers(data: &SchemeData, movement: &Movement, side: Side) -> Vec<Option<String>> {
    let mut found: Vec<Option<String>> = Vec::new();
    for tier in movement.flows.iter().filter(|f| f.customers > 0).map(side) {
        if !found.iter().any(|known| known.as_deref() == tier) {
            found.push(tier.map(str::to_owned));
        }
    }
    found.sort_by_key(|tier| match tier {
        Some(tier) => data.scheme.position(tier).unwrap_or(usize::MAX - 1),
        None => usize::MAX,
    });
    found
}

fn bands(data: &SchemeData, movement: &Movement, n: &Numbers) -> Flows {
    let l = n.language;
    let sum = |side: Side, tier: Option<&str>| {
        movement.flows.iter().filter(|f| side(f) == tier).map(|f| f.customers).sum::<i64>()
    };
    let name = |tier: Option<&str>, outside: &str| match tier {
        Some(tier) => scheme::tier_name(&data.scheme, tier, n),
        None => outside.to_owned(),
    };
    let (new, gone) = (l.pick("New", "新增"), l.pick("Gone", "减少"));
    let ends = |side: Side, outside: &str| -> Vec<(Option<String>, End)> {
        let end = |tier: Option<String>| {
            let shade = tier.as_deref().map_or(Shade::Accent, |known| scheme::shade(&data.scheme, known));
            let count = n.count(sum(side, tier.as_deref()));
            let name = format!("{} {count}", name(tier.as_deref(), outside));
            (tier, End { name, shade })
        };
        tiers(data, movement, side).into_iter().map(end).collect()
    };
    let (left, right) = (ends(from, new), ends(to, gone));
    let place = |ends: &[(Option<String>, End)], tier: Option<&str>| {
        ends.iter().position(|(known, _)| known.as_deref() == tier)
    };
    // In the order of both ends, so that bands leave and arrive in the order of tiers.
    let mut bands: Vec<Band> = movement
        .flows
        .iter()
        .filter(|f| f.customers > 0)
        .filter_map(|flow| {
            Some(Band {
                from: place(&left, from(flow))?,
                to: place(&right, to(flow))?,
                customers: flow.customers,
                stayed: flow.direction == Direction::Stayed,
                title: format!(
                    "{} → {}{}{}",
                    name(from(flow), new),
                    name(to(flow), gone),
                    l.pick(": ", "："),
                    n.customers(flow.customers)
                ),
            })
        })
        .collect();
    bands.sort_by_key(|b| (b.from, b.to));
    let (left, right): (Vec<End>, Vec<End>) =
        (left.into_iter().map(|e| e.1).collect(), right.into_iter().map(|e| e.1).collect());
    let heads = (l.pick("Before", "之前").to_owned(), l.pick("Now", "现在").to_owned());
    Flows { heads, left, right, bands }
}

/// From each tier (rows) to each tier (columns).
fn matrix(data: &SchemeData, movement: &Movement, n: &Numbers) -> Table {
    let l = n.language;
    let name = |tier: &str| scheme::tier_name(&data.scheme, tier, n);
    let known = |side: Side| tiers(data, movement, side).into_iter().flatten().collect::<Vec<String>>();
    let (before, now) = (known(from), known(to));
    let count = |a: &str, b: &str| {
        let here = movement.flows.iter().filter(|f| from(f) == Some(a) && to(f) == Some(b));
        here.map(|f| f.customers).sum::<i64>()
    };
    let most = before.iter().flat_map(|a| now.iter().map(|b| count(a, b))).max().unwrap_or(0);
    let rows = before.iter().map(|a| {
        let mut row = vec![Cell::new(name(a)).with_mark(scheme::shade(&data.scheme, a))];
        row.extend(now.iter().map(|b| {
            let customers = count(a, b);
            let strength = ratio(customers.into(), most.into()).unwrap_or(0.0);
            Cell::new(n.count(customers)).with_heat(strength)
        }));
        row
    });
    let mut columns = vec![TableColumn::text(l.pick("From ↓ to →", "从 ↓ 到 →"))];
    columns.extend(now.iter().map(|b| TableColumn::text(name(b))));
    let caption = l.pick(
        "Customers by tier before (rows) and now (columns).",
        "客户数：行为之前的层级，列为现在的层级。",
    );
    Table { caption: caption.to_owned(), columns, rows: rows.collect(), look: Look::Heat }
}
