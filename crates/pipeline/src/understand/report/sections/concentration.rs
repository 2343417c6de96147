//! How much depends on how few.

use clientele_report::charts::{Chart, Curve, Curves, LineStyle, Point};
use clientele_report::page::{Block, Cell, Section, Table, TableColumn};
use clientele_report::shade::Shade;

use super::super::data::ReportData;
use super::super::data::concentration::{Concentration, TOPS};
use super::super::numbers::Numbers;
use super::label;

/// The section; `None` when nobody has brought revenue.
pub fn section(data: &ReportData, n: &Numbers) -> Option<Section> {
    let l = n.language;
    let spread = data.concentration.as_ref()?;
    let title = l.pick("Concentration", "收入集中度");
    let says = says(spread, n);
    let mut section = Section::new("concentration", title).says(&says).with(Block::Table(tops(spread, n)));
    if spread.customers > 1 {
        section = section.with(lorenz(spread, &says, n));
    }
    let others = data.customers - spread.customers;
    if others > 0 {
        section = section.note(l.pick(
            format!(
                "Counted are the {} with a net revenue above zero; {} brought nothing, or got back as much as they paid.",
                n.customers(spread.customers), n.count(others)
            ),
            format!(
                "只统计净收入大于零的 {}；另外 {} 位没有消费，或退款不低于实付。",
                n.customers(spread.customers), n.count(others)
            ),
        ));
    }
    Some(section)
}

fn says(spread: &Concentration, n: &Numbers) -> String {
    let l = n.language;
    if spread.customers == 1 {
        return l.pick("One customer brought all of the revenue.", "全部收入来自一位客户。").to_owned();
    }
    let half = n.part(spread.half, spread.customers);
    let gini = format!("{:.2}", spread.gini);
    // Of few customers, ten percent is nobody in particular.
    if spread.customers < 20 {
        return l.pick(
            format!(
                "It takes {} of {} for half of the revenue (Gini {gini}; 0 is even, 1 is one customer only).",
                n.count(spread.half),
                n.customers(spread.customers)
            ),
            format!(
                "{}中，{} 位就贡献了一半收入（基尼系数 {gini}，0 为完全平均，1 为集中于一人）。",
                n.customers(spread.customers),
                n.count(spread.half)
            ),
        );
    }
    let (count, share) = spread.tops.get(2).copied().unwrap_or((spread.half, 0.5));
    l.pick(
        format!(
            "The top 10{}% ({}) brought {} of revenue, and half of it came from {half} of the customers \
             (Gini {gini}; 0 is even, 1 is one customer only).",
            '\u{a0}', n.customers(count), n.share(share)
        ),
        format!(
            "前 10% 的客户（{} 位）贡献 {} 的收入，一半收入来自 {half} 的客户（基尼系数 {gini}，0 为完全平均，1 为集中于一人）。",
            n.count(count), n.share(share)
        ),
    )
}

fn tops(spread: &Concentration, n: &Numbers) -> Table {
    let l = n.language;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (top, &(count, share)) in TOPS.iter().zip(&spread.tops) {
        let percent = (top * 100.0).round();
        rows.push(vec![
            Cell::new(l.pick(format!("Top {percent} %"), format!("前 {percent}%"))),
            Cell::new(n.count(count)),
            Cell::new(n.share(share)).with_bar(share, Shade::Accent),
        ]);
    }
    // With few customers several lines say the same.
    rows.dedup_by(|a, b| a.get(1) == b.get(1));
    Table {
        columns: vec![
            TableColumn::text(l.pick("Customers by revenue", "按收入排序的客户")),
            TableColumn::number(l.pick("Customers", "客户")),
            TableColumn::number(l.pick("Share of revenue", "收入占比")),
        ],
        rows,
        ..Table::default()
    }
}

/// The curve from the smallest customer up, against the line of equal customers.
fn lorenz(spread: &Concentration, says: &str, n: &Numbers) -> Block {
    let l = n.language;
    let from_below: Vec<Point> =
        spread.curve.iter().rev().map(|&(x, y)| Point { x: 1.0 - x, y: 1.0 - y }).collect();
    let curves = vec![
        Curve {
            name: l.pick("Revenue", "收入").to_owned(),
            points: from_below.clone(),
            line: LineStyle::Main,
        },
        Curve {
            name: l.pick("if all brought the same", "如果人人相同").to_owned(),
            points: vec![Point { x: 0.0, y: 0.0 }, Point { x: 1.0, y: 1.0 }],
            line: LineStyle::Compare,
        },
    ];
    let across = l.pick("Customers, those with the least revenue first", "客户，按收入从低到高");
    let up = l.pick("Revenue, cumulative", "累计收入");
    let tenths = (0..=10).map(|tenth| {
        let x = f64::from(tenth) / 10.0;
        vec![Cell::new(n.share(x)), Cell::new(n.share(at(&from_below, x)))]
    });
    let table = Table {
        columns: vec![TableColumn::text(across), TableColumn::number(up)],
        rows: tenths.collect(),
        ..Table::default()
    };
    let label = label(up, across, says, n);
    let chart = Chart::Curves(Curves { across: across.to_owned(), up: up.to_owned(), curves });
    Block::Chart { chart, label, table }
}

/// The height of a rising curve at `x`.
fn at(curve: &[Point], x: f64) -> f64 {
    let after = curve.iter().position(|p| p.x >= x).unwrap_or(curve.len().saturating_sub(1));
    let (Some(low), Some(high)) = (curve.get(after.saturating_sub(1)), curve.get(after)) else { return x };
    let part = (x - low.x) / (high.x - low.x);
    if part.is_finite() { low.y + (high.y - low.y) * part.clamp(0.0, 1.0) } else { high.y }
}
