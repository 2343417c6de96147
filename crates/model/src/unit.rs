//! Units of metrics, and how a value in a unit is written for people.

use serde::{Deserialize, Serialize};

use crate::{Currency, Language, Money, money::group_thousands};

/// The unit of a metric's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A whole number of things.
    Count,
    /// An amount of goods, not always whole.
    Quantity,
    /// Days, not always whole.
    Days,
    /// Money in the workspace's currency.
    Money,
    /// A part of a whole, 0 to 1; written as a percentage.
    Share,
    /// A number against another number.
    Ratio,
    /// A calendar day.
    Date,
    /// A point in time.
    Time,
    /// Words.
    Text,
    /// Yes or no.
    YesNo,
}

impl Unit {
    /// Whether values are numbers that can be ordered, cut into bands and summed over customers.
    pub fn is_number(self) -> bool {
        !matches!(self, Unit::Date | Unit::Time | Unit::Text | Unit::YesNo)
    }

    /// The unit of a mean over customers: that of whole numbers is seldom whole, and that of yes and no is the share of
    /// yes.
    #[must_use]
    pub fn of_mean(self) -> Unit {
        match self {
            Unit::Count => Unit::Quantity,
            Unit::YesNo => Unit::Share,
            other => other,
        }
    }
}

/// Writes numbers for people in one language and currency.
#[derive(Debug, Clone)]
pub struct UnitFormat {
    pub language: Language,
    pub currency: Currency,
}

impl UnitFormat {
    /// Writes `value` with its unit: `12 days`, `35.2 %`, `£1,234.50`.
    pub fn number(&self, value: f64, unit: Unit) -> String {
        match unit {
            Unit::Money => {
                let units = (value * 10_000.0).round();
                Money::from_ten_thousandths(units as i128, self.currency.clone()).to_string()
            }
            Unit::Share => format!("{} %", trimmed(value * 100.0, 1)),
            Unit::Days => {
                let text = trimmed(value, 1);
                let en = if text == "1" { "1 day".to_owned() } else { format!("{text} days") };
                self.language.pick(en, format!("{text} 天"))
            }
            Unit::YesNo => self.language.pick(["no", "yes"], ["否", "是"])[usize::from(value != 0.0)].into(),
            Unit::Count => grouped(value, 0),
            _ => grouped(value, 2),
        }
    }
}

fn grouped(value: f64, digits: usize) -> String {
    let text = trimmed(value.abs(), digits);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let minus = if value < 0.0 && text != "0" { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{minus}{}{point}{fraction}", group_thousands(whole))
}

/// At most `digits` digits after the point, without trailing zeros.
fn trimmed(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_values_with_their_unit() -> Result<(), String> {
        let en = UnitFormat { language: Language::En, currency: "GBP".parse()? };
        let zh = UnitFormat { language: Language::Zh, currency: "CNY".parse()? };
        assert_eq!(en.number(1.0, Unit::Days), "1 day");
        assert_eq!(en.number(12.0, Unit::Days), "12 days");
        assert_eq!(zh.number(12.5, Unit::Days), "12.5 天");
        assert_eq!(en.number(0.352, Unit::Share), "35.2 %");
        assert_eq!(en.number(1234.5, Unit::Money), "£1,234.50");
        assert_eq!(en.number(-1234567.0, Unit::Count), "-1,234,567");
        assert_eq!(zh.number(1.0, Unit::YesNo), "是");
        assert_eq!(en.number(0.22, Unit::YesNo.of_mean()), "22 %");
        assert_eq!(en.number(2.5, Unit::Count.of_mean()), "2.5");
        Ok(())
    }
}
