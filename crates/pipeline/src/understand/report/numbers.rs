//! Writing numbers in a report: exact where people add up, short where they compare.

use clientele_model::money::group_thousands;
use clientele_model::{Currency, Language, MONEY_SCALE, Money, Unit, UnitFormat};

/// A space that does not let a sign slip to the next line.
const TIGHT: char = '\u{a0}';

/// Below this total (in units of the currency) a report shows cents.
const SHOW_CENTS_BELOW: i128 = 100_000;

/// Writes the numbers of one report.
#[derive(Debug, Clone)]
pub struct Numbers {
    pub language: Language,
    currency: Currency,
    cents: bool,
}

impl Numbers {
    /// Writes in a language and currency; `total` is the largest amount of the report, in
    /// ten-thousandths: large bases are shown without cents, so that columns can be compared.
    pub fn new(language: Language, currency: Currency, total: i128) -> Self {
        let unit = 10_i128.pow(MONEY_SCALE);
        Numbers { language, currency, cents: total.abs() < SHOW_CENTS_BELOW * unit }
    }

    /// A whole number: `4,338`.
    pub fn count(&self, count: i64) -> String {
        let minus = if count < 0 { "-" } else { "" };
        format!("{minus}{}", group_thousands(&count.unsigned_abs().to_string()))
    }

    /// An amount in ten-thousandths: `£8,911,408`.
    pub fn money(&self, amount: i128) -> String {
        let full = Money::from_ten_thousandths(amount, self.currency.clone()).to_string();
        if self.cents || self.currency.digits() == 0 {
            return full;
        }
        let unit = 10_i128.pow(MONEY_SCALE);
        let half = if amount < 0 { -unit / 2 } else { unit / 2 };
        let whole = (amount + half) / unit * unit;
        let text = Money::from_ten_thousandths(whole, self.currency.clone()).to_string();
        text.split_once('.').map_or(text.clone(), |(whole, _)| whole.to_owned())
    }

    /// The currency's sign alone, for the name of an axis.
    pub fn currency(&self) -> String {
        self.currency.code().to_owned()
    }

    /// A share between 0 and 1 with one digit after the point: `41.3 %`. A share too small to show
    /// is written as such rather than as nothing, and one just short of all is not rounded up to all.
    pub fn share(&self, share: f64) -> String {
        let percent = share * 100.0;
        let (sign, text) = if percent > 0.0 && percent < 0.05 {
            ("<", "0.1".to_owned())
        } else if percent > 99.95 && percent < 100.0 {
            (">", "99.9".to_owned())
        } else {
            let text = format!("{percent:.1}");
            ("", if text == "-0.0" { "0.0".to_owned() } else { text })
        };
        self.language.pick(format!("{sign}{text}{TIGHT}%"), format!("{sign}{text}%"))
    }

    /// The share of `part` in `whole`; a dash when there is no whole.
    pub fn part(&self, part: i64, whole: i64) -> String {
        ratio(part as i128, whole as i128).map_or_else(dash, |share| self.share(share))
    }

    /// A figure with its unit: `12 days`, `41.3 %`, `£35`.
    pub fn value(&self, value: f64, unit: Unit) -> String {
        match unit {
            Unit::Money => self.money((value * 10_f64.powi(MONEY_SCALE as i32)).round() as i128),
            Unit::Share => self.share(value),
            // Quantiles of counts need not be whole.
            Unit::Count if value.fract() != 0.0 => self.value(value, Unit::Quantity),
            _ => {
                let format = UnitFormat { language: self.language, currency: self.currency.clone() };
                let digits = if value.abs() >= 100.0 { value.round() } else { (value * 10.0).round() / 10.0 };
                format.number(if value.abs() < 1.0 { value } else { digits }, unit)
            }
        }
    }

    /// A mean over customers of a figure with this unit; of yes and no, the share of yes.
    pub fn mean(&self, value: f64, unit: Unit) -> String {
        self.value(value, unit.of_mean())
    }

    /// A change with its sign: `+12.5 %`; a dash when there is none to tell.
    pub fn change(&self, change: Option<f64>) -> String {
        change.map_or_else(dash, |share| {
            let sign = if share > 0.0 { "+" } else { "" };
            format!("{sign}{}", self.share(share))
        })
    }

    /// The chance that a difference is none: `< 0.001`, `0.031`.
    pub fn chance(&self, p: f64) -> String {
        if p < 0.001 { format!("<{TIGHT}0.001") } else { format!("{p:.3}") }
    }

    /// `a, b`; `a、b`.
    pub fn list(&self, items: &[String]) -> String {
        items.join(self.language.pick(", ", "、"))
    }

    /// `118 customers`, `1 customer`; `118 位客户`.
    pub fn customers(&self, count: i64) -> String {
        let text = self.count(count);
        let noun = if count == 1 { "customer" } else { "customers" };
        self.language.pick(format!("{text}{TIGHT}{noun}"), format!("{text} 位客户"))
    }

    /// `18,532 orders`; `18,532 笔订单`.
    pub fn orders(&self, count: i64) -> String {
        let text = self.count(count);
        let noun = if count == 1 { "order" } else { "orders" };
        self.language.pick(format!("{text}{TIGHT}{noun}"), format!("{text} 笔订单"))
    }

    /// A name from a document, set off from the sentence around it.
    pub fn named(&self, name: &str) -> String {
        self.language.pick(format!("“{name}”"), format!("“{name}”"))
    }
}

/// What stands where a figure has no sense.
pub fn dash() -> String {
    "–".to_owned()
}

/// `part ÷ whole`; `None` unless the whole is above zero.
pub fn ratio(part: i128, whole: i128) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(language: Language, total: i128) -> Numbers {
        Numbers::new(language, Currency::try_from("GBP".to_owned()).expect("a currency"), total)
    }

    #[test]
    fn large_bases_are_shown_without_cents() {
        let large = numbers(Language::En, 90_000_000_000);
        assert_eq!(large.money(89_114_079_000), "£8,911,408");
        assert_eq!(large.money(-15_000), "-£2");
        assert_eq!(numbers(Language::En, 15_000).money(15_000), "£1.50");
    }

    #[test]
    fn a_share_is_never_rounded_to_nothing_or_to_all() {
        let zh = numbers(Language::Zh, 0);
        assert_eq!(zh.share(0.00001), "<0.1%");
        assert_eq!(zh.share(0.99999), ">99.9%");
        assert_eq!(zh.share(1.0), "100.0%");
        assert_eq!(zh.part(1, 0), "–");
        assert_eq!(numbers(Language::En, 0).share(0.4131), "41.3\u{a0}%");
    }
}
