//! Which categories rise and fall in each class of a scheme.

use clientele_report::page::{Block, Cell, Section, Table, TableColumn};

use super::super::data::{ReportData, SchemeData};
use super::super::numbers::Numbers;
use super::scheme;
use crate::understand::demand::{CategoryDemand, ClassDemand, DemandDirection, QuarterDemand};

/// The part.
pub fn part(data: &ReportData, classes: &SchemeData, n: &Numbers) -> Section {
    let l = n.language;
    let mut section = Section::new("abc-demand", l.pick("How demand shifts", "需求变化"));
    let found = &data.insight.demand;
    let Some((before, now)) = quarters(found) else {
        return section.note(l.pick(
            "No category was ordered by enough customers in the last two complete quarters. Import orders that name a \
             category.",
            "最近两个完整季度中，没有足够多客户购买的品类。请导入带品类的订单。",
        ));
    };
    section.question = Some(l.pick(
        format!("Which categories does each class order more or less of in {now} than in {before}?"),
        format!("与 {before} 相比，{now} 各类客户对哪些品类的需求上升或下降？"),
    ));
    section = section.says(says(classes, found, n));
    let shifts = shifts(classes, found, &before, &now, n);
    if !shifts.rows.is_empty() {
        section = section.with(Block::Table(shifts));
    }
    section.blocks.extend(found.iter().map(|class| Block::Folded(course(data, classes, class, n))));
    section
}

/// The names of the last two quarters.
fn quarters(found: &[ClassDemand]) -> Option<(String, String)> {
    let quarters = &found.first()?.categories.first()?.quarters;
    let last = quarters.len().checked_sub(2)?;
    Some((quarters.get(last)?.quarter.clone(), quarters.get(last + 1)?.quarter.clone()))
}

fn moving(class: &ClassDemand, direction: DemandDirection) -> impl Iterator<Item = &CategoryDemand> {
    class.categories.iter().filter(move |c| c.direction == direction)
}

fn says(classes: &SchemeData, found: &[ClassDemand], n: &Numbers) -> String {
    let l = n.language;
    let list = |class: &ClassDemand, direction| {
        let names: Vec<String> = moving(class, direction)
            .take(3)
            .map(|c| {
                let change = c.change.map(|_| format!(" {}", n.change(c.change)));
                format!("{}{}", n.named(&c.category), change.unwrap_or_default())
            })
            .collect();
        (!names.is_empty()).then(|| n.list(&names))
    };
    let parts: Vec<String> = found
        .iter()
        .filter_map(|class| {
            let up =
                list(class, DemandDirection::Rises).map(|c| l.pick(format!("more {c}"), format!("{c}上升")));
            let down =
                list(class, DemandDirection::Falls).map(|c| l.pick(format!("less {c}"), format!("{c}下降")));
            let both: Vec<String> = up.into_iter().chain(down).collect();
            let name = n.named(&scheme::tier_name(&classes.scheme, &class.class, n));
            (!both.is_empty()).then(|| {
                l.pick(
                    format!("{name} ordered {}", both.join(" and ")),
                    format!("{name}：{}", both.join("，")),
                )
            })
        })
        .collect();
    if parts.is_empty() {
        return l
            .pick(
                "No category rose or fell by more than a tenth and more than chance would do.",
                "没有品类的变化既超过一成、又超出偶然。",
            )
            .to_owned();
    }
    l.pick(format!("{}.", parts.join("; ")), format!("{}。", parts.join("；")))
}

fn direction(direction: DemandDirection, n: &Numbers) -> &'static str {
    let (en, zh) = match direction {
        DemandDirection::Rises => ("▲ rises", "▲ 上升"),
        DemandDirection::Falls => ("▼ falls", "▼ 下降"),
        DemandDirection::Steady => ("steady", "平稳"),
    };
    n.language.pick(en, zh)
}

/// What was ordered in a quarter; withheld where few customers ordered.
fn sold(quarter: Option<&QuarterDemand>, n: &Numbers) -> Cell {
    match quarter.map(|q| q.sold) {
        None => Cell::default(),
        Some(None) => Cell::new(n.language.pick("few", "很少")),
        Some(Some(sold)) => Cell::new(n.count(i64::try_from(sold.orders).unwrap_or(i64::MAX)))
            .with_small(n.money(sold.revenue)),
    }
}

/// Only what rises or falls.
fn shifts(classes: &SchemeData, found: &[ClassDemand], before: &str, now: &str, n: &Numbers) -> Table {
    let l = n.language;
    let rows = found.iter().flat_map(|class| {
        let shown = class.categories.iter().filter(|c| c.direction != DemandDirection::Steady);
        shown.map(|c| {
            let name = scheme::tier_name(&classes.scheme, &class.class, n);
            let mut quarters = c.quarters.iter().rev();
            let (now, before) = (quarters.next(), quarters.next());
            vec![
                Cell::new(name).with_mark(scheme::shade(&classes.scheme, &class.class)),
                Cell::new(&c.category),
                sold(before, n),
                sold(now, n),
                Cell::new(n.change(c.change)).with_small(direction(c.direction, n)),
                Cell::new(n.change(c.year_change)),
            ]
        })
    });
    Table {
        caption: l
            .pick(
                "Categories that rise or fall: orders, and the revenue below them.",
                "上升或下降的品类：订单数，下方为收入。",
            )
            .to_owned(),
        columns: vec![
            TableColumn::text(l.pick("Class", "类别")),
            TableColumn::text(l.pick("Category", "品类")),
            TableColumn::number(before),
            TableColumn::number(now),
            TableColumn::number(l.pick("Change", "变化")),
            TableColumn::number(l.pick("On a year before", "同比")),
        ],
        rows: rows.collect(),
        ..Table::default()
    }
}

/// All categories of a class, quarter by quarter.
fn course(data: &ReportData, classes: &SchemeData, class: &ClassDemand, n: &Numbers) -> Table {
    let l = n.language;
    let name = scheme::tier_name(&classes.scheme, &class.class, n);
    let quarters = class.categories.first().map_or(&[][..], |c| &c.quarters);
    let rows = class.categories.iter().map(|c| {
        let mut row = vec![Cell::new(&c.category)];
        row.extend(c.quarters.iter().map(|q| sold(Some(q), n)));
        row.push(Cell::new(n.change(c.change)).with_small(direction(c.direction, n)));
        row
    });
    let mut columns = vec![TableColumn::text(l.pick("Category", "品类"))];
    columns.extend(quarters.iter().map(|q| TableColumn::number(&q.quarter)));
    columns.push(TableColumn::number(l.pick("Change", "变化")));
    let least = data.insight.minimum_group;
    let caption = l.pick(
        format!("{}: orders and revenue by quarter (few: of fewer than {least} customers)", n.named(&name)),
        format!("{}：各季度订单数与收入（“很少”表示不足 {least} 位客户）", n.named(&name)),
    );
    Table { caption, columns, rows: rows.collect(), ..Table::default() }
}
