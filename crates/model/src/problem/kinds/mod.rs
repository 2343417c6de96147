//! The table of error kinds, by area.

pub mod command;
pub mod documents;
pub mod expressions;
pub mod files;
pub mod generate;
pub mod groups;
pub mod import;
pub mod lake;
pub mod people;
pub mod questions;
pub mod rules;
pub mod segments;
pub mod workspace;

use super::ErrorKind;

/// All kinds, by area.
pub fn all() -> impl Iterator<Item = &'static ErrorKind> {
    let areas = [
        command::ALL,
        documents::ALL,
        expressions::ALL,
        files::ALL,
        generate::ALL,
        groups::ALL,
        import::ALL,
        lake::ALL,
        people::ALL,
        questions::ALL,
        rules::ALL,
        segments::ALL,
        workspace::ALL,
    ];
    areas.into_iter().flatten().copied()
}

/// A table of kinds, as statics of their own and as `ALL`: a name, its code, then what went wrong in English and
/// Chinese, and what to do about it in both. `exit 2` after the code makes it wrong usage.
#[macro_export]
macro_rules! error_kinds {
    ($($name:ident = $code:literal $(exit $exit:literal)? {
        $en:literal, $zh:literal;
        $cure_en:literal, $cure_zh:literal
    })*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $en)]
            pub static $name: $crate::problem::ErrorKind = $crate::problem::ErrorKind {
                code: $code,
                exit: $crate::error_kinds!(@exit $($exit)?),
                message: $crate::problem::Words { en: $en, zh: $zh },
                cure: $crate::problem::Words { en: $cure_en, zh: $cure_zh },
            };
        )*
        /// All kinds of this table, in its order.
        pub static ALL: &[&$crate::problem::ErrorKind] = &[$(&$name),*];
    };
    (@exit) => { 1 };
    (@exit $exit:literal) => { $exit };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_words_of_one_kind_each() {
        let mut seen = BTreeSet::new();
        for kind in all() {
            assert!(crate::id::is_word(kind.code, '-'), "{}", kind.code);
            assert!(seen.insert(kind.code), "{} is there twice", kind.code);
            assert!([1, 2].contains(&kind.exit));
        }
    }

    #[test]
    fn both_languages_say_the_same_of_the_same_values() {
        let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        // What stands between the braces are values.
        let is_said = |text: &str| {
            text.split('{')
                .any(|part| part.rsplit('}').next().is_some_and(|said| said.contains(char::is_alphabetic)))
        };
        for kind in all() {
            for words in [kind.message, kind.cure] {
                let [en, zh] = words.places();
                assert_eq!(en, zh, "{}: {words:?}", kind.code);
                // A text of values alone is the same in both.
                assert!(words.zh.contains(is_han) || !is_said(words.en), "{}: {words:?}", kind.code);
                assert!(!words.en.contains(is_han) && !words.en.is_empty(), "{}: {words:?}", kind.code);
                assert!(!words.en.ends_with('.') && !words.zh.ends_with('。'), "{}", kind.code);
            }
        }
    }
}
