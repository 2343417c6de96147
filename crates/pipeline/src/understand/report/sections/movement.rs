//! Who moved since the run before.

use clientele_report::page::{Block, Cell, Section, Table, TableColumn};

use super::super::data::moves::TAKEN_APART;
use super::super::data::{ReportData, SchemeData};
use super::super::numbers::Numbers;
use super::{causes, flows, periods};
use crate::understand::movement::{Direction, Movement};

/// Movement between more tiers than this is counted but not laid out.
const WIDEST: usize = 12;

/// More schemes than this are folded away.
const LONG: usize = 12;

/// The section; `None` when there was no run before.
pub fn section(data: &ReportData, n: &Numbers) -> Option<Section> {
    let l = n.language;
    let (run, as_of) = data.previous.as_ref()?;
    let moved: Vec<(&SchemeData, &Movement)> =
        data.schemes.iter().filter_map(|s| Some((s, s.movement.as_ref()?))).collect();
    if moved.is_empty() {
        return None;
    }
    let title = l.pick("Movement since the run before", "与上次刷新相比的迁移");
    let mut section = Section::new("movement", title);
    // The run before may have applied a few schemes only; the others follow an earlier one.
    section.question = Some(match moved.iter().all(|(_, movement)| movement.from.as_str() == run) {
        true => l.pick(
            format!("Who has changed tier since run {run}, as of {as_of}?"),
            format!("自刷新 {run}（统计日 {as_of}）以来，谁的层级变了？"),
        ),
        false => l.pick(
            "Who has changed tier since the scheme was last applied?".to_owned(),
            "自各方案上一次应用以来，谁的层级变了？".to_owned(),
        ),
    });
    let counts = counts(&moved, n);
    let still = moved.len() - counts.rows.len();
    if counts.rows.len() > LONG {
        section = section.with(Block::Folded(counts));
    } else if !counts.rows.is_empty() {
        section = section.with(Block::Table(counts));
    }
    if still > 0 && still < moved.len() {
        section = section.note(l.pick(
            format!(
                "In {} of the {} schemes nobody moved.",
                n.count(still as i64),
                n.count(moved.len() as i64)
            ),
            format!("{} 个方案中有 {} 个没有变化。", n.count(moved.len() as i64), n.count(still as i64)),
        ));
    }
    let main = |id: &str| moved.iter().find(|(s, _)| s.scheme.id.as_str() == id);
    let laid_out = TAKEN_APART
        .iter()
        .filter_map(|id| main(id))
        .filter(|(s, m)| s.scheme.tiers.len() <= WIDEST && total(m, |d| d != Direction::Stayed) > 0);
    section.parts = laid_out.map(|(s, m)| part(s, m, n)).collect();
    if section.parts.is_empty() {
        section.blocks.insert(0, Block::Says(says(&moved, n)));
    }
    Some(section)
}

fn total(movement: &Movement, of: impl Fn(Direction) -> bool) -> i64 {
    movement.flows.iter().filter(|f| of(f.direction)).map(|f| f.customers).sum()
}

/// Whether it means that somebody went from one tier to another.
fn changes(direction: Direction) -> bool {
    matches!(direction, Direction::Up | Direction::Down | Direction::Across)
}

