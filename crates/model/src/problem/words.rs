//! Texts in both languages with places for values.

use crate::{Language, Text};

/// A text in both languages with places for values: `{name}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub en: &'static str,
    pub zh: &'static str,
}

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        Text::new(words.en, words.zh)
    }
}

impl Words {
    /// The text in a language, with values in their places. A place without a value stays as it is.
    pub fn fill(&self, values: &[(&'static str, Text)], language: Language) -> String {
        let template = language.pick(self.en, self.zh);
        let (mut text, mut rest) = (String::with_capacity(template.len()), template);
        while let Some((before, name, after)) = next_place(rest) {
            text.push_str(before);
            let value = values.iter().find(|(known, _)| *known == name);
            debug_assert!(value.is_some(), "no value for {{{name}}} in “{template}”");
            match value {
                Some((_, value)) => text.push_str(value.get(language)),
                None => text.push_str(&rest[before.len()..rest.len() - after.len()]),
            }
            rest = after;
        }
        text + rest
    }

    /// The names of the places in each language, sorted, each once.
    pub fn places(&self) -> [Vec<&'static str>; 2] {
        [self.en, self.zh].map(|template| {
            let (mut names, mut rest) = (Vec::new(), template);
            while let Some((_, name, after)) = next_place(rest) {
                names.push(name);
                rest = after;
            }
            names.sort_unstable();
            names.dedup();
            names
        })
    }
}

/// What is before the next place, the name in it, and what follows. Braces around anything else are text.
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let (name, after) = text[open + 1..].split_once('}')?;
        if !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return Some((&text[..open], name, after));
        }
        from = open + 1;
    }
    None
}
