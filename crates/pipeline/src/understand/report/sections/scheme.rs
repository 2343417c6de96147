//! One scheme: sizes and values of its tiers, the rule, and what to do.

use clientele_model::TierId;
use clientele_model::spec::Scheme;

use super::super::data::SchemeData;
use super::super::numbers::Numbers;
use super::super::page::{Block, Cell, Column, Play, Section, Shade, Table};
use crate::understand::tiers::TierSize;

/// Where a scheme has more tiers than this, the empty ones are left out.
const MANY: usize = 12;

/// The colour of a tier.
pub fn shade(scheme: &Scheme, tier: &str) -> Shade {
    Shade::of(scheme.position(tier), scheme.tiers.len(), scheme.ranked)
}

/// Whether no customer could be placed in any tier.
pub fn is_blind(data: &SchemeData) -> bool {
    let placed = |t: &TierSize| t.tier != TierId::UNKNOWN && t.customers > 0;
    !data.sizes.tiers.iter().any(placed)
}

/// A scheme as a part of the page.
pub fn part(data: &SchemeData, n: &Numbers) -> Section {
    let scheme = &data.scheme;
    let mut section = Section::new(scheme.id.as_str(), scheme.name.get(n.language));
    section.question = Some(scheme.question.get(n.language).to_owned());
    section.says(says(data, n)).blocks(details(data, n))
}

/// The bars, the rule and the playbook.
pub fn details(data: &SchemeData, n: &Numbers) -> Vec<Block> {
    vec![
        Block::Table(bars(data, n)),
        Block::Rule(format!(
            "{}{}{}",
            data.scheme.rule_text.get(n.language),
            n.language.pick(" ", ""),
            n.language.pick(
                format!("(Version {}.)", data.sizes.version),
                format!("（第 {} 版）", data.sizes.version)
            )
        )),
        Block::Playbook(playbook(data, n)),
    ]
}

/// What the sizes say, in one sentence.
pub fn says(data: &SchemeData, n: &Numbers) -> String {
    let l = n.language;
    let tiers = &data.sizes.tiers;
    let everyone: i64 = tiers.iter().map(|t| t.customers).sum();
    let unknown = tiers.iter().find(|t| t.tier == TierId::UNKNOWN).map_or(0, |t| t.customers);
    let placed: Vec<&TierSize> =
        tiers.iter().filter(|t| t.tier != TierId::UNKNOWN && t.customers > 0).collect();
    let name = |tier: &TierSize| n.named(data.scheme.tier_name(&tier.tier).get(l));
    if everyone == 0 {
        return l.pick("There are no customers yet.", "还没有客户。").to_owned();
    }
    let rest = match unknown {
        0 => String::new(),
        _ => l.pick(
            format!(" {} could not be placed.", n.customers(unknown)),
            format!("另有 {}因资料不足无法判断。", n.customers(unknown)),
        ),
    };
    match placed.as_slice() {
        [] => l.pick(
            format!("None of the {} can be placed: the facts that this scheme needs are missing.", n.customers(everyone)),
            format!("{}都无法判断：缺少该方案所需的资料。", n.customers(everyone)),
        ),
        [only] if everyone == 1 => l.pick(
            format!("The one customer is in {}.", name(only)),
            format!("唯一的一位客户属于{}。", name(only)),
        ),
        [only] => l.pick(
            format!("All {} that can be placed are in {}.{rest}", n.customers(only.customers), name(only)),
            format!("能判断的 {}全部属于{}。{rest}", n.customers(only.customers), name(only)),
        ),
        several => format!("{}{rest}", leading(several, n, &name)),
    }
}

/// The tier that brought most, and the largest one where that is another.
fn leading(placed: &[&TierSize], n: &Numbers, name: &dyn Fn(&TierSize) -> String) -> String {
    let l = n.language;
    // Of equals, the better tier.
    let first_max = |key: &dyn Fn(&TierSize) -> i128| {
        let greatest = placed.iter().map(|t| key(t)).max();
        placed.iter().copied().find(|t| Some(key(t)) == greatest)
    };
    let largest = first_max(&|t| i128::from(t.customers));
    let richest = first_max(&|t| t.revenue).filter(|t| t.revenue_share > 0.0);
    let (Some(largest), richest) = (largest, richest) else { return String::new() };
    let size = |t: &TierSize| n.share(t.customer_share);
    let Some(richest) = richest else {
        return l.pick(
            format!("The largest tier is {}: {}, {} of all.", name(largest), n.customers(largest.customers), size(largest)),
            format!("人数最多的是{}：{}，占 {}。", name(largest), n.customers(largest.customers), size(largest)),
        );
    };
    let value = n.share(richest.revenue_share);
    let first = l.pick(
        format!(
            "The {} in {}, {} of all, brought {} of revenue",
            n.customers(richest.customers), name(richest), size(richest), value
        ),
        format!(
            "{}的 {}占客户的 {}，贡献了 {} 的收入",
            name(richest), n.customers(richest.customers), size(richest), value
        ),
    );
    if largest.tier == richest.tier {
        return l.pick(format!("{first}; no tier is larger."), format!("{first}，人数也最多。"));
    }
    l.pick(
        format!(
            "{first}; the largest tier is {} with {} ({}).",
            name(largest), n.customers(largest.customers), size(largest)
        ),
        format!(
            "{first}；人数最多的是{}，{}（{}）。",
            name(largest), n.customers(largest.customers), size(largest)
        ),
    )
}

/// Sizes and values as bars in a table.
pub fn bars(data: &SchemeData, n: &Numbers) -> Table {
    let l = n.language;
    let tiers = &data.sizes.tiers;
    let longest = |share: &dyn Fn(&TierSize) -> f64| tiers.iter().map(share).fold(0.0, f64::max);
    let (most, dearest) = (longest(&|t| t.customer_share), longest(&|t| t.revenue_share));
    let length = |share: f64, longest: f64| if longest > 0.0 { share.max(0.0) / longest } else { 0.0 };
    let shown = tiers.iter().filter(|t| tiers.len() <= MANY || t.customers > 0);
    let rows = shown.map(|t| {
        let color = shade(&data.scheme, &t.tier);
        vec![
            Cell::new(data.scheme.tier_name(&t.tier).get(l)).with_mark(color),
            Cell::new(n.count(t.customers)).with_bar(length(t.customer_share, most), color),
            Cell::new(n.share(t.customer_share)),
            Cell::new(n.money(t.revenue)).with_bar(length(t.revenue_share, dearest), color),
            Cell::new(n.share(t.revenue_share)),
        ]
    });
    let share = l.pick("Share", "占比");
    Table {
        columns: vec![
            Column::text(l.pick("Tier", "层级")),
            Column::number(l.pick("Customers", "客户")),
            Column::number(share),
            Column::number(l.pick("Net revenue", "净收入")),
            Column::number(share),
        ],
        rows: rows.collect(),
        ..Table::default()
    }
}

/// The goal and the actions of each tier that has customers.
fn playbook(data: &SchemeData, n: &Numbers) -> Vec<Play> {
    let l = n.language;
    let filled = |id: &str| data.sizes.tiers.iter().any(|t| t.tier == id && t.customers > 0);
    let tiers = data.scheme.tiers.iter().filter(|t| filled(t.id.as_str()));
    tiers
        .map(|tier| Play {
            tier: tier.name.get(l).to_owned(),
            shade: shade(&data.scheme, tier.id.as_str()),
            goal: tier.goal.get(l).to_owned(),
            actions: tier.actions.iter().map(|a| a.get(l).to_owned()).collect(),
        })
        .collect()
}
