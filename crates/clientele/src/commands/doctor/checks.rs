//! The checks of the doctor. Later ones are left out when an earlier one makes them pointless.

use std::collections::BTreeMap;
use std::path::Path;

use clientele_engine::{EngineUrl, Lake};
use clientele_model::counted;
use clientele_pipeline::session::session;
use clientele_pipeline::{Catalogue, Run, Workspace, runs};

use super::{Check, bad, files, good};
use crate::context::Context;
use crate::failure::Failure;

/// Below this much free space the doctor warns.
const LITTLE: u64 = 1 << 30;

/// The name of a check as users read it.
pub fn name<'a>(context: &Context, check: &'a str) -> &'a str {
    let zh = match check {
        "program" => "程序",
        "workspace" => "工作区",
        "lake" => "数据湖",
        "writing" => "写入权限",
        "space" => "剩余空间",
        "library" => "指标与方案库",
        "engine" => "计算引擎",
        "run" => "最近一次刷新",
        "files" => "数据文件",
        "foreign" => "其他内容",
        other => other,
    };
    context.pick(check, zh)
}

/// Looks at everything.
pub async fn all(context: &Context, deep: bool) -> Vec<Check> {
    let version = env!("CARGO_PKG_VERSION");
    let mut checks = vec![good("program", format!("clientele {version}"))];
    checks.push(engine(context).await);
    let workspace = match context.workspace().await {
        Ok(workspace) => workspace,
        Err(failure) => {
            checks.push(bad("workspace", &failure, context));
            return checks;
        }
    };
    let settings = workspace.settings();
    let folder = workspace.folder().display();
    checks.push(good("workspace", format!("{folder} ({}, {})", settings.currency, settings.timezone.name())));
    checks.push(writing(context, workspace.folder()));
    checks.push(space(context, workspace.folder()));
    checks.push(library(context, &workspace));
    match workspace.lake().await {
        Ok(lake) => {
            checks.push(good("lake", found(context, &lake)));
            checks.push(match last_run(context, &workspace, &lake).await {
                Ok(check) => check,
                Err(failure) => bad("run", &failure, context),
            });
            checks.push(match files::check(context, &lake, deep).await {
                Ok(check) => check,
                Err(failure) => bad("files", &failure, context),
            });
            checks.push(match files::foreign(context, &lake).await {
                Ok(check) => check,
                Err(failure) => bad("foreign", &failure, context),
            });
        }
        Err(error) => checks.push(bad("lake", &error.into(), context)),
    }
    checks
}

async fn engine(context: &Context) -> Check {
    let opened = async {
        let settings = context.engine()?;
        session(&settings).await?;
        Ok::<EngineUrl, Failure>(settings.engine)
    };
    match opened.await {
        Ok(EngineUrl::Local) => {
            let (threads, memory) = (context.settings.threads, context.settings.memory_bytes >> 20);
            let en = format!("local, {threads} threads, {memory} MiB for queries");
            good("engine", context.pick(en, format!("本机，{threads} 个线程，查询内存 {memory} MiB")))
        }
        Ok(url) => good("engine", context.pick(format!("{url} answers"), format!("{url} 可以连接"))),
        Err(failure) => bad("engine", &failure, context),
    }
}

fn found(context: &Context, lake: &Lake) -> String {
    let (place, generation) = (lake.location(), lake.snapshot().generation());
    let commits = counted(generation, "commit", "commits");
    context.pick(format!("{place}, {commits}"), format!("{place}，已提交 {generation} 次"))
}

fn writing(context: &Context, folder: &Path) -> Check {
    match tempfile::Builder::new().prefix(".doctor-").tempfile_in(folder) {
        Ok(_) => good("writing", context.pick("allowed", "允许").to_owned()),
        Err(cause) => bad("writing", &Failure::file(folder, &cause), context),
    }
}

fn space(context: &Context, folder: &Path) -> Check {
    let free = match fs4::available_space(folder) {
        Ok(free) => free,
        Err(cause) => return bad("space", &Failure::file(folder, &cause), context),
    };
    let gigabytes = format!("{:.1} GiB", free as f64 / (1u64 << 30) as f64);
    if free >= LITTLE {
        return good("space", gigabytes);
    }
    let cure = context.pick("; free some space before importing", "；导入前请先清理空间");
    Check { name: "space", ok: false, detail: gigabytes + cure }
}

fn library(context: &Context, workspace: &Workspace) -> Check {
    match Catalogue::load(Some(workspace)) {
        Ok(catalogue) => {
            let (metrics, schemes) = (catalogue.metrics.iter().count(), catalogue.schemes.iter().count());
            let en = format!("{metrics} metrics, {schemes} schemes");
            good("library", context.pick(en, format!("{metrics} 个指标，{schemes} 个分层方案")))
        }
        Err(error) => bad("library", &error.into(), context),
    }
}

/// The last run is fresh when nothing was brought in or taken back since.
async fn last_run(context: &Context, workspace: &Workspace, lake: &Lake) -> Result<Check, Failure> {
    // Reading a short list needs no cluster, and a cluster that is down is a fault of its own.
    let local = clientele_engine::EngineSettings { engine: EngineUrl::Local, ..context.engine()? };
    let session = session(&local).await?;
    session.register_location(lake.location())?;
    let runs = runs::list(lake, &session).await?;
    let now: BTreeMap<String, u64> = lake
        .snapshot()
        .tables()
        .filter(|(table, _)| !runs::RESULTS.contains(table))
        .map(|(table, version)| (table.to_owned(), version))
        .collect();
    let stale = |en: String, zh: String| Check { name: "run", ok: false, detail: context.pick(en, zh) };
    Ok(match runs.last() {
        None if now.is_empty() => {
            good("run", context.pick("nothing imported yet", "尚未导入数据").to_owned())
        }
        None => stale(
            "none yet; run `clientele refresh`".to_owned(),
            "尚未刷新；请运行 clientele refresh".to_owned(),
        ),
        Some(run) if run.inputs != now => stale(
            format!("{}, and data has changed since; run `clientele refresh`", told(context, workspace, run)),
            format!("{}，此后数据有变化；请运行 clientele refresh", told(context, workspace, run)),
        ),
        Some(run) => good("run", told(context, workspace, run)),
    })
}

fn told(context: &Context, workspace: &Workspace, run: &Run) -> String {
    let days = (context.today(workspace).date() - run.as_of.date()).num_days();
    let customers = context.customers(run.customers);
    let word = if days == 1 { "day" } else { "days" };
    context.pick(
        format!("{}, as of {} ({days} {word} ago), {customers}", run.id, run.as_of),
        format!("{}，截至 {}（{days} 天前），{customers}", run.id, run.as_of),
    )
}
