//! Names and phone numbers, written one way.

use std::borrow::Cow;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

/// A phone number in E.164, or `None` when the text is no valid number of the country.
/// Text without any digit is no number.
pub fn phone(text: &str, country: Option<Region>) -> Option<String> {
    let number = PHONE_NUMBER_UTIL.parse(text, country).ok()?;
    let is_valid = PHONE_NUMBER_UTIL.is_valid_number(&number);
    is_valid.then(|| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

/// The country of a timezone, as far as its name says; phones without a prefix belong to it.
pub fn country_of_timezone(timezone: &str) -> Option<Region> {
    Some(match timezone {
        "Asia/Shanghai" | "Asia/Chongqing" | "Asia/Urumqi" | "PRC" => Region::CN,
        "Asia/Hong_Kong" => Region::HK,
        "Asia/Taipei" => Region::TW,
        "Asia/Tokyo" => Region::JP,
        "Asia/Singapore" => Region::SG,
        "Europe/London" => Region::GB,
        "Europe/Berlin" => Region::DE,
        "Europe/Paris" => Region::FR,
        "Europe/Madrid" => Region::ES,
        "Europe/Rome" => Region::IT,
        "Australia/Sydney" | "Australia/Melbourne" => Region::AU,
        tz if tz.starts_with("America/New_York")
            || tz.starts_with("America/Chicago")
            || tz.starts_with("America/Denver")
            || tz.starts_with("America/Los_Angeles") =>
        {
            Region::US
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
        assert_eq!(phone("138 0013 8000", Some(Region::CN)).as_deref(), Some("+8613800138000"));
        assert_eq!(phone("+44 20 7946 0958", None).as_deref(), Some("+442079460958"));
        assert_eq!(phone("12", Some(Region::CN)), None);
    }

    #[test]
    fn writes_names_one_way() {
        assert_eq!(name("MARY-ANN  O'NEILL"), "Mary-Ann O'Neill");
        assert_eq!(name("jan de vries"), "Jan De Vries");
        assert_eq!(name("Ludwig van Beethoven"), "Ludwig van Beethoven");
        assert_eq!(name("王小明"), "王小明");
    }
}
