//! How far the data can be trusted.

use clientele_report::page::{Block, Cell, Section, Table, TableColumn};
use clientele_report::shade::Shade;

use super::super::data::ReportData;
use super::super::data::quality::BatchQuality;
use super::super::numbers::{Numbers, dash};
use crate::clean::{Figure, Outcome, Rule};

/// How many batches are listed; there may be one a day.
const BATCHES: usize = 20;

/// The section; `None` when no batch has a report.
pub fn section(data: &ReportData, n: &Numbers) -> Option<Section> {
    let l = n.language;
    if data.batches.is_empty() {
        return None;
    }
    let mut section = Section::new("quality", l.pick("How good the data are", "数据质量"))
        .says(says(&data.batches, n))
        .with(Block::Table(batches(&data.batches, n)));
    let rules = rules(&data.batches, n);
    if !rules.rows.is_empty() {
        let title = l.pick("What was found", "发现的问题");
        section.parts.push(Section::new("quality-rules", title).with(Block::Table(rules)));
    }
    let title = l.pick("Five figures of the last batch", "最近一批的五项指标");
    if let Some(table) = data.batches.last().and_then(|b| figures(b, n)) {
        section.parts.push(Section::new("quality-figures", title).with(Block::Table(table)));
    }
    Some(section)
}

/// With a capital first letter, as the head of a row.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn says(batches: &[BatchQuality], n: &Numbers) -> String {
    let l = n.language;
    let sum = |of: &dyn Fn(&BatchQuality) -> u64| signed(batches.iter().map(of).sum());
    let (read, rejected) = (sum(&|b| b.report.rows_read), sum(&|b| b.report.rejected));
    let taken = sum(&|b| b.report.accepted);
    let worst = Rule::ALL
        .iter()
        .filter(|rule| rule.outcome() == Outcome::Rejected)
        .map(|rule| (sum(&|b| b.report.count(*rule)), *rule))
        .filter(|(count, _)| *count > 0)
        .max_by_key(|(count, rule)| (*count, std::cmp::Reverse(*rule)));
    let rows = n.count(read);
    let first = l.pick(
        format!(
            "Of {rows} {} read, {} ({}) were accepted",
            if read == 1 { "row" } else { "rows" },
            n.count(taken),
            n.part(taken, read)
        ),
        format!("共读取 {rows} 行，接受 {} 行（{}）", n.count(taken), n.part(taken, read)),
    );
    match worst {
        Some((count, rule)) => l.pick(
            format!(
                "{first} and {} ({}) set aside; the most common reason: {} ({}).",
                n.count(rejected),
                n.part(rejected, read),
                rule.name(l),
                n.count(count)
            ),
            format!(
                "{first}，隔离 {} 行（{}）；最常见的原因是“{}”（{} 行）。",
                n.count(rejected),
                n.part(rejected, read),
                rule.name(l),
                n.count(count)
            ),
        ),
        None => l.pick(format!("{first}; none had to be set aside."), format!("{first}，没有需要隔离的行。")),
    }
}

fn batches(batches: &[BatchQuality], n: &Numbers) -> Table {
    let l = n.language;
    let hidden = batches.len().saturating_sub(BATCHES);
    let rows = batches.iter().skip(hidden).map(|b| {
        let counts = [b.report.rows_read, b.report.accepted, b.report.changed, b.report.rejected];
        let mut row = vec![Cell::new(&b.batch).with_small(&b.file), Cell::new(&b.source)];
        row.extend(counts.map(|count| Cell::new(n.count(signed(count)))));
        row
    });
    let caption = match hidden {
        0 => String::new(),
        _ => l.pick(format!("The last {BATCHES} batches."), format!("最近 {BATCHES} 批。")),
    };
    Table {
        caption,
        columns: vec![
            TableColumn::text(l.pick("Batch", "批次")),
            TableColumn::text(l.pick("Source", "来源")),
            TableColumn::number(l.pick("Rows read", "读取行数")),
            TableColumn::number(l.pick("Accepted", "接受")),
            TableColumn::number(l.pick("Tidied", "规范化")),
            TableColumn::number(l.pick("Set aside", "隔离")),
        ],
        rows: rows.collect(),
        ..Table::default()
    }
}

fn rules(batches: &[BatchQuality], n: &Numbers) -> Table {
    let l = n.language;
    let count = |rule: Rule| signed(batches.iter().map(|b| b.report.count(rule)).sum());
    let mut found: Vec<(i64, Rule)> = Rule::ALL.iter().map(|rule| (count(*rule), *rule)).collect();
    found.retain(|(count, _)| *count > 0);
    let outcome = |rule: Rule| match rule.outcome() {
        Outcome::Rejected => (0, l.pick("set aside", "隔离")),
        Outcome::Changed => (1, l.pick("tidied", "规范化")),
        Outcome::Noted => (2, l.pick("noted", "仅提示")),
        Outcome::LeftOut => (3, l.pick("left out", "略去")),
    };
    found.sort_by_key(|(count, rule)| (outcome(*rule).0, std::cmp::Reverse(*count), *rule));
    let rows = found.iter().map(|(count, rule)| {
        vec![
            Cell::new(capital(rule.name(l))).with_small(rule.cure(l)),
            Cell::new(outcome(*rule).1),
            Cell::new(n.count(*count)),
        ]
    });
    Table {
        columns: vec![
            TableColumn::text(l.pick("Finding, and what to do", "问题及处理办法")),
            TableColumn::text(l.pick("Rows are", "处理结果")),
            TableColumn::number(l.pick("Rows", "行数")),
        ],
        rows: rows.collect(),
        ..Table::default()
    }
}

fn figures(batch: &BatchQuality, n: &Numbers) -> Option<Table> {
    let l = n.language;
    let overall = &batch.report.figures.overall;
    if overall.is_empty() {
        return None;
    }
    let rows = Figure::ALL.iter().map(|figure| {
        let value = overall.get(figure);
        let cell =
            value.map_or_else(|| Cell::new(dash()), |v| Cell::new(n.share(*v)).with_bar(*v, Shade::Accent));
        vec![Cell::new(capital(figure.name(l))).with_small(figure.definition(l)), cell]
    });
    Some(Table {
        caption: format!("{} · {}", batch.batch, batch.file),
        columns: vec![
            TableColumn::text(l.pick("Figure", "指标")),
            TableColumn::number(l.pick("Value", "数值")),
        ],
        rows: rows.collect(),
        ..Table::default()
    })
}
