//! Recency, frequency and spend: the heat map and the eleven segments.

use clientele_report::charts::{Chart, Tile, Tiles};
use clientele_report::page::{Block, Cell, Look, Section, Table, TableColumn};

use super::super::data::grid::GridCell;
use super::super::data::{ReportData, SchemeData};
use super::super::numbers::{Numbers, ratio};
use super::scheme;

/// The section; `None` when the run did not apply the scheme or nobody has bought.
pub fn section(data: &ReportData, n: &Numbers) -> Option<Section> {
    let l = n.language;
    let rfm = data.scheme("rfm-11").filter(|s| !scheme::is_blind(s))?;
    let title = l.pick("Recency, frequency and spend", "最近购买、购买次数与消费额");
    let mut section = Section::new("rfm", title);
    if !data.grid.is_empty() {
        section.parts.push(heat_map(&data.grid, n));
    }
    section.parts.push(segments(rfm, n));
    Some(section)
}

fn heat_map(grid: &[GridCell], n: &Numbers) -> Section {
    let l = n.language;
    let size = grid.iter().map(|c| c.recency.max(c.frequency)).max().unwrap_or(1);
    let everyone: i64 = grid.iter().map(|c| c.customers).sum();
    let most = grid.iter().map(|c| c.customers).max().unwrap_or(0);
    let row = |recency: u32| {
        let name = match recency {
            r if r == size => l.pick(format!("{r} · recent"), format!("{r} · 最近")),
            1 => l.pick("1 · long ago".to_owned(), "1 · 最久".to_owned()),
            r => r.to_string(),
        };
        let mut row = vec![Cell::new(name)];
        row.extend((1..=size).map(|frequency| {
            let found = grid.iter().find(|c| c.recency == recency && c.frequency == frequency);
            let customers = found.map_or(0, |c| c.customers);
            Cell::new(n.count(customers)).with_heat(ratio(customers.into(), most.into()).unwrap_or(0.0))
        }));
        row
    };
    let column = |frequency: u32| match frequency {
        f if f == size => l.pick(format!("{f} · often"), format!("{f} · 最多")),
        1 => l.pick("1 · seldom".to_owned(), "1 · 最少".to_owned()),
        f => f.to_string(),
    };
    let mut columns = vec![TableColumn::text(l.pick("Recency ↓ Frequency →", "最近购买 ↓ 次数 →"))];
    columns.extend((1..=size).map(|f| TableColumn::text(column(f))));
    let table = Table {
        caption: l
            .pick(
                "Buyers by recency score (rows) and frequency score (columns), 5 best; the stronger the colour, the more.",
                "已购客户按最近购买得分（行）和购买次数得分（列）分布，5 分最好；颜色越浓人数越多。",
            )
            .to_owned(),
        columns,
        rows: (1..=size).rev().map(row).collect(),
        look: Look::Heat,
    };
    let title = l.pick("Who bought recently, and who often", "谁最近买过，谁买得多");
    Section::new("rfm-map", title).says(heat_says(grid, size, everyone, n)).with(Block::Table(table))
}

fn heat_says(grid: &[GridCell], size: u32, everyone: i64, n: &Numbers) -> String {
    let l = n.language;
    if everyone == 1 {
        return l.pick("There is one buyer so far.", "目前只有一位已购客户。").to_owned();
    }
    let half = size / 2;
    let count = |of: &dyn Fn(&&GridCell) -> bool| grid.iter().filter(of).map(|c| c.customers).sum::<i64>();
    let good = count(&|c| c.recency > size - half && c.frequency > size - half);
    let poor = count(&|c| c.recency <= half && c.frequency <= half);
    let slipping = count(&|c| c.recency <= half && c.frequency > size - half);
    l.pick(
        format!(
            "{} ({}) bought both recently and often, {} ({}) neither; {} ({}) used to buy often but have \
             not lately.",
            n.customers(good),
            n.part(good, everyone),
            n.count(poor),
            n.part(poor, everyone),
            n.count(slipping),
            n.part(slipping, everyone)
        ),
        format!(
            "{}（{}）近期买过且买得多，{} 位（{}）两者都不是；{} 位（{}）过去买得多，但近来没有再买。",
            n.customers(good),
            n.part(good, everyone),
            n.count(poor),
            n.part(poor, everyone),
            n.count(slipping),
            n.part(slipping, everyone)
        ),
    )
}

fn segments(rfm: &SchemeData, n: &Numbers) -> Section {
    let l = n.language;
    let mut part = Section::new(scheme::anchor(&rfm.scheme), rfm.scheme.name.get(l));
    part.question = Some(rfm.scheme.question.get(l).to_owned());
    let says = scheme::says(rfm, n);
    let tiles: Vec<Tile> = rfm
        .sizes
        .tiers
        .iter()
        .map(|t| Tile {
            name: scheme::tier_name(&rfm.scheme, &t.tier, n),
            size: t.customers as f64,
            shade: scheme::shade(&rfm.scheme, &t.tier),
        })
        .collect();
    let label = l.pick("Tiles: the larger, the more customers. ", "面积越大，客户越多。");
    let chart = Chart::Tiles(Tiles { tiles });
    let mut blocks = scheme::details(rfm, n);
    // The bars below are the table of the tiles: nothing to fold away.
    blocks.insert(0, Block::Drawing { chart, label: format!("{label}{says}") });
    part.says(says).blocks(blocks)
}
