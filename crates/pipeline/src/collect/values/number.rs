//! Money and quantities: exact, four digits after the point.

use super::text::{NUMBER_SIGNS, Notes, ROUNDED};

/// One whole unit, in ten-thousandths.
pub const ONE: i64 = 10_000;

/// The largest number that is not absurd: a thousand billion units.
pub const LIMIT: i64 = 1_000_000_000_000 * ONE;

/// Why a text is no number here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Not a number at all.
    NotANumber,
    /// A number beyond [`LIMIT`].
    Absurd,
}

/// Reads a number into ten-thousandths. Signs of currency and thousands are taken off and noted.
#[inline]
pub fn parse_number(text: &str) -> Result<(i64, Notes), NumberFault> {
    match plain(text.as_bytes()) {
        Some(value) => Ok((value, 0)),
        None => dressed(text),
    }
}

/// `-?digits[.d{1,4}]` with at most 13 digits before the point.
#[inline]
fn plain(bytes: &[u8]) -> Option<i64> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    let mut value: i64 = 0;
    let mut i = 0;
    while i < digits.len() && digits[i].is_ascii_digit() {
        value = value * 10 + i64::from(digits[i] - b'0');
        i += 1;
        if i > 12 {
            return None;
        }
    }
    if i == 0 {
        return None;
    }
    let mut scale = ONE;
    if i < digits.len() {
        let fraction = &digits[i + 1..];
        if digits[i] != b'.' || fraction.is_empty() || fraction.len() > 4 {
            return None;
        }
        for &digit in fraction {
            if !digit.is_ascii_digit() {
                return None;
            }
            value = value * 10 + i64::from(digit - b'0');
            scale /= 10;
        }
    }
    let value = value * scale;
    Some(if negative { -value } else { value })
}

#[cold]
fn dressed(text: &str) -> Result<(i64, Notes), NumberFault> {
    let mut rest = text.trim();
    let mut negative = false;
    let mut notes = 0;
    if let Some(inner) = rest.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        negative = true;
        notes |= NUMBER_SIGNS;
        rest = inner.trim();
    }
    loop {
        let before = rest;
        for sign in ["¥", "￥", "£", "$", "€", "US$", "RMB", "CNY", "USD", "GBP", "EUR", "元", "人民币"]
        {
            rest = rest.strip_prefix(sign).unwrap_or(rest).trim_start();
            rest = rest.strip_suffix(sign).unwrap_or(rest).trim_end();
        }
        if rest.len() < before.len() {
            notes |= NUMBER_SIGNS;
        }
        if let Some(unsigned) = rest.strip_prefix(['-', '−']) {
            negative = !negative;
            rest = unsigned.trim_start();
        } else if let Some(unsigned) = rest.strip_prefix('+') {
            rest = unsigned;
        }
        if rest.len() == before.len() {
            break;
        }
    }
    let (rest, separated) = without_thousands(rest).ok_or(NumberFault::NotANumber)?;
    if separated {
        notes |= NUMBER_SIGNS;
    }
    let (value, rounded) = exact(&rest)?;
    if rounded {
        notes |= ROUNDED;
    }
    Ok((if negative { -value } else { value }, notes))
}

