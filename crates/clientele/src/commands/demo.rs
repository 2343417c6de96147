//! `clientele demo`: a workspace with a year of real orders, ready to look at.
//!
//! The data is UCI Online Retail (Chen, 2015), CC BY 4.0; it is part of the program, so the demo works
//! wherever the program does.

use std::path::{Path, PathBuf};

use chrono_tz::Europe;
use clientele_model::AsOf;
use clientele_model::problem::kinds::command::NO_DEMO;
use clientele_pipeline::collect::ImportRequest;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::workspace::{SETTINGS_FILE, Settings};
use clientele_pipeline::{Run, Workspace};
use clientele_present::batches::ImportedBatch;
use clientele_present::tiers::Tiers;
use clientele_present::workspaces;

use super::{explain, import, quality, refresh, report, tiers};
use crate::args::{Demo, Refresh};
use crate::context::Context;
use crate::failure::Failure;

static DATA: &[u8] = include_bytes!("../../../../data/online_retail/online_retail.parquet");
static NOTICE: &str = include_str!("../../../../data/online_retail/README.md");

/// Marks a folder as a demo, which may be made anew.
const MARK: &str = ".clientele-demo";
/// The schemes that the demo shows.
const SHOWN: [&str; 3] = ["rfm-11", "abc", "lifecycle"];
/// The day after the last order.
const AS_OF: &str = "2011-12-10";

pub async fn run(context: &Context, args: Demo) -> Result<(), Failure> {
    let folder = std::path::absolute(&args.dir).map_err(|cause| Failure::file(&args.dir, &cause))?;
    clear(&folder)?;
    let workspace = make(context, &folder).await?;
    let quality = bring_in(context, &workspace, &folder).await?;
    context.output.tell(&quality);
    let run = refreshed(context, &workspace).await?;
    let view = RunView::open(&workspace, &context.engine()?, Some(&run.id)).await?;
    let page = folder.join("report.html");
    report::write(context, &view, &page).await?;
    show(context, &view, &folder, &page).await
}

/// Makes room: an empty folder and an earlier demo will do, anything else is left alone.
fn clear(folder: &Path) -> Result<(), Failure> {
    let failed = |place: &Path| {
        let place = place.to_path_buf();
        move |cause| Failure::file(&place, &cause)
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    let empty = std::fs::read_dir(folder).map_err(failed(folder))?.next().is_none();
    if !empty && !folder.join(MARK).exists() {
        return Err(NO_DEMO.problem().with("folder", folder.display()).into());
    }
    std::fs::write(folder.join(MARK), "").map_err(failed(folder))?;
    // The settings go first: without them it is no workspace that half a lake could be read from.
    for old in [SETTINGS_FILE, "report.html"] {
        let old = folder.join(old);
        if old.exists() {
            std::fs::remove_file(&old).map_err(failed(&old))?;
        }
    }
    let lake = folder.join("lake");
    if lake.exists() {
        std::fs::remove_dir_all(&lake).map_err(failed(&lake))?;
    }
    Ok(())
}

async fn make(context: &Context, folder: &Path) -> Result<Workspace, Failure> {
    let currency = "GBP".parse().map_err(|problem: String| Failure::usage(problem))?;
    let mut settings = Settings::new(currency);
    settings.timezone = Europe::London;
    settings.language = context.language;
    settings.country = Some("GB".to_owned());
    Ok(Workspace::init(folder, settings).await?)
}

async fn bring_in(context: &Context, workspace: &Workspace, folder: &Path) -> Result<String, Failure> {
    let file = folder.join("online_retail.parquet");
    let notice = folder.join("online_retail.README.md");
    for (file, bytes) in [(&file, DATA), (&notice, NOTICE.as_bytes())] {
        std::fs::write(file, bytes).map_err(|cause| Failure::file(file, &cause))?;
    }
    let now = context.now(workspace);
    let request = |file| ImportRequest::new(file, now);
    let (batches, failed) = import::each(context, workspace, vec![file], request).await;
    if let Some(failure) = failed {
        return Err(failure);
    }
    Ok(batches
        .iter()
        .map(|batch| quality::text(context, &ImportedBatch::new(batch, context.language)))
        .collect::<Vec<_>>()
        .join("\n"))
}

async fn refreshed(context: &Context, workspace: &Workspace) -> Result<Run, Failure> {
    let as_of: AsOf = AS_OF.parse().map_err(|problem: String| Failure::usage(problem))?;
    refresh::make(
        context,
        workspace,
        Refresh { as_of: Some(as_of), schemes: Vec::new(), metrics: Vec::new(), again: None, times: false },
    )
    .await
}

async fn show(context: &Context, view: &RunView, folder: &Path, page: &Path) -> Result<(), Failure> {
    let schemes = SHOWN.iter().map(|id| view.scheme(id)).collect::<Result<Vec<_>, _>>()?;
    let sizes = tiers::sizes(view, &schemes).await?;
    let best = schemes.first().zip(schemes.first().and_then(|scheme| scheme.tiers.first()));
    let mut example = String::new();
    let mut customer = "ID".to_owned();
    if let Some((scheme, tier)) = best
        && let Some(member) = view.members(scheme, tier.id.as_str(), 1).await?.first()
    {
        let known = view.customer(&member.customer_id).await?;
        let receipt = view.explain(&known, scheme).await?;
        example = explain::text(&receipt, &context.format(&view.settings.currency));
        customer = known.id;
    }
    let document = workspaces::Demo {
        workspace: folder.display().to_string(),
        report: page.display().to_string(),
        tiers: Tiers::new(view, &sizes),
        example,
    };
    context.output.result(&document, || {
        let mut parts: Vec<String> = schemes
            .iter()
            .zip(&sizes)
            .map(|(scheme, sizes)| tiers::table(context, scheme, sizes, view))
            .collect();
        parts.push(document.example.clone());
        parts.push(next(context, folder, page, &customer));
        parts.join("\n\n")
    })
}

/// Where everything is, and what to try.
fn next(context: &Context, folder: &Path, page: &Path, customer: &str) -> String {
    let at = shown(folder);
    let page = page.display();
    let lines = [
        format!("clientele --workspace {at} tiers abc"),
        format!("clientele --workspace {at} explain {customer} --scheme lifecycle"),
        format!("clientele --workspace {at} customers --tier rfm-11=cannot_lose"),
        format!("clientele --workspace {at} export labels --to labels.csv"),
    ];
    let head = context.pick(
        format!("The workspace is {at}\nThe report is  {page}\n\nTry next:"),
        format!("工作区：{at}\n报告：{page}\n\n接着可以试试："),
    );
    format!("{head}\n  {}", lines.join("\n  "))
}

/// The folder as one would type it from here.
#[expect(clippy::disallowed_methods, reason = "only how a path is shown depends on it")]
fn shown(folder: &Path) -> String {
    let here: Option<PathBuf> = std::env::current_dir().ok();
    let short = here.and_then(|here| folder.strip_prefix(here).ok().map(Path::to_path_buf));
    short
        .filter(|path| !path.as_os_str().is_empty())
        .unwrap_or_else(|| folder.to_path_buf())
        .display()
        .to_string()
}
