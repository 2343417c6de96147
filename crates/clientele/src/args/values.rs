//! What people write for ids and pairs on the command line.

use chrono::TimeDelta;
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

/// A length of time: `45s`, `30m`, `2h`, `1d`.
pub fn duration(text: &str) -> Result<TimeDelta, String> {
    let wrong = || format!("`{text}` is no length of time; write it as 45s, 30m, 2h or 1d");
    let text = text.trim();
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let number: u32 = text.strip_suffix(unit).and_then(|number| number.parse().ok()).ok_or_else(wrong)?;
    TimeDelta::try_seconds(i64::from(number) * seconds).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lengths_of_time() {
        assert_eq!(duration("45s"), Ok(TimeDelta::seconds(45)));
        assert_eq!(duration(" 2h "), Ok(TimeDelta::hours(2)));
        assert_eq!(duration("0s"), Ok(TimeDelta::zero()));
        for text in ["", "h", "2", "2 hours", "-1h", "1时"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
