//! The quality report of a batch as text.

use clientele_model::Language;
use clientele_pipeline::clean::{Figure, Outcome, RuleCount};
use clientele_present::batches::{ImportOutcome, ImportedBatch};

use crate::context::Context;
use crate::output::table::{Align, Table, count, share};
use crate::text::Word;

/// Longer values are cut in examples.
const SHOWN: usize = 30;

/// What was recognised, what became of the rows, and how good they are.
pub fn text(context: &Context, batch: &ImportedBatch) -> String {
    let language = context.language;
    let mut parts = vec![head(context, batch)];
    let mapping: Vec<String> =
        batch.mapping.fields.iter().map(|(field, column)| format!("{field} ← {column}")).collect();
    parts.push(format!("  {}: {}", context.pick("columns", "列对应"), mapping.join(", ")));
    if !batch.mapping.attributes.is_empty() {
        let kept = context.pick("kept as attributes", "作为附加属性保留");
        parts.push(format!("  {kept}: {}", batch.mapping.attributes.join(", ")));
    }
    if let Some(note) = &batch.note {
        parts.push(format!("  {note}"));
    }
    parts.push(format!("  {}", batch.report.summary(language)));
    parts.push(format!("  {}", batch.report.totals.summary(batch.grain, language)));
    let figures: Vec<String> = Figure::ALL
        .into_iter()
        .filter_map(|figure| {
            let value = batch.report.figures.overall.get(&figure)?;
            Some(format!("{} {}", figure.name(language), share(*value)))
        })
        .collect();
    parts.push(format!("  {}", figures.join(" · ")));
    if !batch.report.rules.is_empty() {
        parts.push(rules(language, &batch.report.rules));
    }
    parts.join("\n")
}

fn head(context: &Context, batch: &ImportedBatch) -> String {
    let file = &batch.file;
    let id = batch.batch.as_deref().unwrap_or_default();
    let became = match batch.outcome {
        ImportOutcome::Imported => {
            context.pick(format!("imported as batch {id}"), format!("已导入为批次 {id}"))
        }
        ImportOutcome::AlreadyImported => context
            .pick(format!("is batch {id} already; nothing was changed"), format!("已是批次 {id}，未作改动")),
        ImportOutcome::DryRun => context.pick("would be imported", "可以导入（试运行，未写入）").to_owned(),
    };
    let sure = share(batch.sure);
    let layout = context.pick(
        format!("recognised as {} ({sure} sure)", batch.layout),
        format!("识别为 {}（把握 {sure}）", batch.layout),
    );
    let other = batch.runner_up.as_ref().map_or_else(String::new, |(other, sure)| {
        let sure = share(*sure);
        context.pick(format!(", next {other} ({sure})"), format!("，其次 {other}（{sure}）"))
    });
    format!("{file}: {became}\n  {layout}{other}")
}

fn rules(language: Language, rules: &[RuleCount]) -> String {
    let mut table = Table::new(&[
        (Word::Rule.text(language), Align::Left),
        (Word::Rows.text(language), Align::Right),
        ("", Align::Left),
        (Word::Example.text(language), Align::Left),
        (Word::Cure.text(language), Align::Left),
    ]);
    for rule in rules {
        let outcome = match rule.outcome() {
            Outcome::Rejected => language.pick("rejected", "拒绝"),
            Outcome::Changed => language.pick("changed", "规范化"),
            Outcome::Noted => language.pick("noted", "提示"),
            Outcome::LeftOut => language.pick("left out", "略去"),
        };
        let example = rule.examples.first().map_or_else(String::new, |example| {
            let value: String = example.value.chars().take(SHOWN).collect();
            let row = language.pick("row", "第");
            let end = language.pick("", " 行");
            format!("{row} {}{end}: {value}", example.row).trim_end_matches([':', ' ']).to_owned()
        });
        table.row([
            rule.rule.name(language).to_owned(),
            count(rule.count as i64),
            outcome.to_owned(),
            example,
            rule.rule.cure(language).to_owned(),
        ]);
    }
    table.text()
}
