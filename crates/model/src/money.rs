//! Exact money: a whole number of ten-thousandths of the currency's unit.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Digits kept after the point, in the lake and here. Four hold unit prices below a cent.
pub const MONEY_SCALE: u32 = 4;

/// An ISO 4217 currency code, three upper-case letters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(String);

impl Currency {
    /// The code.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// Digits that people write after the point: 0 for yen and won, 3 for some dinars, else 2.
    pub fn digits(&self) -> u32 {
        match self.0.as_str() {
            "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "XAF" | "XOF" | "PYG" | "UGX" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }

    /// The sign put before an amount, or the code and a space.
    pub fn sign(&self) -> String {
        match self.0.as_str() {
            "GBP" => "£".into(),
            "USD" => "$".into(),
            "EUR" => "€".into(),
            "CNY" => "¥".into(),
            other => format!("{other} "),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let code = text.trim().to_ascii_uppercase();
        if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Currency(code))
        } else {
            Err(format!("`{text}` is not a currency; use a three-letter code such as CNY"))
        }
    }
}

impl FromStr for Currency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Currency::try_from(text.to_owned())
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An exact amount in a currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    ten_thousandths: i128,
    currency: Currency,
}

impl Money {
    /// Takes an amount in ten-thousandths of the currency's unit, as the lake keeps it.
    pub fn from_ten_thousandths(amount: i128, currency: Currency) -> Self {
        Money { ten_thousandths: amount, currency }
    }

    /// The amount as a decimal number; `None` beyond 28 digits.
    pub fn amount(&self) -> Option<Decimal> {
        Decimal::try_from_i128_with_scale(self.ten_thousandths, MONEY_SCALE).ok()
    }

    /// The currency.
    pub fn currency(&self) -> &Currency {
        &self.currency
    }
}

impl fmt::Display for Money {
    /// Writes the sign, thousands separators and the currency's usual digits: `£1,234.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(amount) = self.amount() else {
            return write!(f, "{}e-4 {}", self.ten_thousandths, self.currency);
        };
        let digits = self.currency.digits();
        let rounded =
            amount.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        let text = format!("{:.*}", digits as usize, rounded.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let minus = if rounded.is_sign_negative() && !rounded.is_zero() { "-" } else { "" };
        write!(f, "{minus}{}{}", self.currency.sign(), group_thousands(whole))?;
        if fraction.is_empty() { Ok(()) } else { write!(f, ".{fraction}") }
    }
}

/// Puts a comma between groups of three digits.
pub fn group_thousands(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(amount: i128, code: &str) -> String {
        Money::from_ten_thousandths(amount, Currency(code.into())).to_string()
    }

    #[test]
    fn writes_amounts_as_people_do() {
        assert_eq!(money(12_345_000, "GBP"), "£1,234.50");
        assert_eq!(money(-50, "USD"), "-$0.01");
        assert_eq!(money(-49, "USD"), "$0.00");
        assert_eq!(money(99_999_999, "JPY"), "JPY 10,000");
        assert_eq!(money(1, "KWD"), "KWD 0.000");
    }

    #[test]
    fn refuses_what_is_no_currency() {
        assert!("POUNDS".parse::<Currency>().is_err());
        assert_eq!("cny".parse::<Currency>().map(|c| c.to_string()), Ok("CNY".into()));
    }
}
