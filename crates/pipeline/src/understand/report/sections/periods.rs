//! How lively a scheme is, run by run.

use clientele_model::spec::Scheme;
use clientele_report::page::{Cell, Table, TableColumn};

use super::super::numbers::Numbers;

use crate::understand::movement::{MoveRates, Period};

/// Fewer periods than this make no course.
const LEAST: usize = 2;

/// A column: its name, how many moved so, and of whom the rate is a part.
type Rate = ((&'static str, &'static str), fn(&MoveRates) -> i64, fn(&MoveRates) -> i64);

const RANKED: [Rate; 7] = [
    (("Up", "上升"), |r| r.up, |r| r.before),
    (("Down", "下降"), |r| r.down, |r| r.before),
    (("of them lost", "其中流失"), |r| r.lost, |r| r.before),
    (("Across", "平移"), |r| r.across, |r| r.before),
    (("Returned", "回流"), |r| r.returned, |r| r.before),
    (("New", "新增"), |r| r.new, |r| r.after),
    (("Gone", "减少"), |r| r.gone, |r| r.before),
];

const UNRANKED: [Rate; 3] = [
    (("Changed tier", "更换层级"), |r| r.across, |r| r.before),
    (("New", "新增"), |r| r.new, |r| r.after),
    (("Gone", "减少"), |r| r.gone, |r| r.before),
];

/// The rates of each period; `None` with fewer than three runs.
pub fn table(scheme: &Scheme, periods: &[Period], n: &Numbers) -> Option<Table> {
    if periods.len() < LEAST {
        return None;
    }
    let l = n.language;
    let rates: &[Rate] = if scheme.ranked { &RANKED } else { &UNRANKED };
    let rows = periods.iter().map(|period| {
        let mut row =
            vec![Cell::new(period.to.as_of.to_string()).with_small(
                l.pick(format!("since {}", period.from.as_of), format!("自 {}", period.from.as_of)),
            )];
        row.extend(rates.iter().map(|&(_, of, whole)| {
            let count = of(&period.rates);
            Cell::new(n.part(count, whole(&period.rates))).with_small(n.count(count))
        }));
        row
    });
    let mut columns = vec![TableColumn::text(l.pick("Period to", "截至"))];
    columns.extend(rates.iter().map(|((en, zh), ..)| TableColumn::number(l.pick(*en, *zh))));
    let caption = l.pick(
        "Rates from run to run: the share of those who were there before, of the new ones among those who are there now.",
        "各次刷新之间的比率：占此前客户的比例；新增为占现有客户的比例。",
    );
    Some(Table { caption: caption.to_owned(), columns, rows: rows.collect(), ..Table::default() })
}
