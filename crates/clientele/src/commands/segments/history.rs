//! `clientele segments members` and `history`.

use clientele_pipeline::understand::segments::{self, Change, Outcome};
use serde::Serialize;

use super::shown::{SegmentJson, time};
use crate::context::{Context, money};
use crate::failure::Failure;
use crate::output::json;
use crate::output::table::{Align, Table, count};
use crate::text::Word;

#[derive(Serialize)]
struct MembersDocument {
    segment: SegmentJson,
    customers: Vec<MemberJson>,
}

#[derive(Serialize)]
struct MemberJson {
    source: String,
    customer_id: String,
    since: String,
    revenue: f64,
}

#[derive(Serialize)]
struct HistoryDocument {
    segment: String,
    definitions: Vec<DefinitionJson>,
    evaluations: Vec<EvaluationJson>,
    changes: Vec<Change>,
}

#[derive(Serialize)]
struct DefinitionJson {
    version: u64,
    kind: &'static str,
    name_en: String,
    name_zh: String,
    rule: Option<String>,
    note: Option<String>,
    made_at: String,
}

#[derive(Serialize)]
struct EvaluationJson {
    evaluation: u64,
    version: u64,
    run: String,
    as_of: String,
    outcome: Outcome,
    message_en: Option<String>,
    message_zh: Option<String>,
    started_at: String,
    finished_at: Option<String>,
    members: u64,
    entered: u64,
    left: u64,
}

pub async fn members(context: &Context, id: &str, limit: usize) -> Result<(), Failure> {
    let view = context.view(None).await?;
    let (standing, members) = segments::members(&view, id, limit).await?;
    let document = MembersDocument {
        segment: SegmentJson::new(&standing),
        customers: members
            .iter()
            .map(|member| MemberJson {
                source: member.source.clone(),
                customer_id: member.customer_id.clone(),
                since: member.since.clone(),
                revenue: json::money(member.revenue),
            })
            .collect(),
    };
    context.output.result(&document, || {
        let language = context.language;
        let mut table = Table::new(&[
            (Word::Customer.text(language), Align::Left),
            (Word::Source.text(language), Align::Left),
            (Word::Revenue.text(language), Align::Right),
            (Word::Since.text(language), Align::Left),
        ]);
        for member in &members {
            table.row([
                member.customer_id.clone(),
                member.source.clone(),
                money(member.revenue, &view.settings.currency),
                member.since.clone(),
            ]);
        }
        let sizes = standing.last.as_ref().map(|last| super::shown::sizes(context, last));
        let name = standing.definition.name.get(language);
        format!("{name} · {}\n{}", sizes.unwrap_or_default(), table.text())
    })
}

pub async fn run(context: &Context, id: &str, limit: usize) -> Result<(), Failure> {
    let history = segments::history(&context.workspace().await?, id, limit).await?;
    let document = HistoryDocument {
        segment: id.to_owned(),
        definitions: history
            .definitions
            .iter()
            .map(|made| DefinitionJson {
                version: made.version,
                kind: made.kind.word(),
                name_en: made.name.en.clone(),
                name_zh: made.name.zh.clone(),
                rule: made.rule.clone(),
                note: made.note.clone(),
                made_at: time(made.made_at),
            })
            .collect(),
        evaluations: history
            .evaluations
            .iter()
            .map(|made| EvaluationJson {
                evaluation: made.number,
                version: made.version,
                run: made.run.to_string(),
                as_of: made.as_of.clone(),
                outcome: made.outcome,
                message_en: made.message.as_ref().map(|m| m.en.clone()),
                message_zh: made.message.as_ref().map(|m| m.zh.clone()),
                started_at: time(made.started_at),
                finished_at: made.finished_at.map(time),
                members: made.members,
                entered: made.entered,
                left: made.left,
            })
            .collect(),
        changes: history.changes,
    };
    context.output.result(&document, || text(context, &document))
}

fn text(context: &Context, document: &HistoryDocument) -> String {
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

fn kind(context: &Context, kind: &str) -> &'static str {
    match kind {
        "list" => context.pick("a list", "名单"),
        _ => context.pick("removed", "已删除"),
    }
}

fn outcome(context: &Context, made: &EvaluationJson) -> String {
    match (made.outcome, &made.message_en, &made.message_zh) {
        (Outcome::Done, ..) => context.pick("done", "完成").to_owned(),
        (Outcome::Failed, Some(en), Some(zh)) => context.pick(en, zh).clone(),
        (Outcome::Failed, ..) => context.pick("failed", "失败").to_owned(),
        (Outcome::Running, ..) => context.pick("not finished", "未完成").to_owned(),
    }
}
