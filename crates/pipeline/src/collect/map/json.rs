//! Values as JSON, for attributes and for rows as they stand in a file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A text as a JSON value: a number or a truth value where it is written as one. Figures that
/// begin with zeros, as codes do, stay texts, and so do those with more digits than a number
/// keeps.
pub fn push_typed(out: &mut String, text: &str) {
    match text {
        "true" | "TRUE" | "True" => out.push_str("true"),
        "false" | "FALSE" | "False" => out.push_str("false"),
        _ if is_json_number(text) => out.push_str(text),
        _ => push_json(out, text),
    }
}

fn is_json_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    digits.len() <= 16
        && all_digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(all_digits)
}

/// A text as a JSON string.
pub fn push_json(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                // Writing to a string cannot fail.
                write!(out, "\\u{:04x}", c as u32).ok();
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Two JSON objects in one; where both have a key the newer counts. `None` when the older has
/// nothing that the newer lacks. Empty texts are objects without keys.
pub fn merged(older: &str, newer: &str) -> Option<String> {
    type Object = BTreeMap<String, serde_json::Value>;
    if older.is_empty() {
        return None;
    }
    if newer.is_empty() {
        return Some(older.to_owned());
    }
    let mut all: Object = serde_json::from_str(older).ok()?;
    let newer: Object = serde_json::from_str(newer).ok()?;
    if all.keys().all(|key| newer.contains_key(key)) {
        return None;
    }
    all.extend(newer);
    serde_json::to_string(&all).ok()
}

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn the_newer_object_counts_and_the_older_fills() {
        let older = r#"{"b":1,"a":"x"}"#;
        assert_eq!(merged(older, r#"{"a":"y"}"#).as_deref(), Some(r#"{"a":"y","b":1}"#));
        assert_eq!(merged(older, r#"{"c":0,"a":"y","b":2}"#), None);
        assert_eq!(merged(older, "").as_deref(), Some(older));
        assert_eq!(merged("", older), None);
    }
}
