//! The settings of a workspace.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use clientele_model::{Currency, Language, Text};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::keep::{Keep, KeepRuns};

/// What a workspace takes for granted. Kept in `clientele.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The currency of all money in the lake.
    pub currency: Currency,
    /// The timezone of all wall-clock times.
    pub timezone: Tz,
    /// The language of texts.
    pub language: Language,
    /// The country of phone numbers without a prefix, two letters; guessed from the timezone.
    pub country: Option<String>,
    /// Where the lake is: a folder in the workspace, or `s3://bucket/prefix`.
    pub lake: String,
    /// Customers in one bucket of the lake. Never changes once there is data.
    pub bucket_customers: i32,
    /// Up to how many customers cut points are exact; beyond, they come from a sketch of the base.
    pub exact_customers: u64,
    /// How many days after now an order may be dated before it is refused.
    pub future_tolerance_days: u32,
    /// The fewest customers that anything is said of when groups are described or compared.
    pub minimum_group: u32,
    /// Where commands compute unless told otherwise: `local` or `df://HOST:PORT`.
    pub engine: Option<String>,
    /// How much memory their queries get unless told otherwise, as `4GiB`.
    pub memory: Option<String>,
    /// With how many threads they compute unless told otherwise.
    pub threads: Option<u16>,
    /// What one unit of another currency, named by its code, is worth in the workspace's.
    pub rates: BTreeMap<String, Decimal>,
    /// What a vacuum keeps, where the file says it.
    pub keep: Option<Keep>,
}

/// The settings as they stand in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    currency: Currency,
    timezone: Option<String>,
    #[serde(default)]
    language: Language,
    country: Option<String>,
    lake: Option<String>,
    bucket_customers: Option<i32>,
    exact_customers: Option<u64>,
    future_tolerance_days: Option<u32>,
    minimum_group: Option<u32>,
    engine: Option<String>,
    memory: Option<String>,
    threads: Option<u16>,
    #[serde(default)]
    rates: BTreeMap<String, String>,
    keep: Option<WrittenKeep>,
}

/// What stays after a vacuum, as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKeep {
    runs: Option<String>,
    undo: Option<String>,
}

impl Settings {
    /// The usual settings in a currency.
    pub fn new(currency: Currency) -> Self {
        Settings {
            currency,
            timezone: Tz::UTC,
            language: Language::default(),
            country: None,
            lake: "lake".to_owned(),
            bucket_customers: 32_768,
            exact_customers: 20_000_000,
            future_tolerance_days: 1,
            minimum_group: 5,
            engine: None,
            memory: None,
            threads: None,
            rates: BTreeMap::new(),
            keep: None,
        }
    }

    /// What a vacuum keeps.
    pub fn keep(&self) -> Keep {
        self.keep.unwrap_or_default()
    }

