//! `clientele undo`: takes a batch back.

use clientele_pipeline::collect::undo;

use crate::args::Undo;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::count;

pub async fn run(context: &Context, args: Undo) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let report = undo(&workspace, &args.batch, context.now(&workspace)).await?;
    context.output.result(&report, || {
        let [removed, kept, restored, customers] =
            [report.removed, report.kept, report.restored, report.customers_removed].map(|n| count(n as i64));
        let (batch, file) = (&report.batch, &report.file);
        context.pick(
            format!(
                "Took back batch {batch} ({file}): {removed} records left, {kept} of them stay with later \
                 batches, {restored} earlier versions are back, {customers} customers are gone.\n\
                 Next: clientele refresh"
            ),
            format!(
                "已撤销批次 {batch}（{file}）：移除 {removed} 条记录，其中 {kept} 条仍属于后来的批次，\
                 恢复 {restored} 条较早的版本，移除 {customers} 位客户。\n下一步：clientele refresh"
            ),
        )
    })
}
