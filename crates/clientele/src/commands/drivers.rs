//! `clientele drivers`: what goes along with an outcome.

use clap::Args;
use clientele_model::RunId;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::drivers::{DriverAnalysis, MetricDriver, NoAdvice, Quadrant, SEED};
use clientele_present::drivers::Drivers as Document;

use crate::commands::persona::group;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::figure::chance;
use crate::output::table::{Align, Table, count, share};

#[derive(Debug, Args)]
pub struct Drivers {
    /// satisfaction, repeat, churn, spend, or a metric with numbers or yes and no
    pub outcome: String,
    /// The metrics to explain it with, divided by commas [default: up to twelve that go along with it and are not
    /// made of the same facts]
    #[arg(long, value_name = "METRICS", value_delimiter = ',')]
    pub of: Vec<String>,
    /// Only among these customers: a tier, as in abc=a, or a segment
    #[arg(long, value_name = "SCHEME=TIER | SEGMENT")]
    pub among: Option<String>,
    /// Decides which customers are drawn for the intervals
    #[arg(long, value_name = "N", default_value_t = SEED)]
    pub seed: u64,
    /// The run, such as r0003 [default: the last]
    #[arg(long, value_parser = crate::args::run_id)]
    pub run: Option<RunId>,
}

pub async fn run(context: &Context, args: Drivers) -> Result<(), Failure> {
    let view = context.view(args.run.as_ref()).await?;
    let among = match &args.among {
        Some(text) => Some(group(&view, text).await?),
        None => None,
    };
    let found = view.drivers(&args.outcome, &args.of, among.as_ref(), args.seed).await?;
    let document = Document::new(&view, &found, among.map(|g| g.id), args.seed, context.language);
    context.output.result(&document, || text(context, &view, &found))
}

fn text(context: &Context, view: &RunView, found: &DriverAnalysis) -> String {
    let language = context.language;
    let format = context.format(&view.settings.currency);
    let outcome = &found.outcome;
    let head = format!("{} · {} · {}", outcome.name.get(language), view.run.id, view.run.as_of);
    let (customers, asked) = (count(found.customers as i64), context.customers(found.asked));
    let explained = share(found.r_squared);
    let base = context.pick(
        format!(
            "{} Computed on {customers} of {asked}; together the metrics explain {explained} of the \
             differences (p {}).",
            sentence(outcome.meaning.get(language)),
            chance(found.p)
        ),
        format!(
            "{}按 {asked}中的 {customers} 位计算；各指标合计解释了 {explained} 的差异（p {}）。",
            sentence_zh(outcome.meaning.get(language)),
            chance(found.p)
        ),
    );
    let mut table = Table::new(&[
        (context.pick("metric", "指标"), Align::Left),
        (context.pick("importance (95 %)", "重要度（95 %）"), Align::Right),
        (context.pick("correlation", "相关"), Align::Right),
        (context.pick("mean", "均值"), Align::Right),
        (context.pick("performance", "表现"), Align::Right),
        (context.pick("advice", "建议"), Align::Left),
    ]);
    for one in &found.drivers {
        let (en, zh) = match one.quadrant() {
            Some(Quadrant::Improve) => ("improve first", "优先改进"),
            Some(Quadrant::Keep) => ("keep up", "保持"),
            Some(Quadrant::Watch) => ("watch", "观察"),
            Some(Quadrant::Enough) => ("enough", "已足够"),
            None => ("–", "–"),
        };
        table.row([
            one.name.get(language).to_owned(),
            importance(one),
            format!("{:+.2}", one.driver.correlation),
            format.number(one.mean, one.unit.of_mean()),
            format!("{:.0}", one.performance * 100.0),
            context.pick(en, zh).to_owned(),
        ]);
    }
    let mut notes = vec![context.pick(
        "Importance: share of what all explain together, by relative weights, which treat correlated metrics fairly, \
         with its 95 % interval; where two intervals overlap, which metric is more important is not sure. Performance: where the mean stands from the worst (0) to the best (100) end. What goes along with an outcome \
         need not cause it."
            .to_owned(),
        "重要度：在合计解释的差异中所占份额，按相对权重计算，对彼此相关的指标公平分摊，附 95 % 区间；两项区间重叠时，孰轻孰重并不确定。表现：均值处于最差（0）到最好（100）之间的位置。\
         相关不等于因果。"
            .to_owned(),
    )];
    if !found.explains() {
        notes.insert(
            0,
            context.pick(
                "The metrics explain no more than chance would: which of them is more important means nothing here."
                    .to_owned(),
                "这些指标的解释力不超出偶然：此处各项的重要度没有意义。".to_owned(),
            ),
        );
    }
    let without = found.without_advice().into_iter().filter(|(why, _)| *why != NoAdvice::Chance);
    let without: Vec<String> = without
        .map(|(why, drivers)| {
            let names: Vec<&str> = drivers.iter().map(|one| one.name.get(language)).collect();
            let (names, why) = (names.join(context.pick(", ", "、")), why.text());
            context.pick(format!("{names} ({})", why.en), format!("{names}（{}）", why.zh))
        })
        .collect();
    if !without.is_empty() {
        notes.push(context.pick(
            format!("Nothing is advised on: {}.", without.join("; ")),
            format!("不作建议：{}。", without.join("；")),
        ));
    }
    if found.yes_no {
        notes.push(context.pick(
            "The outcome is yes or no: a linear probability model; the p-value is approximate.".to_owned(),
            "结果为是或否：采用线性概率模型，p 值为近似值。".to_owned(),
        ));
    }
    if found.thin {
        notes.push(context.pick(
            "There are fewer than ten customers for each metric: the shares are rough.".to_owned(),
            "每个指标对应的客户不足十名：份额较粗略。".to_owned(),
        ));
    }
    [head, base, table.text(), notes.join(context.pick(" ", ""))].join("\n")
}

/// The share of what all explain, with its interval: `62.0 % (48.1–71.3)`.
fn importance(one: &MetricDriver) -> String {
    let part = share(one.driver.share);
    let range = one.interval.map(|(low, high)| format!(" ({:.1}–{:.1})", low * 100.0, high * 100.0));
    format!("{part}{}", range.unwrap_or_default())
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

fn sentence_zh(text: &str) -> String {
    format!("{}。", text.trim_end_matches('。'))
}
