//! `clientele batches`: what was brought in.

use clientele_pipeline::collect::batches;
use clientele_present::batches::{Batch, Batches};

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table, count};
use crate::text::Word;

pub async fn run(context: &Context) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let batches = batches(&workspace).await?;
    let document = Batches { batches: batches.iter().map(Batch::from).collect() };
    context.output.result(&document, || {
        if document.batches.is_empty() {
            let none = "Nothing has been imported yet; bring in files with: clientele import FILE";
            return context.pick(none, "尚未导入任何文件；请用 clientele import 文件 导入").to_owned();
        }
        let language = context.language;
        let mut table = Table::new(&[
            (Word::Batch.text(language), Align::Left),
            (Word::Imported.text(language), Align::Left),
            (Word::File.text(language), Align::Left),
            (Word::Layout.text(language), Align::Left),
            (Word::Rows.text(language), Align::Right),
            (Word::Accepted.text(language), Align::Right),
            (Word::Rejected.text(language), Align::Right),
            ("", Align::Left),
        ]);
        for batch in &document.batches {
            let undone = batch.undone_at.map(|at| {
                let at = at.format("%Y-%m-%d %H:%M");
                context.pick(format!("undone {at}"), format!("已于 {at} 撤销"))
            });
            table.row([
                batch.batch.clone(),
                batch.imported_at.format("%Y-%m-%d %H:%M").to_string(),
                batch.file.clone(),
                batch.layout.clone(),
                count(batch.report.rows_read as i64),
                count(batch.report.accepted as i64),
                count(batch.report.rejected as i64),
                undone.unwrap_or_default(),
            ]);
        }
        table.text()
    })
}
