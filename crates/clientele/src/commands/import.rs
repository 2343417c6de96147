//! `clientele import`: brings in files.

use std::path::PathBuf;

use clientele_pipeline::Workspace;
use clientele_pipeline::collect::{BatchReport, ImportRequest, import};
use serde::Serialize;

use super::quality;
use crate::args::Import;
use crate::context::Context;
use crate::failure::Failure;

#[derive(Serialize)]
struct Document<'a> {
    batches: &'a [BatchReport],
}

pub async fn run(context: &Context, args: Import) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let mut request = ImportRequest::new(Vec::new(), context.now(&workspace));
    request.source = args.source;
    request.map = args.map.into_iter().collect();
    request.dry_run = args.dry_run;
    let (batches, failed) = each(context, &workspace, &request, args.files).await;
    if !batches.is_empty() {
        context.output.result(&Document { batches: &batches }, || {
            let texts: Vec<String> = batches.iter().map(|batch| quality::text(context, batch)).collect();
            texts.join("\n\n")
        })?;
    }
    failed.map_or(Ok(()), Err)
}

/// Imports file by file, so that what was brought in before a file failed is shown all the same.
pub async fn each(
    context: &Context,
    workspace: &Workspace,
    request: &ImportRequest,
    files: Vec<PathBuf>,
) -> (Vec<BatchReport>, Option<Failure>) {
    let mut batches = Vec::new();
    for file in files {
        let request = ImportRequest {
            files: vec![file],
            threads: context.settings.threads,
            memory_limit: context.settings.memory_bytes.min(request.memory_limit),
            ..request.clone()
        };
        match import(workspace, &request, context.progress()).await {
            Ok(report) => batches.extend(report.batches),
            Err(error) => return (batches, Some(error.into())),
        }
    }
    (batches, None)
}
