//! `clientele refresh`: measures and classifies every customer.

use std::sync::Arc;

use chrono::Utc;
use clientele_model::AsOf;
use clientele_pipeline::{RefreshRequest, Run, Workspace, refresh};
use serde::Serialize;

use crate::args::Refresh;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::json::RunJson;
use crate::output::steps::StepTimes;
use crate::output::table::count;

#[derive(Serialize)]
struct Document {
    run: RunJson,
    customers: u64,
    metrics: usize,
    schemes: Vec<String>,
}

pub async fn run(context: &Context, args: Refresh) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let run = make(context, &workspace, args).await?;
    let document = Document {
        run: RunJson::new(&run),
        customers: run.customers,
        metrics: run.metrics.len(),
        schemes: run.schemes.keys().cloned().collect(),
    };
    context.output.result(&document, || {
        let customers = count(run.customers as i64);
        let (metrics, schemes) = (run.metrics.len(), run.schemes.len());
        context.pick(
            format!(
                "Run {}, as of {}: {customers} customers, {metrics} metrics, {schemes} schemes.\n\
                 Next: clientele tiers, clientele explain CUSTOMER, clientele report",
                run.id, run.as_of
            ),
            format!(
                "刷新 {}，截至 {}：{customers} 位客户，{metrics} 个指标，{schemes} 个分层方案。\n\
                 下一步：clientele tiers、clientele explain 客户、clientele report",
                run.id, run.as_of
            ),
        )
    })
}

/// Makes a run. The clock is read here and nowhere below.
pub async fn make(context: &Context, workspace: &Workspace, args: Refresh) -> Result<Run, Failure> {
    let timezone = workspace.settings().timezone;
    let request = RefreshRequest {
        as_of: args.as_of.unwrap_or_else(|| AsOf::today(timezone)),
        now: Utc::now().naive_utc(),
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
