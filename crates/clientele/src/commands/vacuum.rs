//! `clientele vacuum`: removes what the settings do not keep.

use clap::Args;
use clientele_model::Language;
use clientele_pipeline::keep::{self, VacuumRequest};
use clientele_present::keep::Vacuumed;
use indicatif::BinaryBytes;

use crate::args::duration;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::count;

#[derive(Debug, Args)]
pub struct Vacuum {
    /// Only tell what would go, and how many bytes
    #[arg(long)]
    pub dry_run: bool,
    /// How long what is dropped stays for those who are reading it, such as 30m or 2h
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
    pub grace: chrono::TimeDelta,
}

pub async fn run(context: &Context, args: Vacuum) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let request = VacuumRequest {
        now: context.now(&workspace),
        grace: args.grace,
        dry_run: args.dry_run,
        engine: context.engine()?,
    };
    let report = Vacuumed::from(&keep::vacuum(&workspace, &request, context.progress()).await?);
    context.output.result(&report, || text(&report, context.language))
}

fn text(report: &Vacuumed, language: Language) -> String {
    let [kept, dropped] = [&report.kept, &report.dropped].map(|runs| count(runs.len() as i64));
    let bytes = BinaryBytes(report.bytes + report.log_bytes);
    let files = count((report.files + report.log_files) as i64);
    let (runs, undo) = (&report.keep_runs, &report.keep_undo);
    let mut lines = vec![language.pick(
        format!("Settings: runs = \"{runs}\", undo = \"{undo}\"."),
        format!("设置：runs = \"{runs}\"，undo = \"{undo}\"。"),
    )];
    lines.push(match report.dry_run {
        true => language.pick(
            format!("Would drop {dropped} runs and keep {kept}; {files} files with {bytes} would go."),
            format!("将移除 {dropped} 次刷新，保留 {kept} 次；将删除 {files} 个文件，共 {bytes}。"),
        ),
        false => language.pick(
            format!("Dropped {dropped} runs and kept {kept}; {files} files with {bytes} are gone."),
            format!("移除了 {dropped} 次刷新，保留 {kept} 次；已删除 {files} 个文件，共 {bytes}。"),
        ),
    });
    if !report.dropped.is_empty() {
        let (names, rest) = named(report);
        lines.push(language.pick(
            format!("Dropped: {names}{}", if rest > 0 { format!(" and {rest} more") } else { String::new() }),
            format!(
                "移除的刷新：{names}{}",
                if rest > 0 { format!(" 等，另有 {rest} 次") } else { String::new() }
            ),
        ));
    }
    if report.held_files > 0 {
        let (files, bytes) = (count(report.held_files as i64), BinaryBytes(report.held_bytes));
        let minutes = report.grace_seconds / 60;
        lines.push(language.pick(
            format!(
                "{files} more files with {bytes} stay for those who are reading them; a vacuum after \
                 {minutes} minutes removes them."
            ),
            format!("另有 {files} 个文件（{bytes}）暂为正在读取者保留；{minutes} 分钟后再次清理时删除。"),
        ));
    }
    lines.join("\n")
}

/// The first names, and how many more there are.
fn named(report: &Vacuumed) -> (String, usize) {
    const SHOWN: usize = 8;
    let names: Vec<&str> = report.dropped.iter().take(SHOWN).map(String::as_str).collect();
    (names.join(", "), report.dropped.len().saturating_sub(SHOWN))
}
