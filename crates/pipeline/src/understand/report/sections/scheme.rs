//! One scheme: sizes and values of its tiers, the rule, and what to do.

use clientele_model::TierId;
use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::Action;
use clientele_report::page::{Block, Cell, Look, Play, Table, TableColumn};
use clientele_report::shade::Shade;

use super::super::data::SchemeData;
use super::super::numbers::Numbers;
use crate::understand::tiers::TierSize;

/// Where a scheme has more tiers than this, the empty ones are left out.
const MANY: usize = 12;

/// A table with more tiers than this is folded away.
const LONG: usize = 16;

/// Customers who cannot be placed are mentioned in the sentence from this share of all on; the bars
/// show them in any case.
const WORTH_SAYING: f64 = 0.01;

/// The colour of a tier.
pub fn shade(scheme: &Scheme, tier: &str) -> Shade {
    Shade::of(scheme.position(tier), scheme.tiers.len(), scheme.ranked)
}

/// Whether no customer could be placed in any tier.
pub fn is_blind(data: &SchemeData) -> bool {
    let placed = |t: &TierSize| t.tier != TierId::UNKNOWN && t.customers > 0;
    !data.sizes.tiers.iter().any(placed)
}

/// Where links to a scheme point to; no other place of the page is called so.
pub fn anchor(scheme: &Scheme) -> String {
    format!("scheme-{}", scheme.id)
}

/// The bars, the rule and the playbook.
pub fn details(data: &SchemeData, n: &Numbers) -> Vec<Block> {
    let bars = bars(data, n);
    let parting = data.parting.as_ref().map(|parting| Block::Note(parting.says(n.language)));
    let blocks = [
        if bars.rows.len() > LONG { Block::Folded(bars) } else { Block::Table(bars) },
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
    ];
    parting.into_iter().chain(blocks).collect()
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
    let rest = match unknown as f64 / everyone as f64 {
        share if share < WORTH_SAYING => String::new(),
        _ => l.pick(
            format!(" {} could not be placed.", n.customers(unknown)),
            format!("另有 {}因资料不足无法判断。", n.customers(unknown)),
        ),
    };
    match placed.as_slice() {
        [] => l.pick(
            format!(
                "None of the {} can be placed: the facts that this scheme needs are missing.",
                n.customers(everyone)
            ),
            format!("{}都无法判断：缺少该方案所需的资料。", n.customers(everyone)),
        ),
        [only] if everyone == 1 => l.pick(
            format!("The one customer is in {}.", name(only)),
            format!("唯一的一位客户属于{}。", name(only)),
        ),
        [only] if unknown == 0 => l.pick(
            format!("All {} are in {}.", n.customers(everyone), name(only)),
            format!("{}全部属于{}。", n.customers(everyone), name(only)),
        ),
        [only] if only.customers == 1 => l.pick(
            format!("The only customer that can be placed is in {}.{rest}", name(only)),
            format!("唯一能判断的客户属于{}。{rest}", name(only)),
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
            format!(
                "The largest tier is {}: {}, {} of all.",
                name(largest),
                n.customers(largest.customers),
                size(largest)
            ),
            format!(
                "人数最多的是{}：{}，占 {}。",
                name(largest),
                n.customers(largest.customers),
                size(largest)
            ),
        );
    };
    let value = n.share(richest.revenue_share);
    let (count, part) = (n.count(richest.customers), size(richest));
    let one_largest = placed.iter().filter(|t| t.customers == largest.customers).count() == 1;
    let tier = name(richest);
    let many = match richest.customers {
        1 => l.pick("one customer", "1 位客户").to_owned(),
        many => n.customers(many),
    };
    if largest.tier == richest.tier && one_largest {
        return l.pick(
            format!("The {many} in {tier}, the largest tier with {part} of all, brought {value} of revenue."),
            format!("{tier}人数最多，共 {count} 位，占客户的 {part}，贡献了 {value} 的收入。"),
        );
    }
    let end = match one_largest {
        false => l.pick(".".to_owned(), "。".to_owned()),
        true => l.pick(
            format!(
                "; the largest tier is {} with {} ({}).",
                name(largest),
                n.customers(largest.customers),
                size(largest)
            ),
            format!(
                "；人数最多的是{}，{} 位（{}）。",
                name(largest),
                n.count(largest.customers),
                size(largest)
            ),
        ),
    };
    l.pick(
        format!("The {many} in {tier}, {part} of all, brought {value} of revenue{end}"),
        format!("{tier}共 {count} 位，占客户的 {part}，贡献了 {value} 的收入{end}"),
    )
}