    /// Reads settings. The error is a line (from 1) and what is wrong there.
    pub fn parse(text: &str) -> Result<Self, (usize, Text)> {
        let written: Written = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = 1 + text.as_bytes()[..at].iter().filter(|&&b| b == b'\n').count();
            (line, same(error.message()))
        })?;
        let wrong = |key: &str, problem: Text| (line_of(text, key), problem);
        let mut settings = Settings::new(written.currency);
        if let Some(name) = written.timezone {
            settings.timezone = name.parse().map_err(|_| {
                let en = format!("`{name}` is no timezone; use one like Asia/Shanghai");
                wrong("timezone", Text::new(en, format!("“{name}”不是时区；请写成 Asia/Shanghai 这样")))
            })?;
        }
        settings.language = written.language;
        settings.engine = written.engine;
        settings.memory = written.memory;
        settings.threads = written.threads;
        settings.country = written.country;
        settings.lake = written.lake.unwrap_or(settings.lake);
        settings.bucket_customers = written.bucket_customers.unwrap_or(settings.bucket_customers);
        settings.exact_customers = written.exact_customers.unwrap_or(settings.exact_customers);
        settings.future_tolerance_days =
            written.future_tolerance_days.unwrap_or(settings.future_tolerance_days);
        settings.minimum_group = written.minimum_group.unwrap_or(settings.minimum_group);
        if settings.minimum_group < 1 {
            return Err(wrong("minimum_group", at_least_one()));
        }
        if settings.bucket_customers < 1 {
            return Err(wrong("bucket_customers", at_least_one()));
        }
        for (code, rate) in written.rates {
            let currency: Currency = code.parse().map_err(|problem: String| wrong(&code, same(&problem)))?;
            let number =
                Decimal::from_str(&rate).ok().filter(|rate| *rate > Decimal::ZERO).ok_or_else(|| {
                    let en = format!("`{rate}` is no rate; use a number above zero in quotes");
                    wrong(&code, Text::new(en, format!("“{rate}”不是汇率；请写成加引号的正数")))
                })?;
            // Beyond that it is a slip, and amounts would not be exact any more.
            let usual = Decimal::new(1, 6)..=Decimal::from(1_000_000u32);
            let rate = Some(number).filter(|rate| usual.contains(rate)).ok_or_else(|| {
                let bounds = "between 0.000001 and 1000000";
                let en = format!("`{rate}` is no rate between two currencies; use a number {bounds}");
                let zh = format!("“{rate}”不是两种货币之间的汇率；请用 0.000001 到 1000000 之间的数");
                wrong(&code, Text::new(en, zh))
            })?;
            settings.rates.insert(currency.code().to_owned(), rate);
        }
        if let Some(written) = written.keep {
            let mut keep = Keep::default();
            if let Some(runs) = written.runs {
                keep.runs = KeepRuns::parse(&runs).map_err(|problem| wrong("runs", problem))?;
            }
            if let Some(undo) = written.undo {
                keep.undo_days = Keep::parse_undo(&undo).map_err(|problem| wrong("undo", problem))?;
            }
            settings.keep = Some(keep);
        }
        Ok(settings)
    }

    /// The instant at which clocks of the workspace show a time; the earlier one where they
    /// show it twice.
    pub fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        self.timezone
            .from_local_datetime(&local)
            .earliest()
            .map_or_else(|| local.and_utc(), |time| time.with_timezone(&Utc))
    }

    /// Writes the settings as a document that people can edit.
    pub fn to_toml(&self) -> String {
        let mut out = String::from("# Settings of this workspace.\n");
        let mut line = |key: &str, value: String| out.push_str(&format!("{key} = {value}\n"));
        line("currency", format!("\"{}\"", self.currency));
        line("timezone", format!("\"{}\"", self.timezone.name()));
        line("language", self.language.pick("\"en\"", "\"zh\"").to_owned());
        if let Some(country) = &self.country {
            line("country", format!("{country:?}"));
        }
        line("lake", format!("{:?}", self.lake));
        line("bucket_customers", self.bucket_customers.to_string());
        line("exact_customers", self.exact_customers.to_string());
        line("future_tolerance_days", self.future_tolerance_days.to_string());
        line("minimum_group", self.minimum_group.to_string());
        let mut text = |key: &str, value: &Option<String>| {
            if let Some(value) = value {
                out.push_str(&format!("{key} = {value:?}\n"));
            }
        };
        text("engine", &self.engine);
        text("memory", &self.memory);
        if let Some(threads) = self.threads {
            out.push_str(&format!("threads = {threads}\n"));
        }
        if !self.rates.is_empty() {
            out.push_str("\n[rates]\n");
            for (currency, rate) in &self.rates {
                out.push_str(&format!("{currency} = \"{rate}\"\n"));
            }
        }
        if let Some(keep) = &self.keep {
            out.push_str(&format!("\n[keep]\nruns = \"{}\"\nundo = \"{}\"\n", keep.runs, keep.undo()));
        }
        out
    }
}

fn at_least_one() -> Text {
    Text::new("it must be at least 1", "至少为 1")
}

/// A problem that is told in one language only.
fn same(problem: &str) -> Text {
    Text::new(problem, problem)
}

fn line_of(text: &str, key: &str) -> usize {
    let starts = |line: &str| line.trim_start().starts_with(key);
    text.lines().position(starts).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_settings_read_back() {
        let mut settings = Settings::new("CNY".parse().expect("a currency"));
        settings.timezone = chrono_tz::Asia::Shanghai;
        settings.rates.insert("USD".into(), Decimal::new(72, 1));
        settings.engine = Some("df://planner:50050".into());
        settings.threads = Some(4);
        settings.keep = Some(Keep { undo_days: None, ..Keep::default() });
        assert_eq!(Settings::parse(&settings.to_toml()), Ok(settings));
    }

    #[test]
    fn an_absurd_rate_is_a_mistake_in_its_line() {
        for rate in ["79228162514264337593543950335", "1e28", "0.0000000001", "-1", "0", "NaN", "much"] {
            let text = format!("currency = \"CNY\"\n[rates]\nUSD = \"{rate}\"\n");
            let (line, problem) = Settings::parse(&text).expect_err(rate);
            assert!(line == 3 && problem.en.contains(rate), "{rate}: {line}, {problem:?}");
        }
    }

    #[test]
    fn a_misspelt_key_has_its_line() {
        let error = Settings::parse("currency = \"CNY\"\ntimezon = \"UTC\"\n").expect_err("a typo");
        assert_eq!(error.0, 2);
    }

    #[test]
    fn what_cannot_be_kept_has_its_line() {
        let text = "currency = \"CNY\"\n\n[keep]\nruns = \"30 days\"\nundo = \"soon\"\n";
        let (line, problem) = Settings::parse(text).expect_err("no length of time");
        assert_eq!(line, 5);
        for problem in [problem.en, problem.zh] {
            assert!(problem.contains("soon") && problem.contains("90 days"), "{problem}");
        }
    }
}
