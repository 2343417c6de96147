//! What people write for ids and pairs on the command line.

use clientele_model::{BatchId, MetricId, RunId, SchemeId};

pub fn scheme_id(text: &str) -> Result<SchemeId, String> {
    named(text, "scheme").map(SchemeId::new)
}

pub fn metric_id(text: &str) -> Result<MetricId, String> {
    named(text, "metric").map(MetricId::new)
}

pub fn run_id(text: &str) -> Result<RunId, String> {
    named(text, "run").map(RunId::new)
}

pub fn batch_id(text: &str) -> Result<BatchId, String> {
    named(text, "batch").map(BatchId::new)
}

fn named<'a>(text: &'a str, what: &str) -> Result<&'a str, String> {
    let text = text.trim();
    if text.is_empty() { Err(format!("name a {what}")) } else { Ok(text) }
}

pub fn field_and_column(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, column)) if !field.trim().is_empty() && !column.trim().is_empty() => {
            Ok((field.trim().to_owned(), column.trim().to_owned()))
        }
        _ => Err("write FIELD=COLUMN, as in amount=total".to_owned()),
    }
}

pub fn scheme_and_tier(text: &str) -> Result<(SchemeId, String), String> {
    match text.split_once('=') {
        Some((scheme, tier)) if !scheme.trim().is_empty() && !tier.trim().is_empty() => {
            Ok((SchemeId::new(scheme.trim()), tier.trim().to_owned()))
        }
        _ => Err("write SCHEME=TIER, as in rfm-11=champions".to_owned()),
    }
}
