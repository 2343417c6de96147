//! `clientele export`: metrics or labels as a file.

use clientele_pipeline::act::export::{ExportFormat, export};
use clientele_pipeline::forget::exports::Content;
use clientele_present::files::ExportFile;

use crate::args::Export;
use crate::context::Context;
use crate::failure::Failure;

pub async fn run(context: &Context, args: Export) -> Result<(), Failure> {
    let format = ExportFormat::of(&args.to, args.bom)?;
    let view = context.view(args.run.as_ref()).await?;
    let what = args.what.to_string();
    let done = export(&view, args.what, &args.to, format, &context.progress()).await?;
    let content = Content::Export { what, run: view.run.id.clone(), byte_order_mark: args.bom };
    context.note_export(&context.workspace().await?, &args.to, content);
    let document = ExportFile::new(&view.run, &done);
    context.output.result(&document, || {
        let (file, rows, columns) = (&document.file, context.customers(done.rows), done.columns);
        let with = if columns == 1 { "column" } else { "columns" };
        context.pick(
            format!("Wrote {rows} with {columns} {with} to {file}."),
            format!("已将 {rows}、{columns} 列写入 {file}。"),
        )
    })
}
