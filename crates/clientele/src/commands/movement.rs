//! `clientele movement`: who went from where to where.

mod periods;

use std::collections::BTreeMap;

use clientele_model::problem::kinds::questions::NO_RUN_BEFORE;
use clientele_model::spec::Scheme;
use clientele_pipeline::understand::movement::{Cause, CausedFlow, Direction, Flow};
use clientele_present::movement::Movement as Document;

use crate::args::Movement;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table, count};
use crate::text::Word;

pub async fn run(context: &Context, args: Movement) -> Result<(), Failure> {
    let view = context.view(args.to.as_ref()).await?;
    let scheme = view.scheme(args.scheme.as_str())?.clone();
    if args.periods {
        return periods::show(context, &view, &scheme).await;
    }
    let Some(movement) = view.movement(&scheme, args.from.as_ref()).await? else {
        return Err(NO_RUN_BEFORE.problem().with("run", &view.run.id).into());
    };
    let flows: Vec<CausedFlow> = match args.no_causes {
        true => {
            let plain = |flow: &Flow| CausedFlow { flow: flow.clone(), causes: BTreeMap::new() };
            movement.flows.iter().map(plain).collect()
        }
        false => view.causes(&scheme, &movement).await?,
    };
    let document = Document::new(&movement, &flows, !args.no_causes);
    context.output.result(&document, || {
        let head = format!("{} · {} → {}", scheme.name.get(context.language), movement.from, movement.to);
        format!("{head}\n{}\n{}", table(context, &scheme, &flows), summary(context, &flows))
    })
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

fn table(context: &Context, scheme: &Scheme, flows: &[CausedFlow]) -> String {
    let language = context.language;
    let met = |cause: &Cause| flows.iter().any(|f| f.causes.contains_key(cause));
    let causes: Vec<Cause> = Cause::ALL.into_iter().filter(met).collect();
    let mut columns = vec![
        (Word::From.text(language), Align::Left),
        (Word::To.text(language), Align::Left),
        (Word::Customers.text(language), Align::Right),
        (Word::Meaning.text(language), Align::Left),
    ];
    columns.extend(causes.iter().map(|cause| (caused_by(context, *cause), Align::Right)));
    let mut table = Table::new(&columns);
    let name = |tier: &Option<String>| match tier {
        Some(tier) => scheme.tier_name(tier).get(language).to_owned(),
        None => "–".to_owned(),
    };
    for CausedFlow { flow, causes: parts } in flows {
        let meaning = shown(context, flow.direction).to_owned();
        let parts = causes.iter().map(|c| parts.get(c).map_or_else(String::new, |n| count(*n)));
        let row = [name(&flow.from), name(&flow.to), count(flow.customers), meaning].into_iter();
        table.row(row.chain(parts));
    }
    table.text()
}

fn caused_by(context: &Context, cause: Cause) -> &'static str {
    let (en, zh) = match cause {
        Cause::Behaviour => ("behaviour", "行为"),
        Cause::Ageing => ("time alone", "时间推移"),
        Cause::BaseShift => ("base shift", "切点移动"),
        Cause::Definition => ("definition", "规则变更"),
        Cause::Data => ("data", "数据补录或更正"),
        Cause::People => ("people", "人工"),
    };
    context.pick(en, zh)
}

/// How many went which way, in a line.
fn summary(context: &Context, flows: &[CausedFlow]) -> String {
    let all = [
        Direction::Up,
        Direction::Down,
        Direction::Across,
        Direction::Stayed,
        Direction::New,
        Direction::Gone,
    ];
    let parts = all.into_iter().filter_map(|direction| {
        let customers: i64 =
            flows.iter().map(|f| &f.flow).filter(|f| f.direction == direction).map(|f| f.customers).sum();
        (customers > 0).then(|| format!("{} {}", shown(context, direction), count(customers)))
    });
    parts.collect::<Vec<_>>().join(" · ")
}
