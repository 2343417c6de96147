//! Dates and times: microseconds of wall-clock time since 1970.

use chrono::{NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use clientele_model::spec::source::DateOrder;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// How dates that can be read in more than one way are read.
#[derive(Debug, Clone, Copy)]
pub struct TimeRules {
    /// Day or month first, where dates have slashes and the year last.
    pub order: Option<DateOrder>,
    /// The workspace's timezone; instants with an offset are told in its wall-clock time.
    pub timezone: Tz,
}

/// Reads a date or a time. `None` when it is neither.
#[inline]
pub fn parse_time(text: &str, rules: &TimeRules) -> Option<i64> {
    iso(text.as_bytes(), rules).or_else(|| other(text, rules))
}

/// `YYYY-MM-DD` or with `/`, then nothing or a time of day.
#[inline]
fn iso(b: &[u8], rules: &TimeRules) -> Option<i64> {
    if b.len() < 10 || !matches!(b[4], b'-' | b'/') || b[7] != b[4] {
        return None;
    }
    let date = day(two(b, 0)? * 100 + two(b, 2)?, two(b, 5)?, two(b, 8)?)?;
    clock(&b[10..], date, rules)
}

/// What follows a date: ` HH:MM[:SS[.ffffff]][ AM|PM][Z|±HH:MM]`.
#[inline]
fn clock(b: &[u8], date: i64, rules: &TimeRules) -> Option<i64> {
    if b.is_empty() {
        return Some(date);
    }
    if !matches!(b[0], b' ' | b'T') {
        return None;
    }
    let b = b[1..].trim_ascii_start();
    let wide = b.len() >= 2 && b[1] != b':';
    let mut hour = if wide { two(b, 0)? } else { digit(b, 0)? };
    let mut at = if wide { 2 } else { 1 };
    if b.get(at) != Some(&b':') {
        return None;
    }
    let minute = two(b, at + 1)?;
    at += 3;
    let mut second = 0;
    let mut micros = 0;
    if b.get(at) == Some(&b':') {
        second = two(b, at + 1)?;
        at += 3;
        if matches!(b.get(at), Some(b'.' | b',')) {
            at += 1;
            let mut unit = SECOND / 10;
            while let Some(d) = b.get(at).filter(|d| d.is_ascii_digit()) {
                micros += i64::from(d - b'0') * unit;
                unit /= 10;
                at += 1;
            }
        }
    }
    let mut rest = b[at..].trim_ascii_start();
    if rest.len() >= 2 && matches!(rest[0], b'a' | b'A' | b'p' | b'P') && matches!(rest[1], b'm' | b'M') {
        let afternoon = matches!(rest[0], b'p' | b'P');
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if afternoon { 12 } else { 0 };
        rest = rest[2..].trim_ascii_start();
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let local = date + (hour * 3600 + minute * 60 + second) * SECOND + micros;
    if rest.is_empty() { Some(local) } else { shifted(local, rest, rules) }
}

/// A time with an offset, told in the workspace's wall-clock time.
fn shifted(local: i64, offset: &[u8], rules: &TimeRules) -> Option<i64> {
    let minutes = match offset {
        b"Z" | b"z" | b"UTC" | b"GMT" => 0,
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let hours = two(rest, 0)?;
            let minutes = match &rest[2..] {
                [] => 0,
                [b':', m @ ..] if m.len() == 2 => two(m, 0)?,
                m if m.len() == 2 => two(m, 0)?,
                _ => return None,
            };
            let total = hours * 60 + minutes;
            if *sign == b'-' { -total } else { total }
        }
        _ => return None,
    };
    let instant = Utc.timestamp_micros(local - minutes * 60 * SECOND).single()?;
    Some(instant.with_timezone(&rules.timezone).naive_local().and_utc().timestamp_micros())
}

/// The forms that are not ISO: `20110125`, `2011年1月25日`, `25/1/2011`, `2011-1-5`, `5 Jan 2011`,
/// and seconds, milliseconds or microseconds since 1970.
#[cold]
fn other(text: &str, rules: &TimeRules) -> Option<i64> {
    let b = text.as_bytes();
    if b.iter().all(u8::is_ascii_digit) {
        return match b.len() {
            8 => day(two(b, 0)? * 100 + two(b, 2)?, two(b, 4)?, two(b, 6)?),
            14 => {
                let date = day(two(b, 0)? * 100 + two(b, 2)?, two(b, 4)?, two(b, 6)?)?;
                let (h, m, s) = (two(b, 8)?, two(b, 10)?, two(b, 12)?);
                (h < 24 && m < 60 && s < 60).then(|| date + (h * 3600 + m * 60 + s) * SECOND)
            }
            10 => since_1970(text, SECOND, rules),
            13 => since_1970(text, SECOND / 1000, rules),
            16 => since_1970(text, 1, rules),
            _ => None,
        };
    }
    if b.iter().any(u8::is_ascii_alphabetic)
        && let Some(found) = with_month_name(text, rules)
    {
        return Some(found);
    }
    if text.contains('年') {
        let plain = text.replace(['年', '月'], "-").replace('日', " ");
        let plain = plain.replace(['时', '点', '分'], ":").replace('秒', "");
        return other(plain.trim().trim_end_matches(['-', ':']), rules);
    }
    let split = text.find([' ', 'T']).unwrap_or(text.len());
    let (date, rest) = text.split_at(split);
    let mut parts = date.split(['/', '-', '.']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let number = |t: &str| (t.len() <= 4 && !t.is_empty()).then(|| t.parse::<i64>().ok()).flatten();
    let (na, nb, nc) = (number(a)?, number(b)?, number(c)?);
    let date = if a.len() == 4 {
        day(na, nb, nc)?
    } else {
        let year = match c.len() {
            4 => nc,
            2 => 2000 + nc,
            _ => return None,
        };
        match rules.order? {
            DateOrder::Dmy => day(year, nb, na)?,
            DateOrder::Mdy => day(year, na, nb)?,
        }
    };
    clock(rest.as_bytes(), date, rules)
}

/// An instant in units since 1970, told in the workspace's wall-clock time.
fn since_1970(text: &str, unit: i64, rules: &TimeRules) -> Option<i64> {
    shifted(text.parse::<i64>().ok()?.checked_mul(unit)?, b"Z", rules)
}

/// `Jan 5, 2011`, `5 January 2011 08:26`, `05-Jan-2011`, `Wed, 05 Jan 2011 08:26:00 GMT`.
fn with_month_name(text: &str, rules: &TimeRules) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut rest = text;
    let mut parts: Vec<&str> = Vec::with_capacity(3);
    while parts.len() < 3 {
        rest = rest.trim_start_matches([' ', '-', '/', ',', '.']);
        let end = rest.find([' ', '-', '/', ',', '.', 'T', ':']).unwrap_or(rest.len());
        let part = if end == 0 { return None } else { &rest[..end] };
        rest = &rest[end..];
        let lower = part.to_ascii_lowercase();
        if !(parts.is_empty() && DAYS.iter().any(|day| lower.starts_with(day))) {
            parts.push(part);
        }
    }
    let month_at = parts.iter().position(|part| part.bytes().all(|b| b.is_ascii_alphabetic()))?;
    let name = parts.remove(month_at).to_ascii_lowercase();
    let is_named = |month: &&str| {
        name.len() >= 3 && (month.starts_with(&name) || name == "sept" && **month == *"september")
    };
    let month = MONTHS.iter().position(is_named)? as i64 + 1;
    let number = |part: &str| part.parse::<i64>().ok();
    let (year, date) = match parts[..] {
        [year, date] if year.len() == 4 => (number(year)?, number(date)?),
        [date, year] if year.len() == 4 && date.len() <= 2 => (number(year)?, number(date)?),
        _ => return None,
    };
    let clock_part = rest.trim_start_matches(',');
    clock(clock_part.as_bytes(), day(year, month, date)?, rules)
}

#[inline]
fn digit(b: &[u8], at: usize) -> Option<i64> {
    b.get(at).filter(|d| d.is_ascii_digit()).map(|d| i64::from(d - b'0'))
}

#[inline]
fn two(b: &[u8], at: usize) -> Option<i64> {
    Some(digit(b, at)? * 10 + digit(b, at + 1)?)
}

/// Midnight of a day, if there is such a day between 1900 and 2199.
#[inline]
fn day(year: i64, month: i64, day: i64) -> Option<i64> {
    const LENGTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if !(1900..2200).contains(&year) || !(1..=12).contains(&month) || day < 1 {
        return None;
    }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let index = usize::try_from(month - 1).ok()?;
    if day > LENGTHS[index] + i64::from(leap && month == 2) {
        return None;
    }
    // Days since 1970-03-01 by years that begin in March, so that the leap day comes last.
    let y = if month <= 2 { year - 1 } else { year };
    let m = (month + 9) % 12;
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719_468;
    Some(days * DAY)
}

/// Whether a sample of dates settles the order of day and month: `Some` when one reading is
/// impossible for some of them, `None` when both are possible or no date has slashes.
pub fn settle_order<'a>(sample: impl Iterator<Item = &'a str>) -> OrderFound {
    let mut found = OrderFound::NotNeeded;
    for text in sample {
        let date = text.split([' ', 'T']).next().unwrap_or(text);
        let parts: Vec<&str> = date.split(['/', '-', '.']).collect();
        let [a, b, c] = parts[..] else { continue };
        if a.len() > 2 || !(c.len() == 4 || c.len() == 2) {
            continue;
        }
        let (Ok(a), Ok(b)) = (a.parse::<u32>(), b.parse::<u32>()) else { continue };
        if a > 12 && b <= 12 {
            return OrderFound::Settled(DateOrder::Dmy);
        }
        if b > 12 && a <= 12 {
            return OrderFound::Settled(DateOrder::Mdy);
        }
        found = OrderFound::Ambiguous;
    }
    found
}

