//! `clientele demand`: which categories rise and fall in each class, quarter on quarter.

use clap::Args;
use clientele_model::{Currency, RunId, SchemeId};
use clientele_pipeline::understand::demand::{CategoryDemand, DemandDirection};
use clientele_present::demand::Demand as Document;

use crate::context::{Context, money};
use crate::failure::Failure;
use crate::output::figure::change;
use crate::output::table::{Align, Table, count};

#[derive(Debug, Args)]
pub struct Demand {
    /// The scheme whose tiers are the classes
    #[arg(value_parser = crate::args::scheme_id)]
    pub scheme: SchemeId,
    /// The run, such as r0003 [default: the last]
    #[arg(long, value_parser = crate::args::run_id)]
    pub run: Option<RunId>,
}

pub async fn run(context: &Context, args: Demand) -> Result<(), Failure> {
    let view = context.view(args.run.as_ref()).await?;
    let scheme = view.scheme(args.scheme.as_str())?;
    let classes = view.demand(scheme).await?;
    let document = Document::new(&view, scheme.id.as_str(), &classes);
    context.output.result(&document, || {
        let head = format!("{} · {} · {}", scheme.name.get(context.language), view.run.id, view.run.as_of);
        let tables = classes.iter().filter_map(|class| {
            let table = table(context, &class.categories, &view.settings.currency)?;
            Some(format!("{} · {table}", scheme.tier_name(&class.class).get(context.language)))
        });
        let mut parts: Vec<String> = [head].into_iter().chain(tables).collect();
        if parts.len() == 1 {
            parts.push(
                context.pick(
                    "No class has enough orders that name a category in the last two complete quarters."
                        .to_owned(),
                    "最近两个完整季度中，没有哪个层级有足够多带品类的订单。".to_owned(),
                ),
            );
        }
        parts.join("\n\n")
    })
}

/// The demand for categories as a table under a title; none without categories.
pub fn table(context: &Context, demands: &[CategoryDemand], currency: &Currency) -> Option<String> {
    let first = demands.first()?;
    let name = |back: usize| {
        let place = first.quarters.len().checked_sub(back);
        place.and_then(|place| first.quarters.get(place)).map_or("", |quarter| quarter.quarter.as_str())
    };
    let orders = context.pick("orders", "订单");
    let mut table = Table::new(&[
        (context.pick("category", "品类"), Align::Left),
        (&format!("{orders} {}", name(2)), Align::Right),
        (&format!("{orders} {}", name(1)), Align::Right),
        (context.pick("change", "环比"), Align::Right),
        (context.pick("on the year", "同比"), Align::Right),
        (context.pick("revenue", "收入"), Align::Right),
        (context.pick("change", "环比"), Align::Right),
        (context.pick("demand", "需求"), Align::Left),
    ]);
    for demand in demands {
        let sold = |back: usize| {
            let place = demand.quarters.len().checked_sub(back)?;
            demand.quarters.get(place)?.sold
        };
        let orders = |back: usize| sold(back).map_or("–".to_owned(), |sold| count(sold.orders as i64));
        let (en, zh) = match demand.direction {
            DemandDirection::Rises => ("rises", "上升"),
            DemandDirection::Falls => ("falls", "下降"),
            DemandDirection::Steady => ("", ""),
        };
        table.row([
            demand.category.clone(),
            orders(2),
            orders(1),
            change(demand.change),
            change(demand.year_change),
            sold(1).map_or("–".to_owned(), |sold| money(sold.revenue, currency)),
            change(demand.revenue_change),
            context.pick(en, zh).to_owned(),
        ]);
    }
    let title = context.pick("Demand, quarter on quarter", "需求变化（季度）");
    Some(format!("{title}\n{}", table.text()))
}
