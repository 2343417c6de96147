//! `clientele movement --periods`: the rates of a scheme's movement, run by run.

use clientele_model::spec::Scheme;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::movement::{MoveRates, Period};
use clientele_present::movement::Periods;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table, count, share};

pub async fn show(context: &Context, view: &RunView, scheme: &Scheme) -> Result<(), Failure> {
    let periods = view.periods(scheme).await?;
    let document = Periods::new(scheme.id.as_str(), &periods);
    context.output.result(&document, || match periods.is_empty() {
        true => context
            .pick("Movement needs two runs; refresh again later.", "迁移需要两次刷新；请以后再刷新一次。")
            .to_owned(),
        false => format!("{}\n{}", scheme.name.get(context.language), table(context, scheme, &periods)),
    })
}

/// A column: its head, how many moved so, and of whom the rate is a part.
type RateColumn = ((&'static str, &'static str), fn(&MoveRates) -> i64, fn(&MoveRates) -> i64);

const RANKED: [RateColumn; 7] = [
    (("up", "上升"), |r| r.up, |r| r.before),
    (("down", "下降"), |r| r.down, |r| r.before),
    (("of them lost", "其中流失"), |r| r.lost, |r| r.before),
    (("of those up, returned", "上升中回流"), |r| r.returned, |r| r.before),
    (("across", "平移"), |r| r.across, |r| r.before),
    (("new", "新增"), |r| r.new, |r| r.after),
    (("gone", "消失"), |r| r.gone, |r| r.before),
];

const UNRANKED: [RateColumn; 3] = [
    (("across", "平移"), |r| r.across, |r| r.before),
    (("new", "新增"), |r| r.new, |r| r.after),
    (("gone", "消失"), |r| r.gone, |r| r.before),
];

fn table(context: &Context, scheme: &Scheme, periods: &[Period]) -> String {
    let shown: &[RateColumn] = if scheme.ranked { &RANKED } else { &UNRANKED };
    let mut heads = vec![
        (context.pick("from", "起"), Align::Left),
        (context.pick("to", "止"), Align::Left),
        (context.pick("customers", "客户数"), Align::Right),
    ];
    heads.extend(shown.iter().map(|((en, zh), ..)| (context.pick(*en, *zh), Align::Right)));
    let mut table = Table::new(&heads);
    for period in periods {
        let rate = |(_, moved, of): &RateColumn| {
            let (moved, of) = (moved(&period.rates), of(&period.rates));
            let part = if of == 0 { 0.0 } else { moved as f64 / of as f64 };
            format!("{} ({})", count(moved), share(part))
        };
        let head = [period.from.as_of.to_string(), period.to.as_of.to_string(), count(period.rates.after)];
        table.row(head.into_iter().chain(shown.iter().map(rate)));
    }
    table.text()
}
