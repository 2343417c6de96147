//! Segments as they are shown.

use clientele_pipeline::understand::segments::{Evaluation, Kind, Standing, State};
use clientele_present::segments::Segments;
use clientele_present::time;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table, count};

/// All segments.
pub fn list(context: &Context, standings: &[Standing]) -> Result<(), Failure> {
    let document = Segments::new(standings);
    context.output.result(&document, || {
        if standings.is_empty() {
            return context.pick(
                "There are no segments yet. Make one: clientele segments set NAME --rule \"recency_days <= 30\"".into(),
                "还没有客群。新建：clientele segments set 名称 --rule \"recency_days <= 30\"".to_owned(),
            );
        }
        let heads = context.pick(
            ["segment", "name", "customers", "state", "run", "who"],
            ["客群", "名称", "客户数", "状态", "刷新", "成员条件"],
        );
        let aligns = [Align::Left, Align::Left, Align::Right, Align::Left, Align::Left, Align::Left];
        let columns: Vec<(&str, Align)> = heads.into_iter().zip(aligns).collect();
        let mut table = Table::new(&columns);
        for standing in standings {
            let last = standing.last.as_ref();
            table.row([
                standing.definition.id.clone(),
                standing.definition.name.get(context.language).to_owned(),
                last.map(|e| count(e.members as i64)).unwrap_or_default(),
                state(context, standing.state).to_owned(),
                last.map(|e| e.run.to_string()).unwrap_or_default(),
                who(context, standing),
            ]);
        }
        table.text()
    })
}

/// The rule, or that it is a list.
fn who(context: &Context, standing: &Standing) -> String {
    let definition = &standing.definition;
    match (&definition.rule, definition.kind) {
        (Some(rule), _) => rule.clone(),
        (None, Kind::List) => {
            let listed = count(definition.listed.unwrap_or_default() as i64);
            context.pick(format!("a list of {listed}"), format!("名单，{listed} 位"))
        }
        (None, _) => String::new(),
    }
}

fn state(context: &Context, state: State) -> &'static str {
    let zh = match state {
        State::Fresh => "最新",
        State::Stale => "待更新",
        State::Running => "计算中",
        State::Failed => "失败",
    };
    context.pick(state.word(), zh)
}

/// One segment.
pub fn text(context: &Context, standing: &Standing) -> String {
    let (definition, last) = (&standing.definition, standing.last.as_ref());
    let [who_is, state_is, size, when, note] = context.pick(
        ["who", "state", "customers", "defined", "note"],
        ["成员条件", "状态", "客户数", "定义时间", "备注"],
    );
    let name = definition.name.get(context.language);
    let mut lines = vec![
        format!("{name} ({} · {})", definition.id, definition.version),
        format!("  {who_is}: {}", who(context, standing)),
        format!("  {state_is}: {}", state(context, standing.state)),
    ];
    if let Some(failed) = &standing.failed {
        let message = failed.message.as_ref().map(|m| m.get(context.language)).unwrap_or_default();
        lines.push(format!("  {message}"));
    } else if standing.state == State::Failed {
        lines.push(
            context.pick(
                "  the last evaluation was ended before it was through; run `clientele segments refresh`"
                    .to_owned(),
                "  上次计算中途停止；请运行 clientele segments refresh".to_owned(),
            ),
        );
    }
    if let Some(last) = last {
        lines.push(format!("  {size}: {}", sizes(context, last)));
    }
    lines.push(format!("  {when}: {}", time(definition.made_at)));
    lines.extend(definition.note.as_ref().map(|text| format!("  {note}: {text}")));
    lines.join("\n")
}

/// How many there are, and how many came and went.
pub fn sizes(context: &Context, last: &Evaluation) -> String {
    let [members, entered, left] = [last.members, last.entered, last.left].map(|n| count(n as i64));
    let (run, as_of) = (&last.run, &last.as_of);
    context.pick(
        format!("{members} in run {run}, as of {as_of}; {entered} entered, {left} left"),
        format!("{members}（刷新 {run}，截至 {as_of}）；进入 {entered}，离开 {left}"),
    )
}
