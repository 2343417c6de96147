//! `clientele refresh`: measures and classifies every customer.

use std::sync::Arc;

use clientele_model::RunId;
use clientele_pipeline::learn::alerts::raised;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::{AgainRequest, RefreshRequest, Run, Workspace, again, refresh};
use clientele_present::alerts::{RaisedAlert, Stranger};
use clientele_present::refresh::{MendedRun, Refreshed};

use crate::args::Refresh;
use crate::commands::alerts::{sentence, tell_strangers};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::steps::StepTimes;

/// Alerts that are told at once; the rest are counted.
const SHOWN: usize = 3;

/// What the alerts say of a run, ready to be shown.
#[derive(Default)]
struct AlertTexts {
    alerts: Vec<RaisedAlert>,
    strangers: Vec<Stranger>,
    sentences: Vec<String>,
}

pub async fn run(context: &Context, args: Refresh) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    if let Some(run) = args.again {
        return mend(context, &workspace, run).await;
    }
    let run = make(context, &workspace, args).await?;
    // The run is made; that its alerts cannot be told is no reason to fail.
    let (told, alerts_error) = match told(context, &workspace, &run).await {
        Ok(told) => (told, None),
        Err(failure) => (AlertTexts::default(), Some(failure.sentence(context.language))),
    };
    if let Some(why) = &alerts_error {
        context.output.tell(&context.pick(
            format!("The run is made, but its alerts cannot be told: {why}"),
            format!("刷新已完成，但无法给出预警：{why}"),
        ));
    }
    let document = Refreshed::new(&run, told.alerts, told.strangers, alerts_error);
    context.output.result(&document, || {
        let customers = context.customers(run.customers);
        let metrics = context.count(run.metrics.len() as u64, ["metric", "metrics"], "个指标");
        let schemes = context.count(run.schemes.len() as u64, ["scheme", "schemes"], "个分层方案");
        let alerts = alerts(context, &run, &told.sentences);
        context.pick(
            format!(
                "Run {}, as of {}: {customers}, {metrics}, {schemes}.\n{alerts}\
                 Next: clientele tiers, clientele explain CUSTOMER, clientele report",
                run.id, run.as_of
            ),
            format!(
                "刷新 {}，截至 {}：{customers}，{metrics}，{schemes}。\n{alerts}\
                 下一步：clientele tiers、clientele explain 客户、clientele report",
                run.id, run.as_of
            ),
        )
    })
}

/// Makes the damaged files of a run anew.
async fn mend(context: &Context, workspace: &Workspace, run: RunId) -> Result<(), Failure> {
    let request = AgainRequest { run, engine: context.engine()?, threads: context.settings.threads };
    let mended = again(workspace, &request, context.progress()).await?;
    let document = MendedRun { run: mended.run.to_string(), mended: mended.files };
    context.output.result(&document, || {
        let (run, count) = (&document.run, document.mended.len() as u64);
        if count == 0 {
            return context.pick(
                format!("All files of run {run} are as they were written; nothing was changed."),
                format!("刷新 {run} 的所有文件均与写入时相同；未作任何改动。"),
            );
        }
        let files = context.count(count, ["damaged file", "damaged files"], "个损坏的文件");
        context.pick(
            format!("Made {files} of run {run} anew, to the same bytes."),
            format!("已重新生成刷新 {run} 的 {files}，内容与原来逐字节相同。"),
        )
    })
}

async fn told(context: &Context, workspace: &Workspace, run: &Run) -> Result<AlertTexts, Failure> {
    let view = RunView::open(workspace, &context.engine()?, Some(&run.id)).await?;
    let told = raised(workspace, &view).await?;
    tell_strangers(context, &told.strangers);
    Ok(AlertTexts {
        alerts: told.raised.iter().map(RaisedAlert::from).collect(),
        strangers: told.strangers.iter().map(Stranger::from).collect(),
        sentences: told.raised.iter().map(|raised| sentence(context, &view, raised)).collect(),
    })
}

/// The first alerts, a line each, and where the others are; nothing when none was set off.
fn alerts(context: &Context, run: &Run, sentences: &[String]) -> String {
    if sentences.is_empty() {
        return String::new();
    }
    let count = context.count(sentences.len() as u64, ["alert", "alerts"], "条预警");
    let shown: String = sentences.iter().take(SHOWN).map(|sentence| format!("  {sentence}\n")).collect();
    let more = match sentences.len() > SHOWN {
        true => context.pick(
            format!("  More: clientele alerts --run {}\n", run.id),
            format!("  更多：clientele alerts --run {}\n", run.id),
        ),
        false => String::new(),
    };
    context.pick(format!("{count}:\n{shown}{more}"), format!("{count}：\n{shown}{more}"))
}

/// Makes a run. The clock is read here and nowhere below.
pub async fn make(context: &Context, workspace: &Workspace, args: Refresh) -> Result<Run, Failure> {
    let request = RefreshRequest {
        as_of: args.as_of.unwrap_or_else(|| context.today(workspace)),
        now: context.now(workspace),
        schemes: args.schemes,
        metrics: args.metrics,
        engine: context.engine()?,
        threads: context.settings.threads,
    };
    let progress = context.progress();
    if !args.times {
        return Ok(refresh(workspace, &request, progress).await?);
    }
    let times = Arc::new(StepTimes::new(context.language, progress));
    let run = refresh(workspace, &request, times.clone()).await?;
    times.end();
    Ok(run)
}