/// What a sample says about the order of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderFound {
    /// No date needs it.
    NotNeeded,
    /// Only one reading makes sense.
    Settled(DateOrder),
    /// Both readings make sense.
    Ambiguous,
}

/// The wall-clock time as chrono tells it.
pub fn to_datetime(micros: i64) -> Option<NaiveDateTime> {
    chrono::DateTime::from_timestamp_micros(micros).map(|t| t.naive_utc())
}

/// Days since 1970 of a wall-clock time.
pub fn to_day(micros: i64) -> i64 {
    micros.div_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn read(text: &str, order: Option<DateOrder>) -> Option<String> {
        let rules = TimeRules { order, timezone: chrono_tz::Asia::Shanghai };
        parse_time(text, &rules).and_then(to_datetime).map(|t| t.to_string())
    }

    #[test]
    fn reads_the_usual_forms() {
        let same = [
            "2011-01-05 08:26:00",
            "2011/01/05 08:26",
            "2011-1-5 8:26",
            "2011-01-05T08:26:00",
            "2011年1月5日 8时26分",
            "2011年01月05日 08:26:00",
            "20110105082600",
            "2011-01-05 08:26:00.000000",
            "2011-01-05T00:26:00Z",
            "2011-01-05 00:26:00 +0000",
            "2011-01-04 19:26:00 -05:00",
            "2011-01-05 08:26 AM",
            "Jan 5, 2011 08:26",
            "5 January 2011 8:26 AM",
            "05-Jan-2011 08:26:00",
            "Wed, 05 Jan 2011 00:26:00 GMT",
            "2011-Jan-05 08:26",
            "1294187160",
            "1294187160000",
            "1294187160000000",
        ];
        for text in same {
            assert_eq!(read(text, None).as_deref(), Some("2011-01-05 08:26:00"), "{text}");
        }
        assert_eq!(read("19970101", None).as_deref(), Some("1997-01-01 00:00:00"));
        assert_eq!(read("1/2/2011 17:05", Some(DateOrder::Mdy)).as_deref(), Some("2011-01-02 17:05:00"));
        assert_eq!(read("1/2/2011 5:05 PM", Some(DateOrder::Dmy)).as_deref(), Some("2011-02-01 17:05:00"));
        assert_eq!(read("2024-02-29", None).as_deref(), Some("2024-02-29 00:00:00"));
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "2023-02-29",
            "2011-13-01",
            "yesterday",
            "2011-01-05 25:00",
            "1/2/2011",
            "40513",
            "Foo 5, 2011",
            "5 Jan 11",
        ] {
            assert_eq!(read(text, None), None, "{text}");
        }
    }

    #[test]
    fn agrees_with_chrono_on_every_day() {
        let rules = TimeRules { order: None, timezone: chrono_tz::UTC };
        let first = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day");
        for day in first.iter_days().take_while(|d| *d.to_string() < *"2199-12-31") {
            let micros = parse_time(&day.to_string(), &rules);
            assert_eq!(micros.and_then(to_datetime).map(|t| t.date()), Some(day));
        }
    }

    #[test]
    fn settles_the_order_only_when_it_must_be_so() {
        let settle = |dates: &[&str]| settle_order(dates.iter().copied());
        assert_eq!(settle(&["1/2/2011", "1/13/2011"]), OrderFound::Settled(DateOrder::Mdy));
        assert_eq!(settle(&["13.1.2011"]), OrderFound::Settled(DateOrder::Dmy));
        assert_eq!(settle(&["1/2/2011"]), OrderFound::Ambiguous);
        assert_eq!(settle(&["2011-01-02"]), OrderFound::NotNeeded);
    }
}
