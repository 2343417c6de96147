//! `clientele export`: metrics or labels as a file.

use clientele_pipeline::act::export::{ExportFormat, export};
use serde::Serialize;

use crate::args::Export;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::json::RunJson;
use crate::output::table::count;

#[derive(Serialize)]
struct Document {
    run: RunJson,
    file: String,
    rows: u64,
    columns: usize,
    bytes: u64,
}

pub async fn run(context: &Context, args: Export) -> Result<(), Failure> {
    let format = ExportFormat::of(&args.to, args.bom)?;
    let view = context.view(args.run.as_ref()).await?;
    let done = export(&view, args.what, &args.to, format, &context.progress()).await?;
    let document = Document {
        run: RunJson::new(&view.run),
        file: done.file.display().to_string(),
        rows: done.rows,
        columns: done.columns,
        bytes: done.bytes,
    };
    context.output.result(&document, || {
        let (file, rows, columns) = (&document.file, count(done.rows as i64), done.columns);
        context.pick(
            format!("Wrote {rows} customers with {columns} columns to {file}."),
            format!("已将 {rows} 位客户、{columns} 列写入 {file}。"),
        )
    })
}
