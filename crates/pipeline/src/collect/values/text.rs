//! Makes the text of a cell clean without changing what it says.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// What had to be done to a cell; bits, because a row collects them from many cells.
pub type Notes = u16;

/// Blanks, tabs or line ends around the value.
pub const WHITESPACE: Notes = 1;
/// `="…"` or a leading `'`, which spreadsheets use to keep long numbers as text.
pub const SPREADSHEET: Notes = 1 << 1;
/// Full-width letters, digits or signs.
pub const FULL_WIDTH: Notes = 1 << 2;
/// Currency signs, units or thousands separators in a number.
pub const NUMBER_SIGNS: Notes = 1 << 3;
/// A number that a spreadsheet or data frame turned from `17850` into `17850.0`.
pub const FLOAT_ID: Notes = 1 << 4;
/// A value hidden behind `*`.
pub const MASKED: Notes = 1 << 5;
/// A name whose blanks or letters were put in order.
pub const NAME: Notes = 1 << 6;
/// A phone number written in its international form.
pub const PHONE: Notes = 1 << 7;
/// A phone number that is none.
pub const BAD_PHONE: Notes = 1 << 8;
/// More than four digits after the point.
pub const ROUNDED: Notes = 1 << 9;
/// Converted from another currency.
pub const CONVERTED: Notes = 1 << 10;
/// A percentage taken as a share of one.
pub const PERCENT: Notes = 1 << 11;

/// Unwraps, trims and narrows a cell. Cells that are clean come back as they are.
#[inline]
pub fn tidy(raw: &str) -> (Cow<'_, str>, Notes) {
    let bytes = raw.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) if *first > b'\'' && *first != b'=' && *last > b' ' && raw.is_ascii() => {
            (Cow::Borrowed(raw), 0)
        }
        (None, _) => (Cow::Borrowed(raw), 0),
        _ => tidy_slowly(raw),
    }
}

fn tidy_slowly(raw: &str) -> (Cow<'_, str>, Notes) {
    let mut notes = 0;
    let mut text = trimmed(raw);
    if text.len() < raw.len() {
        notes |= WHITESPACE;
    }
    // The mark of a text goes before or inside the wrapping; our own exports put it before.
    let unmarked = |text: &mut &'_ str| {
        let inner = text.strip_prefix('\'').map(trimmed);
        *text = inner.unwrap_or(text);
        inner.is_some()
    };
    let marked = unmarked(&mut text);
    let mut unwrapped = false;
    if let Some(inner) = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')) {
        text = trimmed(inner);
        unwrapped = true;
    }
    if marked || unwrapped {
        notes |= SPREADSHEET;
    }
    if !marked && unwrapped {
        unmarked(&mut text);
    }
    if text.is_ascii() || !text.chars().any(is_wide) {
        return (Cow::Borrowed(text), notes);
    }
    let narrow: String = text.chars().flat_map(narrowed).collect();
    (Cow::Owned(trimmed(&narrow).to_owned()), notes | FULL_WIDTH)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\0'))
}

/// Full-width forms of ASCII and the ideographic blank. Chinese punctuation in prose stays.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{3000}' | '\u{ffe0}'..='\u{ffe6}')
        && !matches!(c, '，' | '！' | '？' | '；')
}

fn narrowed(c: char) -> impl Iterator<Item = char> {
    let wide = is_wide(c);
    let once = (!wide).then_some(c);
    let narrow = wide.then(|| std::iter::once(c).nfkc());
    once.into_iter().chain(narrow.into_iter().flatten())
}

/// Whether the cell is empty, or bears a mark that programs write for "no value". No field has
/// such a mark for a value.
#[inline]
pub fn is_missing(text: &str) -> bool {
    text.is_empty()
        || text.len() <= 6
            && matches!(
                text,
                "-" | "--"
                    | "NULL"
                    | "null"
                    | "Null"
                    | "NaN"
                    | "nan"
                    | "NaT"
                    | "N/A"
                    | "n/a"
                    | "#N/A"
                    | "\\N"
                    | "<NA>"
            )
}

/// Whether a cell of a number, a date or an id has no value: it is missing, or holds a word with
/// which people say so. In a category, a reason or an answer such a word is the value.
#[inline]
pub fn is_nothing(text: &str) -> bool {
    is_missing(text)
        || text.len() <= 6
            && (["none", "nil", "na"].iter().any(|word| text.eq_ignore_ascii_case(word))
                || matches!(text, "无" | "空" | "暂无" | "没有"))
}

/// Whether part of the value is hidden behind `*`, as shop systems hide phones and names.
pub fn is_masked(text: &str) -> bool {
    memchr::memchr(b'*', text.as_bytes()).is_some()
        && (text.contains("**")
            || text.chars().all(|c| c == '*')
            || text.chars().filter(|&c| c == '*').count() * 2 >= text.chars().count())
}

/// A column or status name without what people write differently: case, blanks, `_`, `-`.
pub fn folded(name: &str) -> String {
    name.nfkc()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{feff}' | '\''))
        .flat_map(char::to_lowercase)
        .collect()
}

/// `17850.0` as `17850`.
pub fn without_float_tail(id: &str) -> Option<&str> {
    let whole = id.strip_suffix(".0")?;
    (!whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit())).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(raw: &str) -> (String, Notes) {
        let (text, notes) = tidy(raw);
        (text.into_owned(), notes)
    }

    #[test]
    fn unwraps_what_spreadsheets_add() {
        assert_eq!(clean("=\"1234567890123\""), ("1234567890123".into(), SPREADSHEET));
        assert_eq!(clean("'13800000000"), ("13800000000".into(), SPREADSHEET));
        assert_eq!(clean("\t4711 "), ("4711".into(), WHITESPACE));
        assert_eq!(clean("4711"), ("4711".into(), 0));
    }

    #[test]
    fn narrows_wide_signs_and_leaves_prose() {
        assert_eq!(clean("Ａ１２\u{3000}"), ("A12".into(), WHITESPACE | FULL_WIDTH));
        assert_eq!(clean("买家已付款，等待卖家发货"), ("买家已付款，等待卖家发货".into(), 0));
        assert_eq!(clean("金额（元）"), ("金额(元)".into(), FULL_WIDTH));
    }

    #[test]
    fn knows_masked_and_missing_values() {
        assert!(is_masked("****") && is_masked("138****1234") && is_masked("张**"));
        assert!(is_masked("张*") && !is_masked("M*A*S*H box set"));
        assert!(is_missing("null") && !is_missing("nullable"));
    }

    #[test]
    fn words_for_nothing_are_not_marks_for_it() {
        for mark in ["", "-", "NULL", "\\N", "N/A", "#N/A", "NaN"] {
            assert!(is_missing(mark) && is_nothing(mark), "{mark}");
        }
        for word in ["none", "None", "NONE", "nil", "NA", "无", "空", "暂无", "没有"] {
            assert!(!is_missing(word) && is_nothing(word), "{word}");
        }
        assert!(!is_nothing("nona") && !is_nothing("无锡") && !is_nothing("0"));
    }

    #[test]
    fn folds_names() {
        assert_eq!(folded(" Order_ID "), folded("order id"));
        assert_eq!(folded("商品总价（元）"), folded("商品总价(元)"));
    }
}
