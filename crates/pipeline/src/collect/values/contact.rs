//! Names and phone numbers, written one way.

use std::borrow::Cow;

use phonenumber::{Mode, country};

/// A phone number in E.164, or `None` when the text is no valid number of the country.
/// Text without any digit is no number.
pub fn phone(text: &str, country: Option<country::Id>) -> Option<String> {
    let number = phonenumber::parse(country, text).ok()?;
    number.is_valid().then(|| number.format().mode(Mode::E164).to_string())
}

/// The country of a timezone, as far as its name says; phones without a prefix belong to it.
pub fn country_of_timezone(timezone: &str) -> Option<country::Id> {
    Some(match timezone {
        "Asia/Shanghai" | "Asia/Chongqing" | "Asia/Urumqi" | "PRC" => country::CN,
        "Asia/Hong_Kong" => country::HK,
        "Asia/Taipei" => country::TW,
        "Asia/Tokyo" => country::JP,
        "Asia/Singapore" => country::SG,
        "Europe/London" => country::GB,
        "Europe/Berlin" => country::DE,
        "Europe/Paris" => country::FR,
        "Europe/Madrid" => country::ES,
        "Europe/Rome" => country::IT,
        "Australia/Sydney" | "Australia/Melbourne" => country::AU,
        tz if tz.starts_with("America/New_York")
            || tz.starts_with("America/Chicago")
            || tz.starts_with("America/Denver")
            || tz.starts_with("America/Los_Angeles") =>
        {
            country::US
        }
        _ => return None,
    })
}

/// A name with single blanks; one written in capitals or small letters alone gets capitals
/// at the start of its words. Names outside ASCII keep their letters.
pub fn name(text: &str) -> Cow<'_, str> {
    let single_blanks = !text.contains("  ") && !text.contains(['\t', '\n', '\r']);
    let has_letters = text.bytes().any(|b| b.is_ascii_alphabetic());
    let shouted =
        has_letters && text.is_ascii() && text.len() > 3 && !text.bytes().any(|b| b.is_ascii_lowercase());
    let whispered = has_letters && text.is_ascii() && !text.bytes().any(|b| b.is_ascii_uppercase());
    if single_blanks && !shouted && !whispered {
        return Cow::Borrowed(text);
    }
    let words = text
        .split_whitespace()
        .map(|word| if shouted || whispered { capitalised(word) } else { word.to_owned() });
    Cow::Owned(words.collect::<Vec<_>>().join(" "))
}

fn capitalised(word: &str) -> String {
    let mut start = true;
    word.chars()
        .map(|c| {
            let out = if start { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            start = matches!(c, '-' | '\'');
            out
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_phones_internationally() {
        assert_eq!(phone("138 0013 8000", Some(country::CN)).as_deref(), Some("+8613800138000"));
        assert_eq!(phone("+44 20 7946 0958", None).as_deref(), Some("+442079460958"));
        assert_eq!(phone("12", Some(country::CN)), None);
    }

    #[test]
    fn writes_names_one_way() {
        assert_eq!(name("MARY-ANN  O'NEILL"), "Mary-Ann O'Neill");
        assert_eq!(name("jan de vries"), "Jan De Vries");
        assert_eq!(name("Ludwig van Beethoven"), "Ludwig van Beethoven");
        assert_eq!(name("王小明"), "王小明");
    }
}
