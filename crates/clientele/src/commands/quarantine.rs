//! `clientele quarantine`: rows that were refused.

use std::path::Path;

use clientele_model::BatchId;
use clientele_pipeline::collect::quarantine::{quarantine_export, quarantine_list};
use clientele_pipeline::forget::exports::Content;
use clientele_present::batches::{Quarantine as ListDocument, QuarantinedRow};
use clientele_present::files::QuarantineFile;

use crate::args::{Quarantine, QuarantineCommand};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table, count};
use crate::text::Word;

pub async fn run(context: &Context, args: Quarantine) -> Result<(), Failure> {
    match args.command {
        QuarantineCommand::List { batch, limit } => list(context, batch, limit).await,
        QuarantineCommand::Export { batch, to } => export(context, &batch, &to).await,
    }
}

async fn list(context: &Context, batch: Option<BatchId>, limit: usize) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let rows = quarantine_list(&workspace, batch.as_ref(), limit).await?;
    let document = ListDocument { rows: rows.iter().map(QuarantinedRow::from).collect() };
    context.output.result(&document, || {
        if document.rows.is_empty() {
            return context.pick("No row was refused.", "没有被拒绝的行。").to_owned();
        }
        let language = context.language;
        let mut table = Table::new(&[
            (Word::Batch.text(language), Align::Left),
            (Word::File.text(language), Align::Left),
            (Word::Row.text(language), Align::Right),
            (Word::Problem.text(language), Align::Left),
            (Word::Value.text(language), Align::Left),
        ]);
        for row in &document.rows {
            let value = match &row.field {
                Some(field) => format!("{field} = {}", row.value),
                None => row.value.clone(),
            };
            table.row([
                row.batch.clone(),
                row.file.clone(),
                count(row.row as i64),
                row.message.clone(),
                value,
            ]);
        }
        table.text()
    })
}

async fn export(context: &Context, batch: &BatchId, to: &Path) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let rows = quarantine_export(&workspace, batch, to).await?;
    context.note_export(&workspace, to, Content::Quarantine { batch: batch.clone() });
    let document = QuarantineFile { batch: batch.to_string(), file: to.display().to_string(), rows };
    context.output.result(&document, || {
        let (file, rows) = (&document.file, count(rows as i64));
        context.pick(
            format!("Wrote {rows} refused rows to {file}. Correct them there, then: clientele import {file}"),
            format!("已将 {rows} 行写入 {file}。更正后运行：clientele import {file}"),
        )
    })
}
