//! `clientele schemes check`: whether everyone lands in exactly one tier.

use std::path::{Path, PathBuf};

use clientele_pipeline::Catalogue;
use clientele_pipeline::classify::check::{CheckReport, check};
use clientele_pipeline::library::Document as Source;
use clientele_present::schemes::{SchemeCheck, SchemeChecks};

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::count;

/// Counter-examples that are written out; the rest are counted.
const SHOWN: usize = 10;

pub async fn run(context: &Context, catalogue: &Catalogue, files: &[PathBuf]) -> Result<(), Failure> {
    let mut schemes = Vec::new();
    for file in files {
        schemes.push(checked(catalogue, file).await?);
    }
    let document = SchemeChecks::new(schemes);
    context.output.result(&document, || {
        document.schemes.iter().map(|scheme| text(context, scheme)).collect::<Vec<_>>().join("\n")
    })?;
    // The faults have been shown.
    if document.ok { Ok(()) } else { Err(Failure::Shown) }
}

async fn checked(catalogue: &Catalogue, file: &Path) -> Result<SchemeCheck, Failure> {
    let text = std::fs::read_to_string(file).map_err(|cause| Failure::file(file, &cause))?;
    let source = Source { name: file.display().to_string(), text };
    let report: CheckReport = check(&source, &catalogue.schemes, &catalogue.metrics).await?;
    Ok(SchemeCheck::new(source.name, report))
}

fn text(context: &Context, check: &SchemeCheck) -> String {
    let (file, scheme, combinations) = (&check.file, &check.scheme, count(check.combinations as i64));
    let mark = if check.ok { '✔' } else { '✖' };
    let head = match check.ok {
        true => context.pick(
            format!("{file}: {scheme} puts each of {combinations} combinations in exactly one tier"),
            format!("{file}：{scheme} 的 {combinations} 种组合都恰好落入一个层级"),
        ),
        false => context.pick(
            format!("{file}: {scheme} does not put everyone in exactly one tier"),
            format!("{file}：{scheme} 不能让每位客户恰好落入一个层级"),
        ),
    };
    let mut lines = vec![format!("{mark} {head}")];
    let gap = context.pick("in no tier", "不属于任何层级");
    lines.extend(shortened(context, check.gaps.iter().map(|what| format!("    {what}: {gap}")).collect()));
    let several = context.pick("in several tiers", "同时属于多个层级");
    let overlaps = check.overlaps.iter();
    let overlaps = overlaps
        .map(|overlap| format!("    {}: {several}: {}", overlap.combination, overlap.tiers.join(", ")));
    lines.extend(shortened(context, overlaps.collect()));
    if !check.unreachable.is_empty() {
        let nobody = context.pick("nobody can reach", "没有客户能到达");
        lines.push(format!("    {nobody}: {}", check.unreachable.join(", ")));
    }
    lines.join("\n")
}

fn shortened(context: &Context, mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if more > 0 {
        let more = count(more as i64);
        lines.push(context.pick(format!("    … and {more} more"), format!("    …… 另有 {more} 个")));
    }
    lines
}
