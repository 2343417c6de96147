//! `clientele schemes publish`: makes a scheme file count, and shows who would move.

use std::path::Path;

use clientele_pipeline::library::Document as Source;
use clientele_pipeline::understand::publish::{Preview, Publication, publish};
use clientele_present::schemes::{Publication as Document, ShiftExample};

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table, count};
use crate::text::Word;

pub async fn run(context: &Context, file: &Path, dry_run: bool) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let text = std::fs::read_to_string(file).map_err(|cause| Failure::file(file, &cause))?;
    let source = Source { name: file.display().to_string(), text };
    let published = publish(&workspace, &context.engine()?, &source, dry_run).await?;
    if let Preview::Missing { run, .. } | Preview::Shifts { run, .. } = &published.preview {
        context.view(Some(run)).await?;
    }
    let document = Document::new(&published, dry_run);
    context.output.result(&document, || text_of(context, &published, &document))
}

fn text_of(context: &Context, published: &Publication, document: &Document) -> String {
    let (scheme, version) = (&document.scheme, document.version);
    let before = document.replaces.map_or(String::new(), |v| {
        context.pick(format!(", which replaces version {v}"), format!("，替代第 {v} 版"))
    });
    let mut lines = vec![match document.dry_run {
        true => context.pick(
            format!("{scheme} version {version}{before}: it can be published. Nothing has changed."),
            format!("{scheme} 第 {version} 版{before}：可以发布。尚未做任何改动。"),
        ),
        false => context.pick(
            format!("{scheme} version {version} is published{before}. It counts from the next refresh on."),
            format!("{scheme} 第 {version} 版已发布{before}，从下次刷新起生效。"),
        ),
    }];
    match &published.preview {
        Preview::NoRun => lines.push(context.pick(
            "Nothing has been computed yet, so nobody can move.".to_owned(),
            "还没有计算结果，无法预览迁移。".to_owned(),
        )),
        Preview::Missing { run, metrics } => {
            let list = metrics.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            lines.push(context.pick(
                format!("Run {run} did not compute {list}; refresh to see who would move."),
                format!("刷新 {run} 没有计算 {list}；请先刷新再预览迁移。"),
            ));
        }
        Preview::Shifts { run, as_of, .. } => {
            let (all, moved) = (context.customers(document.customers.unsigned_abs()), count(document.moved));
            let verb = if document.moved == 1 { "moves" } else { "move" };
            lines.push(context.pick(
                format!("On the figures of run {run}, as of {as_of}: {moved} of {all} {verb}."),
                format!("按刷新 {run}（截至 {as_of}）的数据：{all}中有 {moved} 位迁移。"),
            ));
            lines.push(shifts(context, published, document));
            lines.extend(examples(context, published, document));
        }
    }
    lines.join("\n")
}

fn shifts(context: &Context, published: &Publication, document: &Document) -> String {
    let language = context.language;
    let mut table = Table::new(&[
        (Word::From.text(language), Align::Left),
        (Word::To.text(language), Align::Left),
        (Word::Customers.text(language), Align::Right),
    ]);
    let name = |tier: &str| published.scheme.tier_name(tier).get(language).to_owned();
    for shift in &document.shifts {
        let from = shift.from.as_deref().map_or_else(|| "–".to_owned(), name);
        table.row([from, name(&shift.to), count(shift.customers)]);
    }
    table.text()
}

fn examples(context: &Context, published: &Publication, document: &Document) -> Vec<String> {
    let name = |tier: &str| published.scheme.tier_name(tier).get(context.language).to_owned();
    let one = |e: &ShiftExample| format!("  {}: {} → {}", e.customer_id, name(&e.from), name(&e.to));
    let head = context.pick("For example:", "例如：").to_owned();
    match document.examples.is_empty() {
        true => Vec::new(),
        false => std::iter::once(head).chain(document.examples.iter().map(one)).collect(),
    }
}
