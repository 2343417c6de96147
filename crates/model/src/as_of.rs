//! The date that a run looks from.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// The day that a run looks from: facts before its midnight count, later ones are not seen.
///
/// Ages are whole days back from that midnight, so the day before has age 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AsOf(NaiveDate);

impl AsOf {
    /// Looks from the midnight at which `day` begins.
    pub fn new(day: NaiveDate) -> Self {
        AsOf(day)
    }

    /// The day.
    pub fn date(self) -> NaiveDate {
        self.0
    }

    /// Days since 1970-01-01.
    pub fn epoch_days(self) -> i32 {
        self.0.num_days_from_ce() - 719_163
    }
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for AsOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(AsOf)
            .map_err(|_| format!("`{text}` is not a date; write it as 2025-07-01"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_days_from_the_epoch() {
        assert_eq!("1970-01-02".parse::<AsOf>().map(AsOf::epoch_days), Ok(1));
        assert_eq!("2025-07-01".parse::<AsOf>().map(AsOf::epoch_days), Ok(20_270));
    }

    #[test]
    fn refuses_other_forms() {
        assert!("01/07/2025".parse::<AsOf>().is_err());
        assert!("2025-02-30".parse::<AsOf>().is_err());
    }
}