/// The sentence is about the first of the main schemes in which somebody moved.
fn says(moved: &[(&SchemeData, &Movement)], n: &Numbers) -> String {
    let l = n.language;
    let main = |id: &str| moved.iter().find(|(s, _)| s.scheme.id.as_str() == id);
    let mains = || super::OWN_SECTION.iter().filter_map(|id| main(id));
    let told = mains().find(|(_, m)| total(m, changes) > 0);
    let Some((scheme, movement)) = told.or_else(|| mains().next()).or(moved.first()) else {
        return String::new();
    };
    let name = n.named(scheme.scheme.name.get(l));
    let (up, down) = (total(movement, |d| d == Direction::Up), total(movement, |d| d == Direction::Down));
    let (new, gone) = (total(movement, |d| d == Direction::New), total(movement, |d| d == Direction::Gone));
    let both = total(movement, |d| !matches!(d, Direction::New | Direction::Gone));
    let (changed, across) = (total(movement, changes), total(movement, |d| d == Direction::Across));
    let across = match across {
        0 => String::new(),
        _ => l.pick(format!(", {} across", n.count(across)), format!("，{} 位平移", n.count(across))),
    };
    let mut came = Vec::new();
    if new > 0 {
        came.push(l.pick(format!("{} are new", n.count(new)), format!("新增 {} 位", n.count(new))));
    }
    if gone > 0 {
        came.push(l.pick(format!("{} are gone", n.count(gone)), format!("减少 {} 位", n.count(gone))));
    }
    let came = match came.is_empty() {
        true => String::new(),
        false => l.pick(format!("; {}", came.join(", ")), format!("；{}", came.join("，"))),
    };
    if changed == 0 {
        return l.pick(
            format!("In {name} nobody who was there before has changed tier{came}."),
            format!("在{name}中，原有客户的层级都没有变化{came}。"),
        );
    }
    l.pick(
        format!(
            "In {name}, {} of {} ({}) changed tier: {} moved up, {} down{across}{came}.",
            n.count(changed),
            n.customers(both),
            n.part(changed, both),
            n.count(up),
            n.count(down)
        ),
        format!(
            "在{name}中，{}里有 {} 位（{}）换了层级：{} 位上升，{} 位下降{across}{came}。",
            n.customers(both),
            n.count(changed),
            n.part(changed, both),
            n.count(up),
            n.count(down)
        ),
    )
}

/// Schemes in which somebody moved, came or went; directions that nobody took are left out.
fn counts(moved: &[(&SchemeData, &Movement)], n: &Numbers) -> Table {
    let l = n.language;
    let moved: Vec<_> = moved.iter().filter(|(_, m)| total(m, |d| d != Direction::Stayed) > 0).collect();
    let mut directions = vec![
        (Direction::Stayed, l.pick("Stayed", "未变")),
        (Direction::Up, l.pick("Up", "上升")),
        (Direction::Down, l.pick("Down", "下降")),
        (Direction::Across, l.pick("Across", "平移")),
        (Direction::New, l.pick("New", "新增")),
        (Direction::Gone, l.pick("Gone", "减少")),
    ];
    directions.retain(|(d, _)| moved.iter().any(|(_, m)| total(m, |of| of == *d) > 0));
    let rows = moved.iter().map(|(s, m)| {
        let mut row = vec![Cell::new(s.scheme.name.get(l))];
        row.extend(directions.iter().map(|(d, _)| Cell::new(n.count(total(m, |of| of == *d)))));
        row
    });
    let mut columns = vec![TableColumn::text(l.pick("Scheme", "方案"))];
    columns.extend(directions.iter().map(|(_, name)| TableColumn::number(*name)));
    let caption = l.pick(
        "Customers who moved, scheme by scheme. Across: between tiers of which none is better, or into a better one by \
         time alone",
        "各方案的迁移人数。平移：两个层级不分高低，或仅因时间推移进入更好的层级",
    );
    Table { caption: caption.to_owned(), columns, rows: rows.collect(), ..Table::default() }
}

/// One scheme: the flows, why, and the rates run by run.
fn part(data: &SchemeData, movement: &Movement, n: &Numbers) -> Section {
    let says = says(&[(data, movement)], n);
    let mut section = Section::new(format!("moved-{}", data.scheme.id), data.scheme.name.get(n.language));
    section = section.says(&says).blocks(flows::blocks(data, movement, &says, n));
    if let Some(why) = causes::says(&data.moves.caused, n) {
        section = section.says(why);
    }
    section.blocks.extend(causes::table(&data.moves.caused, n).map(Block::Table));
    section.blocks.extend(periods::table(&data.scheme, &data.moves.periods, n).map(Block::Table));
    section
}
