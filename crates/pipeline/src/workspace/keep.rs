//! For how long a workspace keeps runs, and batches such that they can be undone.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};
use clientele_model::Text;

/// What `clientele vacuum` keeps; the part `[keep]` of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Which runs stay.
    pub runs: KeepRuns,
    /// For how many days after its import a batch can be undone; none: for ever.
    pub undo_days: Option<u32>,
}

impl Default for Keep {
    /// `runs = "30 days, then one a month"`, `undo = "90 days"`.
    fn default() -> Self {
        Keep { runs: KeepRuns { days: Some(30), then: Some(Every::Month) }, undo_days: Some(90) }
    }
}

/// Which runs stay: all that were made in the last days, and of older ones the last of each
/// stretch of time, by the day that they look from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeepRuns {
    /// How many days back all runs stay; none: all runs, for ever.
    pub days: Option<u32>,
    /// Of older ones, one of each; none: no older run.
    pub then: Option<Every>,
}

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    Week,
    Month,
    Quarter,
    Year,
}

impl KeepRuns {
    /// Reads `30 days, then one a month`, `8 weeks`, `all`.
    ///
    /// # Errors
    /// What is wrong and how to write it.
    pub fn parse(text: &str) -> Result<Self, Text> {
        let wrong = || {
            Text::new(
                format!(
                    "`{text}` does not say which runs to keep; write it as \"30 days\", \
                     \"30 days, then one a month\" (or a week, a quarter, a year), or \"all\""
                ),
                format!(
                    "“{text}”没有说明保留哪些刷新；请写成 \"30 days\"、\"30 days, then one a month\"\
                     （或 week、quarter、year）或 \"all\""
                ),
            )
        };
        if text.trim() == "all" {
            return Ok(KeepRuns { days: None, then: None });
        }
        let (days, then) = match text.split_once(',') {
            None => (text, None),
            Some((days, then)) => (days, Some(then)),
        };
        let days = parse_days(days).ok_or_else(wrong)?;
        let then = then.map(|then| parse_then(then).ok_or_else(wrong)).transpose()?;
        Ok(KeepRuns { days: Some(days), then })
    }

    /// Whether a run stays for its own sake, however many others there are.
    pub fn is_recent(&self, made_at: NaiveDateTime, now: NaiveDateTime) -> bool {
        self.days.is_none_or(|days| is_within(days, made_at, now))
    }
}

impl Every {
    /// The stretch that a day is in; the same for all days of it.
    pub fn of(self, day: NaiveDate) -> (i32, u32) {
        match self {
            Every::Week => (day.iso_week().year(), day.iso_week().week()),
            Every::Month => (day.year(), day.month()),
            Every::Quarter => (day.year(), day.month0() / 3),
            Every::Year => (day.year(), 0),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Every::Week => "week",
            Every::Month => "month",
            Every::Quarter => "quarter",
            Every::Year => "year",
        }
    }
}

impl fmt::Display for KeepRuns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(days) = self.days else { return f.write_str("all") };
        write!(f, "{days} days")?;
        self.then.map_or(Ok(()), |every| write!(f, ", then one a {}", every.name()))
    }
}

impl Keep {
    /// Reads how long batches can be undone: `90 days`, `all`.
    ///
    /// # Errors
    /// What is wrong and how to write it.
    pub fn parse_undo(text: &str) -> Result<Option<u32>, Text> {
        if text.trim() == "all" {
            return Ok(None);
        }
        let wrong = || {
            Text::new(
                format!(
                    "`{text}` does not say how long a batch can be undone; write it as \"90 days\" or \"all\""
                ),
                format!("“{text}”没有说明批次在多久内可以撤销；请写成 \"90 days\" 或 \"all\""),
            )
        };
        parse_days(text).map(Some).ok_or_else(wrong)
    }

    /// Whether a batch that was imported then can still be undone.
    pub fn can_undo(&self, imported_at: NaiveDateTime, now: NaiveDateTime) -> bool {
        self.undo_days.is_none_or(|days| is_within(days, imported_at, now))
    }

    /// The setting of undo as it is written.
    pub fn undo(&self) -> String {
        self.undo_days.map_or_else(|| "all".to_owned(), |days| format!("{days} days"))
    }
}

fn is_within(days: u32, at: NaiveDateTime, now: NaiveDateTime) -> bool {
    now.checked_sub_days(Days::new(u64::from(days))).is_none_or(|since| since <= at)
}

/// `1 day`, `30 days`, `8 weeks`.
fn parse_days(text: &str) -> Option<u32> {
    let mut words = text.split_whitespace();
    let (number, unit) = (words.next()?, words.next()?);
    let number: u32 = number.parse().ok()?;
    let days = match unit {
        "day" | "days" => 1,
        "week" | "weeks" => 7,
        _ => return None,
    };
    words.next().is_none().then_some(())?;
    number.checked_mul(days)
}

/// `then one a month`.
fn parse_then(text: &str) -> Option<Every> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let ["then", "one", "a", every] = words[..] else { return None };
    [Every::Week, Every::Month, Every::Quarter, Every::Year].into_iter().find(|e| e.name() == every)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn what_is_written_reads_back() {
        for text in ["all", "30 days", "30 days, then one a month", "1 days, then one a week"] {
            assert_eq!(KeepRuns::parse(text).map(|runs| runs.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(
            KeepRuns::parse(" 2  weeks ,then  one a quarter").map(|runs| runs.to_string()),
            Ok("14 days, then one a quarter".into())
        );
        assert_eq!(Keep::parse_undo("90 days"), Ok(Some(90)));
        assert_eq!(Keep::parse_undo("all"), Ok(None));
    }

    #[test]
    fn what_cannot_be_read_says_how_to_write_it() {
        for text in [
            "",
            "30",
            "thirty days",
            "-1 days",
            "30 days then one a month",
            "30 days, then one a decade",
            "30 days,",
            "99999999999 days",
            "all, then one a month",
            "30 days more",
        ] {
            let problem = KeepRuns::parse(text).expect_err(text);
            for problem in [problem.en, problem.zh] {
                assert!(problem.contains(text) && problem.contains("then one a month"), "{problem}");
            }
        }
        assert!(Keep::parse_undo("90").expect_err("no unit").en.contains("90 days"));
    }

    #[test]
    fn stretches_part_days_as_a_calendar_does() {
        assert_eq!(Every::Month.of(day("2026-01-31")), Every::Month.of(day("2026-01-01")));
        assert_ne!(Every::Month.of(day("2026-01-31")), Every::Month.of(day("2026-02-01")));
        assert_eq!(Every::Quarter.of(day("2026-01-01")), Every::Quarter.of(day("2026-03-31")));
        // The first of January of that year belongs to the last week of the year before.
        assert_eq!(Every::Week.of(day("2027-01-01")), Every::Week.of(day("2026-12-31")));
    }

    #[test]
    fn a_batch_can_be_undone_up_to_the_last_day() {
        let (keep, now) = (Keep::default(), day("2026-06-30").and_hms_opt(12, 0, 0).expect("a time"));
        assert!(keep.can_undo(now - chrono::TimeDelta::days(90), now));
        assert!(!keep.can_undo(now - chrono::TimeDelta::days(91), now));
        assert!(keep.can_undo(now + chrono::TimeDelta::days(1), now), "a clock that was set back");
    }
}
