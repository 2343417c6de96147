//! `clientele segments upload`: what became of a list file.

use clientele_pipeline::understand::segments::{Standing, Uploaded};
use clientele_present::segments::UploadedList;

use super::shown;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table, count};

pub fn show(context: &Context, done: &Uploaded, standing: &Standing) -> Result<(), Failure> {
    let document = UploadedList::new(done, standing, context.language);
    context.output.result(&document, || text(context, &document, standing))
}

fn text(context: &Context, done: &UploadedList, standing: &Standing) -> String {
    let [matched, unmatched] = [done.matched, done.unmatched.len() as u64].map(|n| count(n as i64));
    let [rows, repeated, several] =
        [done.rows, done.repeated, done.several].map(|n| context.count(n, ["row", "rows"], "行"));
    let customers = context.customers(done.customers);
    let mut said = context.pick(
        format!("{rows}: {matched} matched, {unmatched} not; {customers} in the list"),
        format!("{rows}：匹配 {matched} 行，未匹配 {unmatched} 行；名单共 {customers}"),
    );
    if done.repeated > 0 {
        said += &context.pick(
            format!("; {repeated} {} others", if done.repeated == 1 { "repeats" } else { "repeat" }),
            format!("；{repeated}重复"),
        );
    }
    if done.several > 0 {
        said += &context.pick(
            match done.several {
                1 => format!("; {several} means several customers"),
                _ => format!("; {several} mean several customers each"),
            },
            format!("；{several}各对应多位客户"),
        );
    }
    let mut text = format!("{}\n{said}", shown::text(context, standing));
    if !done.unmatched.is_empty() {
        let heads = context.pick(["row", "value", "not matched because"], ["行", "值", "未匹配原因"]);
        let aligns = [Align::Right, Align::Left, Align::Left];
        let columns: Vec<(&str, Align)> = heads.into_iter().zip(aligns).collect();
        let mut table = Table::new(&columns);
        for row in &done.unmatched {
            table.row([count(row.row as i64), row.value.clone(), row.message.to_owned()]);
        }
        text = format!("{text}\n{}", table.text());
    }
    text
}
