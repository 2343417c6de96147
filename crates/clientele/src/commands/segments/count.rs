//! `clientele segments count`: how many customers rules describe.

use std::path::PathBuf;

use clientele_pipeline::understand::segments::{Counter, SegmentError};
use clientele_present::segments::{RuleCount, SegmentCounts};

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table, count, share};

/// A rule to be counted, and the line of the file that it is in.
struct Asked {
    rule: String,
    line: Option<usize>,
}

pub async fn run(context: &Context, rules: Vec<String>, file: Option<PathBuf>) -> Result<(), Failure> {
    let mut asked: Vec<Asked> = rules.into_iter().map(|rule| Asked { rule, line: None }).collect();
    if let Some(place) = &file {
        let text = std::fs::read_to_string(place).map_err(|cause| Failure::file(place, &cause))?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        asked.extend(lines.map(|(at, line)| Asked { rule: line.trim().to_owned(), line: Some(at + 1) }));
    }
    let counter = Counter::over(context.view(None).await?).await?;
    let mut counts = Vec::new();
    for Asked { rule, line } in &asked {
        // A long file is not searched for the rule that is meant.
        let told = |error: SegmentError| match (&file, line) {
            (Some(file), Some(line)) => {
                let file = file.display();
                error
                    .problem()
                    .within((format!("{file}, line {line}"), format!("{file} 第 {line} 行")))
                    .into()
            }
            _ => Failure::from(error),
        };
        let rule = counter.rule(rule).map_err(told)?;
        let found = counter.count(&rule).await.map_err(told)?;
        counts.push(RuleCount::new(&rule, &found));
    }
    let document = SegmentCounts::new(&counter.view.run, counts);
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
