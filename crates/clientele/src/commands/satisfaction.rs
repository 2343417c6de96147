//! `clientele satisfaction`: how satisfied each class is.

use clap::Args;
use clientele_model::{RunId, SchemeId, UnitFormat};
use clientele_pipeline::understand::satisfaction::GroupSatisfaction;
use clientele_present::satisfaction::Satisfaction as Document;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::figure::effect;
use crate::output::table::{Align, Table, count};

#[derive(Debug, Args)]
pub struct Satisfaction {
    /// The scheme whose tiers are the classes
    #[arg(value_parser = crate::args::scheme_id)]
    pub scheme: SchemeId,
    /// The run, such as r0003 [default: the last]
    #[arg(long, value_parser = crate::args::run_id)]
    pub run: Option<RunId>,
}

pub async fn run(context: &Context, args: Satisfaction) -> Result<(), Failure> {
    let view = context.view(args.run.as_ref()).await?;
    let scheme = view.scheme(args.scheme.as_str())?;
    let classes = view.satisfaction(scheme).await?;
    let document = Document::new(&view, scheme.id.as_str(), &classes);
    let format = context.format(&view.settings.currency);
    context.output.result(&document, || {
        let head = format!("{} · {} · {}", scheme.name.get(context.language), view.run.id, view.run.as_of);
        let tables = classes.iter().filter_map(|class| {
            let table = table(context, &class.measures, &format)?;
            Some(format!("{} · {table}", scheme.tier_name(&class.class).get(context.language)))
        });
        let mut parts: Vec<String> = [head].into_iter().chain(tables).collect();
        if parts.len() == 1 {
            parts.push(context.pick(
                "Of no class enough customers have answered; bring in survey answers or tickets.".to_owned(),
                "没有哪个层级有足够多的客户作答；请导入问卷答复或工单。".to_owned(),
            ));
        }
        if parts.len() > 1 && classes.len() < scheme.tiers.len() {
            let minimum = view.minimum_group();
            parts.push(context.pick(
                format!(
                    "Classes of which fewer than {minimum} customers answered are left out: too few to tell."
                ),
                format!("作答客户不足 {minimum} 名的层级未列出：人数太少，不便说明。"),
            ));
        }
        parts.join("\n\n")
    })
}

/// What a group answered as a table under a title; none without answers.
pub fn table(context: &Context, measures: &[GroupSatisfaction], format: &UnitFormat) -> Option<String> {
    if measures.is_empty() {
        return None;
    }
    let mut table = Table::new(&[
        (context.pick("measure", "指标"), Align::Left),
        (context.pick("answered", "作答客户"), Align::Right),
        (context.pick("mean or share of yes (95 %)", "均值或“是”的占比（95 %）"), Align::Right),
        (context.pick("NPS (95 %)", "NPS（95 %）"), Align::Right),
        (context.pick("against the others", "与其他客户相比"), Align::Left),
    ]);
    for one in measures {
        let number = |value: f64| format.number(value, one.unit.of_mean());
        let interval = one.interval.map(|(low, high)| format!(" ({}–{})", number(low), number(high)));
        let told = one.verdict.as_ref().filter(|v| v.tells);
        let same = context.pick("no clear difference", "无明显差异");
        table.row([
            one.name.get(context.language).to_owned(),
            count(one.answered as i64),
            format!("{}{}", number(one.mean), interval.unwrap_or_default()),
            one.nps.map_or("–".to_owned(), |nps| {
                let range = one.nps_interval.map(|(low, high)| format!(" ({low:+.0} … {high:+.0})"));
                format!("{nps:+.0}{}", range.unwrap_or_default())
            }),
            told.map_or_else(|| same.to_owned(), |v| effect(Some(v), context.language)),
        ]);
    }
    let note = context.pick(
        "Intervals: Wilson's, which keep within the scale; of means with the effective number of answers.",
        "区间按 Wilson 法计算，不超出量表范围；均值按有效作答数计算。",
    );
    Some(format!("{}\n{}\n{note}", context.pick("Satisfaction", "满意度"), table.text()))
}
