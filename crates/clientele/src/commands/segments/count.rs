//! `clientele segments count`: how many customers rules describe.

use std::path::PathBuf;

use clientele_pipeline::understand::segments::Counter;
use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::json::RunJson;
use crate::output::table::{Align, Table, count, share};

#[derive(Serialize)]
struct Document {
    run: RunJson,
    counts: Vec<CountJson>,
}

#[derive(Serialize)]
struct CountJson {
    /// The rule, written one way.
    rule: String,
    customers: u64,
    customer_share: f64,
    /// How long it took, once the run was open.
    milliseconds: f64,
}

pub async fn run(context: &Context, mut rules: Vec<String>, file: Option<PathBuf>) -> Result<(), Failure> {
    if let Some(place) = file {
        let text = std::fs::read_to_string(&place).map_err(|cause| Failure::File { place, cause })?;
        rules.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
    }
    let mut counter = Counter::open(&context.workspace().await?, &context.engine()?).await?;
    let mut counts = Vec::new();
    for rule in &rules {
        let rule = counter.rule(rule)?;
        let found = counter.count(&rule).await?;
        counts.push(CountJson {
            rule: rule.to_string(),
            customers: found.customers,
            customer_share: if found.of == 0 { 0.0 } else { found.customers as f64 / found.of as f64 },
            milliseconds: (found.took.as_secs_f64() * 1e5).round() / 100.0,
        });
    }
    let document = Document { run: RunJson::new(&counter.view.run), counts };
    context.output.result(&document, || {
        let heads = context.pick(["customers", "share", "ms", "rule"], ["客户数", "占比", "毫秒", "规则"]);
        let aligns = [Align::Right, Align::Right, Align::Right, Align::Left];
        let columns: Vec<(&str, Align)> = heads.into_iter().zip(aligns).collect();
        let mut table = Table::new(&columns);
        for found in &document.counts {
            table.row([
                count(found.customers as i64),
                share(found.customer_share),
                format!("{:.0}", found.milliseconds),
                found.rule.clone(),
            ]);
        }
        table.text()
    })
}
