//! `clientele backup` and `clientele restore`: copies of a workspace.

use clap::Args;
use clientele_engine::Location;
use clientele_pipeline::keep;
use clientele_present::keep::Copied;
use indicatif::BinaryBytes;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::count;

#[derive(Debug, Args)]
pub struct Backup {
    /// Where to: a folder or s3://BUCKET/PREFIX, where nothing is yet
    #[arg(value_name = "TO")]
    pub to: String,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The backup: a folder or s3://BUCKET/PREFIX
    #[arg(value_name = "FROM")]
    pub from: String,
    /// Where its data go [default: where they were]: a folder in the workspace or s3://BUCKET/PREFIX
    #[arg(long, value_name = "PLACE")]
    pub lake: Option<String>,
}

pub async fn backup(context: &Context, args: Backup) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let to = Location::parse(&args.to)?;
    let done = keep::backup(&workspace, &to, context.now(&workspace), context.progress()).await?;
    let report = Copied::from(&done);
    context.output.result(&report, || {
        let (copied, place) = (copied(context, &report), &report.place);
        context.pick(
            format!(
                "Copied to {place}: {copied}.\n\
                 Back with: clientele --workspace DIR restore {place}"
            ),
            format!("已备份到 {place}：{copied}。\n恢复：clientele --workspace 文件夹 restore {place}"),
        )
    })
}

pub async fn restore(context: &Context, args: Restore) -> Result<(), Failure> {
    let from = Location::parse(&args.from)?;
    let done = keep::restore(&from, context.folder(), args.lake.as_deref(), context.progress()).await?;
    let report = Copied::from(&done);
    context.output.result(&report, || {
        let (copied, place) = (copied(context, &report), &report.place);
        let at = report.made_at.format("%Y-%m-%d %H:%M");
        context.pick(
            format!(
                "Restored the workspace of {at} to {place}: {copied}.\n\
                 Next: clientele --workspace {place} doctor"
            ),
            format!(
                "已将 {at} 的工作区恢复到 {place}：{copied}。\n下一步：clientele --workspace {place} doctor"
            ),
        )
    })
}

fn copied(context: &Context, report: &Copied) -> String {
    let (bytes, files) = (BinaryBytes(report.bytes), count(report.files as i64));
    let runs = context.count(report.runs.len() as u64, ["run", "runs"], "次刷新");
    context.pick(format!("{files} files, {bytes}, {runs}"), format!("{files} 个文件，{bytes}，{runs}"))
}
