//! `clientele segments members` and `history`.

use clientele_model::problem::kinds::questions::NO_RUN;
use clientele_pipeline::understand::segments::{self, Kind, Outcome};
use clientele_present::segments::{SegmentEvaluation, SegmentHistory, SegmentMembers};

use crate::context::{Context, money};
use crate::failure::Failure;
use crate::output::table::{Align, Table, count};
use crate::text::Word;

pub async fn members(context: &Context, id: &str, limit: usize) -> Result<(), Failure> {
    let view = context.view(None).await?;
    let (standing, members) = segments::members(&view, id, limit).await?;
    let document = SegmentMembers::new(&view, &standing, &members);
    context.output.result(&document, || {
        let language = context.language;
        let mut table = Table::new(&[
            (Word::Customer.text(language), Align::Left),
            (Word::Source.text(language), Align::Left),
            (Word::Revenue.text(language), Align::Right),
            (Word::Since.text(language), Align::Left),
        ]);
        for (member, shown) in members.iter().zip(&document.customers) {
            table.row([
                member.customer_id.clone(),
                member.source.clone(),
                shown.revenue.map_or("–".to_owned(), |_| money(member.revenue, &view.settings.currency)),
                member.since.clone(),
            ]);
        }
        let sizes = standing.last.as_ref().map(|last| super::shown::sizes(context, last));
        let name = standing.definition.name.get(language);
        format!("{name} · {}\n{}", sizes.unwrap_or_default(), table.text())
    })
}

pub async fn run(context: &Context, id: &str, limit: usize) -> Result<(), Failure> {
    let view = match context.view(None).await {
        Err(Failure::Problem(problem)) if *problem.kind == NO_RUN => None,
        view => Some(view?),
    };
    let history = segments::history(&context.workspace().await?, view.as_ref(), id, limit).await?;
    let document = SegmentHistory::new(id, history);
    context.output.result(&document, || text(context, &document))
}

fn text(context: &Context, document: &SegmentHistory) -> String {
    let table = |heads: &[&str], right: std::ops::Range<usize>| {
        let align = |i| if right.contains(&i) { Align::Right } else { Align::Left };
        let columns: Vec<(&str, Align)> = heads.iter().enumerate().map(|(i, h)| (*h, align(i))).collect();
        Table::new(&columns)
    };
    let mut definitions = table(
        &context.pick(["version", "defined", "who", "note"], ["版本", "定义时间", "成员条件", "备注"]),
        0..1,
    );
    for made in &document.definitions {
        definitions.row([
            made.version.to_string(),
            made.made_at.clone(),
            made.rule.clone().unwrap_or_else(|| kind(context, made.kind).to_owned()),
            made.note.clone().unwrap_or_default(),
        ]);
    }
    let mut evaluations = table(
        &context.pick(
            ["run", "as of", "version", "customers", "entered", "left", "state"],
            ["刷新", "截至", "版本", "客户数", "进入", "离开", "状态"],
        ),
        2..6,
    );
    for made in &document.evaluations {
        evaluations.row([
            made.run.clone(),
            made.as_of.clone(),
            made.version.to_string(),
            count(made.members as i64),
            count(made.entered as i64),
            count(made.left as i64),
            outcome(context, made),
        ]);
    }
    let mut changes = table(
        &context
            .pick(["customer", "source", "change", "run", "as of"], ["客户", "来源", "变化", "刷新", "截至"]),
        0..0,
    );
    for change in &document.changes {
        let zh = if change.change == "entered" { "进入" } else { "离开" };
        changes.row([
            change.customer_id.clone(),
            change.source.clone(),
            context.pick(change.change.as_str(), zh).to_owned(),
            change.run.clone(),
            change.as_of.clone(),
        ]);
    }
    [definitions.text(), evaluations.text(), changes.text()].join("\n\n")
}

fn kind(context: &Context, kind: Kind) -> &'static str {
    match kind {
        Kind::List => context.pick("a list", "名单"),
        _ => context.pick("removed", "已删除"),
    }
}

fn outcome(context: &Context, made: &SegmentEvaluation) -> String {
    match (made.outcome, &made.message_en, &made.message_zh) {
        (Outcome::Done, ..) => context.pick("done", "完成").to_owned(),
        (Outcome::Failed, Some(en), Some(zh)) => context.pick(en, zh).clone(),
        (Outcome::Failed, ..) => context.pick("failed", "失败").to_owned(),
        (Outcome::Running, ..) => context.pick("not finished", "未完成").to_owned(),
    }
}
