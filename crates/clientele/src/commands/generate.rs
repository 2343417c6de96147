//! `clientele generate`: synthetic data.

use clientele_pipeline::generate::{GenerateRequest, Generated, generate};
use serde::Serialize;

use crate::args::Generate;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::count;

#[derive(Serialize)]
struct Document {
    files: Vec<String>,
    customers: u64,
    orders: u64,
    lines: u64,
    bytes: u64,
    as_of: String,
}

pub async fn run(context: &Context, args: Generate) -> Result<(), Failure> {
    let request = GenerateRequest {
        customers: args.customers,
        orders: args.orders,
        seed: args.seed,
        format: args.format,
        currency: args.currency,
        lines: !args.no_lines,
    };
    let progress = context.progress();
    // Nothing else runs meanwhile, so blocking here keeps nobody waiting.
    let made = tokio::task::block_in_place(|| generate(&args.dir, &request, &progress))?;
    let document = Document {
        files: made.files.iter().map(|file| file.display().to_string()).collect(),
        customers: made.customers,
        orders: made.orders,
        lines: made.lines,
        bytes: made.bytes,
        as_of: made.as_of.to_string(),
    };
    context.output.result(&document, || text(context, &made, &document))
}

fn text(context: &Context, made: &Generated, document: &Document) -> String {
    let [customers, orders, lines] = [made.customers, made.orders, made.lines].map(|n| count(n as i64));
    let (files, as_of) = (document.files.join("\n  "), &document.as_of);
    context.pick(
        format!(
            "Made {customers} customers, {orders} orders and {lines} order lines:\n  {files}\n\
             A good day to look from: clientele refresh --as-of {as_of}"
        ),
        format!(
            "已生成 {customers} 位客户、{orders} 张订单、{lines} 行明细：\n  {files}\n\
             合适的截止日期：clientele refresh --as-of {as_of}"
        ),
    )
}