/// The name of a tier where it stands by itself.
pub fn tier_name(scheme: &Scheme, tier: &str, n: &Numbers) -> String {
    match tier {
        TierId::UNKNOWN => n.language.pick("Unknown", "未知").to_owned(),
        _ => scheme.tier_name(tier).get(n.language).to_owned(),
    }
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
            Cell::new(tier_name(&data.scheme, &t.tier, n)).with_mark(color),
            Cell::new(n.count(t.customers)).with_bar(length(t.customer_share, most), color),
            Cell::new(n.share(t.customer_share)),
            Cell::new(n.money(t.revenue)).with_bar(length(t.revenue_share, dearest), color),
            Cell::new(n.share(t.revenue_share)),
        ]
    });
    let share = l.pick("Share", "占比");
    Table {
        columns: vec![
            TableColumn::text(l.pick("Tier", "层级")),
            TableColumn::number(l.pick("Customers", "客户")),
            TableColumn::number(share),
            TableColumn::number(l.pick("Net revenue", "净收入")),
            TableColumn::number(share),
        ],
        rows: rows.collect(),
        look: Look::Tiers,
        ..Table::default()
    }
}

/// What to do for each tier that has customers.
fn playbook(data: &SchemeData, n: &Numbers) -> Vec<Play> {
    let l = n.language;
    let filled = |id: &str| data.sizes.tiers.iter().any(|t| t.tier == id && t.customers > 0);
    let tiers = data.scheme.tiers.iter().filter(|t| filled(t.id.as_str()));
    let mut plays: Vec<Play> = Vec::new();
    for tier in tiers {
        let play = Play {
            tier: tier.name.get(l).to_owned(),
            shade: shade(&data.scheme, tier.id.as_str()),
            goal: tier.playbook.goal.get(l).to_owned(),
            goals: Vec::new(),
            owner: tier.playbook.owner.name().get(l).to_owned(),
            actions: tier.playbook.actions.iter().map(|action| said(action, n)).collect(),
            offer: tier.playbook.offer.get(l).to_owned(),
            kpi: tier.playbook.kpi.get(l).to_owned(),
            talk: tier.playbook.talk.iter().map(|t| t.get(l).to_owned()).collect(),
        };
        match plays.last_mut() {
            Some(last) if same(last, &play) => join(last, play, n),
            _ => plays.push(play),
        }
    }
    plays
}

/// Whether two tiers are treated alike, their goals aside: where every code is a tier, most are.
fn same(a: &Play, b: &Play) -> bool {
    (&a.actions, &a.offer, &a.kpi, &a.talk) == (&b.actions, &b.offer, &b.kpi, &b.talk)
}

/// Adds a tier to those that are treated alike.
fn join(all: &mut Play, one: Play, n: &Numbers) {
    let line = |tier: &str, goal: &str| n.language.pick(format!("{tier}: {goal}"), format!("{tier}：{goal}"));
    if all.goals.is_empty() && all.goal != one.goal {
        all.goals.push(line(&all.tier, &all.goal));
        all.goal.clear();
    }
    if !all.goals.is_empty() {
        all.goals.push(line(&one.tier, &one.goal));
    }
    all.tier = n.list(&[std::mem::take(&mut all.tier), one.tier]);
}

/// An action, and where and how often it is taken.
fn said(action: &Action, n: &Numbers) -> (String, String) {
    let l = n.language;
    let (channel, cadence) = (action.channel.name(), action.cadence.name());
    (action.text.get(l).to_owned(), format!("{} · {}", channel.get(l), cadence.get(l)))
}
