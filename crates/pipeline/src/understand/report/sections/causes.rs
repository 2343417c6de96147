//! Why customers of a scheme moved.

use clientele_report::page::{Cell, Table, TableColumn};
use clientele_report::shade::Shade;

use super::super::numbers::{Numbers, ratio};
use crate::understand::movement::{Cause, CausedFlow, Direction};

fn name(cause: Cause, n: &Numbers) -> &'static str {
    let (en, zh) = match cause {
        Cause::Behaviour => ("New orders and other facts", "新发生的订单等行为"),
        Cause::Ageing => ("Time went by", "时间推移"),
        Cause::BaseShift => ("The base around them changed", "整体客群变化"),
        Cause::Definition => ("The rule was changed", "规则变更"),
        Cause::Data => ("Records came late or were corrected", "数据补录或更正"),
        Cause::People => ("Set by hand", "人工指定"),
    };
    n.language.pick(en, zh)
}

/// Customers who moved by a cause in some direction.
fn count(caused: &[CausedFlow], cause: Cause, of: &dyn Fn(Direction) -> bool) -> i64 {
    let flows = caused.iter().filter(|f| of(f.flow.direction));
    flows.filter_map(|f| f.causes.get(&cause)).sum()
}

/// Causes by how many they moved, the most first; those who came or went are not among them.
fn ordered(caused: &[CausedFlow], of: &dyn Fn(Direction) -> bool) -> Vec<(Cause, i64)> {
    let mut found: Vec<(Cause, i64)> = Cause::ALL.into_iter().map(|c| (c, count(caused, c, of))).collect();
    found.retain(|(_, customers)| *customers > 0);
    found.sort_by_key(|(_, customers)| -customers);
    found
}

/// Why those changed tier who were there before; `None` when nobody did.
pub fn says(caused: &[CausedFlow], n: &Numbers) -> Option<String> {
    let l = n.language;
    let moved = |d| matches!(d, Direction::Up | Direction::Down | Direction::Across);
    let causes = ordered(caused, &moved);
    let total: i64 = causes.iter().map(|c| c.1).sum();
    let (first, rest) = causes.split_first()?;
    let part = |(cause, customers): &(Cause, i64)| {
        let (share, name) = (n.part(*customers, total), name(*cause, n));
        l.pick(format!("{} {share}", lower(name)), format!("{name} {share}"))
    };
    if rest.is_empty() {
        return Some(l.pick(
            format!("All {} changed tier for one cause: {}.", n.customers(total), lower(name(first.0, n))),
            format!("{}更换层级都出于同一原因：{}。", n.customers(total), name(first.0, n)),
        ));
    }
    let parts: Vec<String> = causes.iter().map(part).collect();
    Some(l.pick(
        format!("Why {} changed tier: {}.", n.customers(total), n.list(&parts)),
        format!("{}更换层级的原因：{}。", n.customers(total), n.list(&parts)),
    ))
}

fn lower(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Causes (rows) by direction (columns). Every customer who moved is in one cell, so rows and columns add up.
pub fn table(caused: &[CausedFlow], n: &Numbers) -> Option<Table> {
    let l = n.language;
    let everyone = |d| d != Direction::Stayed;
    let causes = ordered(caused, &everyone);
    let most = causes.first()?.1;
    let mut directions = vec![
        (Direction::Up, l.pick("Up", "上升")),
        (Direction::Down, l.pick("Down", "下降")),
        (Direction::Across, l.pick("Across", "平移")),
        (Direction::New, l.pick("New", "新增")),
        (Direction::Gone, l.pick("Gone", "减少")),
    ];
    directions.retain(|(d, _)| causes.iter().any(|(cause, _)| count(caused, *cause, &|of| of == *d) > 0));
    let mut rows: Vec<Vec<Cell>> = causes
        .iter()
        .map(|(cause, customers)| {
            let length = ratio(i128::from(*customers), i128::from(most)).unwrap_or(0.0);
            let mut row = vec![Cell::new(name(*cause, n))];
            row.push(Cell::new(n.count(*customers)).with_bar(length, Shade::Accent));
            row.extend(
                directions.iter().map(|(d, _)| Cell::new(n.count(count(caused, *cause, &|of| of == *d)))),
            );
            row
        })
        .collect();
    if causes.len() > 1 {
        let sum =
            |of: &dyn Fn(Direction) -> bool| causes.iter().map(|(c, _)| count(caused, *c, of)).sum::<i64>();
        let mut row = vec![Cell::new(l.pick("All", "合计")), Cell::new(n.count(sum(&everyone)))];
        row.extend(directions.iter().map(|(d, _)| Cell::new(n.count(sum(&|of| of == *d)))));
        rows.push(row);
    }
    let mut columns =
        vec![TableColumn::text(l.pick("Cause", "原因")), TableColumn::number(l.pick("Customers", "客户"))];
    columns.extend(directions.iter().map(|(_, name)| TableColumn::number(*name)));
    let caption = l.pick(
        "Why they moved. Everyone who moved has one cause, so the parts add up.",
        "迁移原因。每位迁移的客户只归入一个原因，各部分相加等于总数。",
    );
    Some(Table { caption: caption.to_owned(), columns, rows, ..Table::default() })
}
