//! `clientele undo`: takes a batch back.

use clientele_model::counted;
use clientele_pipeline::collect::undo;
use clientele_present::batches::Undone;

use crate::args::Undo;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::count;

pub async fn run(context: &Context, args: Undo) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let report = Undone::from(&undo(&workspace, &args.batch, context.now(&workspace)).await?);
    context.output.result(&report, || {
        let [removed, restored] = [report.removed, report.restored].map(|n| count(n as i64));
        let kept = match report.kept {
            1 => "1 of them stays".to_owned(),
            kept => format!("{} of them stay", count(kept as i64)),
        };
        let records = counted(report.removed, "record", "records");
        let versions = match report.restored {
            1 => "1 earlier version is back".to_owned(),
            _ => format!("{restored} earlier versions are back"),
        };
        let customers = context.customers(report.customers_removed);
        let gone = if report.customers_removed == 1 { "is" } else { "are" };
        let (batch, file) = (&report.batch, &report.file);
        context.pick(
            format!(
                "Took back batch {batch} ({file}): {records} left, {kept} with later batches, {versions}, \
                 {customers} {gone} gone.\n\
                 Next: clientele refresh"
            ),
            format!(
                "已撤销批次 {batch}（{file}）：移除 {removed} 条记录，其中 {} 条仍属于后来的批次，\
                 恢复 {restored} 条较早的版本，移除 {customers}。\n下一步：clientele refresh",
                count(report.kept as i64)
            ),
        )
    })
}
