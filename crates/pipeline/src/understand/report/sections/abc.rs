//! ABC: the curve of revenue over customers, with the ends of the classes.

use clientele_model::TierId;
use clientele_report::charts::{Chart, Curve, Curves, LineStyle, Point};
use clientele_report::page::{Block, Cell, Section, Table, TableColumn};

use super::super::data::concentration::Concentration;
use super::super::data::{ReportData, SchemeData};
use super::super::numbers::{Numbers, ratio};
use super::{classes, demand, label, scheme};
use crate::understand::tiers::TierSize;

/// The section; `None` when the run did not apply the scheme or nobody could be placed.
pub fn section(data: &ReportData, n: &Numbers) -> Option<Section> {
    let abc = data.scheme("abc").filter(|s| !scheme::is_blind(s))?;
    let mut section = Section::new("abc", abc.scheme.name.get(n.language));
    section.question = Some(abc.scheme.question.get(n.language).to_owned());
    let says = says(abc, n);
    section = section.says(&says);
    if let Some(spread) = data.concentration.as_ref().filter(|c| c.customers > 1) {
        section = section.with(pareto(abc, spread, &says, n));
    }
    section.parts = vec![classes::part(data, abc, n), demand::part(data, abc, n)];
    Some(section.blocks(scheme::details(abc, n)))
}

fn says(abc: &SchemeData, n: &Numbers) -> String {
    let l = n.language;
    let placed: Vec<&TierSize> = placed(abc).collect();
    let (Some(best), Some(last)) = (placed.first(), placed.last()) else {
        return scheme::says(abc, n);
    };
    if placed.len() < 2 || best.revenue_share <= 0.0 {
        return scheme::says(abc, n);
    }
    let name = |t: &TierSize| n.named(abc.scheme.tier_name(&t.tier).get(l));
    l.pick(
        format!(
            "{}: {} ({} of all) brought {} of revenue. {}: {} ({}) brought {}.",
            name(best),
            n.customers(best.customers),
            n.share(best.customer_share),
            n.share(best.revenue_share),
            name(last),
            n.customers(last.customers),
            n.share(last.customer_share),
            n.share(last.revenue_share)
        ),
        format!(
            "{}：{}（占 {}）贡献 {} 的收入；{}：{}（占 {}）贡献 {}。",
            name(best),
            n.customers(best.customers),
            n.share(best.customer_share),
            n.share(best.revenue_share),
            name(last),
            n.customers(last.customers),
            n.share(last.customer_share),
            n.share(last.revenue_share)
        ),
    )
}

fn placed(abc: &SchemeData) -> impl Iterator<Item = &TierSize> {
    abc.sizes.tiers.iter().filter(|t| t.tier != TierId::UNKNOWN && t.customers > 0)
}

/// Where a class ends on the curve.
struct End {
    name: String,
    customers: i64,
    revenue: i128,
    at: Point,
}

fn ends(abc: &SchemeData, spread: &Concentration, n: &Numbers) -> Vec<End> {
    let (mut customers, mut revenue) = (0, 0);
    let ends = placed(abc).map(|tier| {
        customers += tier.customers;
        revenue += tier.revenue;
        End {
            name: abc.scheme.tier_name(&tier.tier).get(n.language).to_owned(),
            customers,
            revenue,
            at: Point {
                x: ratio(customers.into(), spread.customers.into()).unwrap_or(0.0),
                y: ratio(revenue, spread.revenue).unwrap_or(0.0),
            },
        }
    });
    ends.collect()
}

fn pareto(abc: &SchemeData, spread: &Concentration, says: &str, n: &Numbers) -> Block {
    let l = n.language;
    let ends = ends(abc, spread, n);
    let points = spread.curve.iter().map(|&(x, y)| Point { x, y }).collect();
    let main = Curve { name: l.pick("Revenue", "收入").to_owned(), points, line: LineStyle::Main };
    // From each axis to where the class ends; the last class ends in the corner.
    let marks = ends.iter().take(ends.len().saturating_sub(1)).map(|end| Curve {
        name: end.name.clone(),
        points: vec![Point { x: end.at.x, y: 0.0 }, end.at, Point { x: 0.0, y: end.at.y }],
        line: LineStyle::Mark,
    });
    let curves: Vec<Curve> = std::iter::once(main).chain(marks).collect();
    let across = l.pick("Customers, those with the most revenue first", "客户，按收入从高到低");
    let up = l.pick("Revenue, cumulative", "累计收入");
    let rows = ends.iter().map(|end| {
        vec![
            Cell::new(&end.name),
            Cell::new(n.count(end.customers)),
            Cell::new(n.share(end.at.x.min(1.0))),
            Cell::new(n.money(end.revenue)),
            Cell::new(n.share(end.at.y.min(1.0))),
        ]
    });
    let table = Table {
        caption: l.pick("Running totals at the end of each class", "各类末尾的累计值").to_owned(),
        columns: vec![
            TableColumn::text(l.pick("Up to", "累计到")),
            TableColumn::number(l.pick("Customers", "客户")),
            TableColumn::number(l.pick("Share", "占比")),
            TableColumn::number(l.pick("Net revenue", "净收入")),
            TableColumn::number(l.pick("Share", "占比")),
        ],
        rows: rows.collect(),
        ..Table::default()
    };
    let label = label(up, across, says, n);
    let chart = Chart::Curves(Curves { across: across.to_owned(), up: up.to_owned(), curves });
    Block::Chart { chart, label, table }
}
