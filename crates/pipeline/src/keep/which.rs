//! Which runs are kept.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use clientele_model::RunId;

use crate::runs::Run;
use crate::workspace::KeepRuns;

/// The runs that stay: those that the setting keeps, the last of all, and the last that applied
/// each scheme, which the next refresh follows. `runs` are in the order in which they were made.
pub fn kept(runs: &[Run], setting: &KeepRuns, now: NaiveDateTime) -> BTreeSet<RunId> {
    let mut kept: BTreeSet<&RunId> =
        runs.iter().filter(|run| setting.is_recent(run.made_at, now)).map(|run| &run.id).collect();
    kept.extend(runs.last().map(|run| &run.id));
    let mut last = BTreeMap::new();
    for run in runs {
        last.extend(run.schemes.keys().map(|scheme| (scheme, &run.id)));
    }
    kept.extend(last.into_values());
    if let Some(every) = setting.then {
        let mut last: BTreeMap<_, &Run> = BTreeMap::new();
        for run in runs {
            let of_stretch = last.entry(every.of(run.as_of.date())).or_insert(run);
            if of_stretch.as_of <= run.as_of {
                *of_stretch = run;
            }
        }
        kept.extend(last.into_values().map(|run| &run.id));
    }
    kept.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use chrono::{Days, NaiveDate};
    use clientele_model::AsOf;

    use super::*;
    use crate::runs::SchemeOfRun;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn run(number: u32, day: NaiveDate, schemes: &[&str]) -> Run {
        let scheme = || SchemeOfRun { version: 1, cuts: Default::default(), document: String::new() };
        Run {
            id: RunId::new(format!("r{number:04}")),
            as_of: day.to_string().parse::<AsOf>().expect("a day"),
            made_at: day.and_hms_opt(6, 0, 0).expect("a time"),
            generation: u64::from(number),
            customers: 1,
            inputs: BTreeMap::new(),
            metrics: BTreeMap::new(),
            schemes: schemes.iter().map(|id| ((*id).to_owned(), scheme())).collect(),
        }
    }

    fn daily(days: u64) -> Vec<Run> {
        let first = day("2025-01-01");
        (0..days).map(|i| run(i as u32 + 1, first + Days::new(i), &["rfm-11"])).collect()
    }

    fn kept_of(runs: &[Run], setting: &str) -> Vec<u32> {
        let now = runs.last().expect("a run").made_at;
        kept(runs, &KeepRuns::parse(setting).expect("a setting"), now)
            .iter()
            .map(crate::runs::number)
            .collect()
    }

    #[test]
    fn of_a_year_of_days_a_month_and_a_run_a_month_stay() {
        let found = kept_of(&daily(365), "30 days, then one a month");
        // The last runs of January to November, and those of thirty days back from the last.
        let months = [31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        assert_eq!(found, months.into_iter().chain(335..=365).collect::<Vec<_>>());
        assert_eq!(kept_of(&daily(365), "all").len(), 365);
        assert_eq!(kept_of(&daily(365), "2 days"), [363, 364, 365]);
    }

    #[test]
    fn the_last_run_stays_and_the_last_of_each_scheme() {
        let mut runs = daily(5);
        let other = runs[0].schemes["rfm-11"].clone();
        runs[1].schemes.insert("abc".into(), other);
        assert_eq!(kept_of(&runs, "0 days"), [2, 5]);
    }

    #[test]
    fn of_runs_for_days_gone_by_the_one_of_the_latest_day_stays() {
        // Made now, for days of two years ago: once they are old, one stays.
        let mut runs = daily(4);
        for (run, at) in runs.iter_mut().zip(["2024-03-31", "2024-03-01", "2024-03-31", "2025-01-04"]) {
            run.as_of = at.parse().expect("a day");
        }
        assert_eq!(kept_of(&runs, "0 days, then one a month"), [3, 4]);
    }
}
