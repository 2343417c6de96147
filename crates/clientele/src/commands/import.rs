//! `clientele import`: brings in files.

use std::path::PathBuf;

use clientele_pipeline::Workspace;
use clientele_pipeline::collect::{BatchReport, ByHand, ImportRequest, import};
use clientele_present::batches::{Imported, ImportedBatch};

use super::quality;
use crate::args::Import;
use crate::context::Context;
use crate::failure::Failure;

pub async fn run(context: &Context, args: Import) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let by_hand = ByHand::read(args.map)?;
    let now = context.now(&workspace);
    let request = |file| ImportRequest {
        source: args.source.clone(),
        by_hand: by_hand.clone(),
        dry_run: args.dry_run,
        ..ImportRequest::new(file, now)
    };
    let (batches, failed) = each(context, &workspace, args.files, request).await;
    if !batches.is_empty() {
        let told = |batch| ImportedBatch::new(batch, context.language);
        let document = Imported { batches: batches.iter().map(told).collect() };
        context.output.result(&document, || {
            let texts: Vec<String> =
                document.batches.iter().map(|batch| quality::text(context, batch)).collect();
            texts.join("\n\n")
        })?;
    }
    failed.map_or(Ok(()), Err)
}

/// Imports file by file, so that what was brought in before a file failed is shown all the same.
pub async fn each(
    context: &Context,
    workspace: &Workspace,
    files: Vec<PathBuf>,
    request: impl Fn(PathBuf) -> ImportRequest,
) -> (Vec<BatchReport>, Option<Failure>) {
    let mut batches = Vec::new();
    for file in files {
        let mut request = request(file);
        request.threads = context.settings.threads;
        request.memory_limit = request.memory_limit.min(context.settings.memory_bytes);
        match import(workspace, &request, context.progress()).await {
            Ok(report) => batches.extend(report.batches),
            Err(error) => return (batches, Some(error.into())),
        }
    }
    (batches, None)
}