/// Takes thousands separators out and makes the decimal sign a point. A single separator
/// followed by three digits is one of thousands; a comma followed by one or two is decimal.
fn without_thousands(text: &str) -> Option<(String, bool)> {
    let (comma, point) = (text.rfind(','), text.rfind('.'));
    let decimal = match (comma, point) {
        (None, _) => return Some((text.to_owned(), false)),
        (Some(c), Some(p)) => Some(c.max(p)),
        (Some(c), None) => (text.len() - c - 1 != 3).then_some(c),
    };
    let (whole, fraction) = match decimal {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    let groups: Vec<&str> = whole.split([',', '.']).collect();
    let sound = groups.iter().enumerate().all(|(i, group)| {
        group.bytes().all(|b| b.is_ascii_digit())
            && (group.len() == 3 || i == 0 && (1..=3).contains(&group.len()) || groups.len() == 1)
    });
    if !sound || comma.is_some() && point.is_none() && decimal.is_some() && groups.len() > 1 {
        return None;
    }
    let mut out = groups.concat();
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    Some((out, true))
}

/// Digits, an optional fraction of any length and an optional exponent.
fn exact(text: &str) -> Result<(i64, bool), NumberFault> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((m, e)) => (m, e.parse::<i32>().map_err(|_| NumberFault::NotANumber)?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(NumberFault::NotANumber);
    }
    // The place of the point, moved by the four digits that are kept.
    let keep = i64::try_from(whole.len()).unwrap_or(0) + i64::from(exponent) + 4;
    let mut value: i128 = 0;
    for place in 0..keep.max(0) {
        let digit = usize::try_from(place).ok().and_then(|p| digits.get(p)).map_or(0, |d| d - b'0');
        value = value * 10 + i128::from(digit);
        if value > i128::from(LIMIT) {
            return Err(NumberFault::Absurd);
        }
    }
    let cut = usize::try_from(keep.max(0)).unwrap_or(0);
    let tail = digits.get(cut..).unwrap_or(&[]);
    let rounded = tail.iter().any(|&d| d != b'0');
    if keep >= 0 && tail.first().is_some_and(|&d| d >= b'5') {
        value += 1;
    }
    i64::try_from(value).map(|v| (v, rounded)).map_err(|_| NumberFault::Absurd)
}

/// The product of two numbers, rounded half away from zero; `None` beyond [`LIMIT`].
#[inline]
pub fn product(a: i64, b: i64) -> Option<i64> {
    let exact = i128::from(a) * i128::from(b);
    let one = i128::from(ONE);
    let rounded = (exact + exact.signum() * one / 2) / one;
    i64::try_from(rounded).ok().filter(|v| v.abs() <= LIMIT)
}

/// Writes ten-thousandths as a decimal without needless zeros.
pub fn write_number(value: i128) -> String {
    let (whole, fraction) = (value.unsigned_abs() / 10_000, value.unsigned_abs() % 10_000);
    let sign = if value < 0 { "-" } else { "" };
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{}", format!("{fraction:04}").trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<i64, NumberFault> {
        parse_number(text).map(|(value, _)| value)
    }

    #[test]
    fn reads_what_people_write() {
        assert_eq!(read("12.5"), Ok(125_000));
        assert_eq!(read("-0.001"), Ok(-10));
        assert_eq!(read("¥1,234.50"), Ok(12_345_000));
        assert_eq!(read("88.00元"), Ok(880_000));
        assert_eq!(read("-£5"), Ok(-50_000));
        assert_eq!(read("(12.00)"), Ok(-120_000));
        assert_eq!(read("1.234,56"), Ok(12_345_600));
        assert_eq!(read("12,5"), Ok(125_000));
        assert_eq!(read("1,234"), Ok(12_340_000));
        assert_eq!(read("2.5e3"), Ok(25_000_000));
        assert_eq!(read("0.30000000000000004"), Ok(3_000));
        assert_eq!(read("1.00005"), Ok(10_001));
    }

    #[test]
    fn refuses_the_rest() {
        for text in ["", "abc", "12.3.4", "1,23,456", "--", "1e", "12a", "."] {
            assert_eq!(read(text), Err(NumberFault::NotANumber), "{text}");
        }
        assert_eq!(read("99999999999999999999"), Err(NumberFault::Absurd));
        assert_eq!(read("1e40"), Err(NumberFault::Absurd));
    }

    #[test]
    fn multiplies_exactly() {
        assert_eq!(product(60_000, 25_500), Some(153_000));
        assert_eq!(product(-10_000, 10), Some(-10));
        assert_eq!(write_number(97_477_479_340), "9747747.934");
    }
}
