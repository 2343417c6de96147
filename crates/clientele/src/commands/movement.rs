//! `clientele movement`: who went from where to where.

use clientele_model::spec::Scheme;
use clientele_pipeline::understand::movement::{Direction, Flow};
use serde::Serialize;

use crate::args::Movement;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table, count};
use crate::text::Word;

#[derive(Serialize)]
struct Document {
    scheme: String,
    from: String,
    to: String,
    flows: Vec<FlowJson>,
}

#[derive(Serialize)]
struct FlowJson {
    from: Option<String>,
    to: Option<String>,
    customers: i64,
    direction: &'static str,
}

pub async fn run(context: &Context, args: Movement) -> Result<(), Failure> {
    let mut view = context.view(args.to.as_ref()).await?;
    let scheme = view.scheme(args.scheme.as_str())?.clone();
    let Some(movement) = view.movement(&scheme, args.from.as_ref()).await? else {
        return Err(Failure::Said(context.pick(
            format!("there is no run before {}; movement needs two, so refresh again later", view.run.id),
            format!("{} 之前没有刷新；迁移需要两次刷新，请以后再刷新一次", view.run.id),
        )));
    };
    let document = Document {
        scheme: movement.scheme.clone(),
        from: movement.from.to_string(),
        to: movement.to.to_string(),
        flows: movement
            .flows
            .iter()
            .map(|flow| FlowJson {
                from: flow.from.clone(),
                to: flow.to.clone(),
                customers: flow.customers,
                direction: word(flow.direction),
            })
            .collect(),
    };
    context.output.result(&document, || {
        let head = format!("{} · {} → {}", scheme.name.get(context.language), movement.from, movement.to);
        format!("{head}\n{}\n{}", table(context, &scheme, &movement.flows), summary(context, &movement.flows))
    })
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Stayed => "stayed",
        Direction::Up => "up",
        Direction::Down => "down",
        Direction::Across => "across",
        Direction::New => "new",
        Direction::Gone => "gone",
    }
}

fn shown(context: &Context, direction: Direction) -> &'static str {
    let (en, zh) = match direction {
        Direction::Stayed => ("stayed", "未变"),
        Direction::Up => ("up", "上升"),
        Direction::Down => ("down", "下降"),
        Direction::Across => ("across", "平移"),
        Direction::New => ("new", "新增"),
        Direction::Gone => ("gone", "消失"),
    };
    context.pick(en, zh)
}

fn table(context: &Context, scheme: &Scheme, flows: &[Flow]) -> String {
    let language = context.language;
    let mut table = Table::new(&[
        (Word::From.text(language), Align::Left),
        (Word::To.text(language), Align::Left),
        (Word::Customers.text(language), Align::Right),
        (Word::Meaning.text(language), Align::Left),
    ]);
    let name = |tier: &Option<String>| match tier {
        Some(tier) => scheme.tier_name(tier).get(language).to_owned(),
        None => "–".to_owned(),
    };
    for flow in flows {
        let meaning = shown(context, flow.direction).to_owned();
        table.row([name(&flow.from), name(&flow.to), count(flow.customers), meaning]);
    }
    table.text()
}

/// How many went which way, in a line.
fn summary(context: &Context, flows: &[Flow]) -> String {
    let all = [
        Direction::Up,
        Direction::Down,
        Direction::Across,
        Direction::Stayed,
        Direction::New,
        Direction::Gone,
    ];
    let parts = all.into_iter().filter_map(|direction| {
        let customers: i64 = flows.iter().filter(|f| f.direction == direction).map(|f| f.customers).sum();
        (customers > 0).then(|| format!("{} {}", shown(context, direction), count(customers)))
    });
    parts.collect::<Vec<_>>().join(" · ")
}
