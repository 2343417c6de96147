//! What tells a person in texts: e-mail, phone, full name, an id that is no mere number.

use std::collections::BTreeSet;

use memchr::memmem;

/// What kind of mark it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    Id,
    Name,
    Email,
    Phone,
}

/// Shorter ones stand in texts by chance.
const LETTERS: usize = 6;
const DIGITS: usize = 9;

/// Texts that tell a person wherever they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// As they are stored.
    marks: BTreeSet<(MarkKind, String)>,
    /// The same in small letters, the longest first.
    small: Vec<String>,
}

impl Marks {
    /// Adds a mark, if it can tell somebody.
    pub fn add(&mut self, kind: MarkKind, text: &str) {
        let text = text.trim();
        if is_telling(kind, text) && self.marks.insert((kind, text.to_owned())) {
            let small = text.to_ascii_lowercase();
            let at = self.small.partition_point(|other| other.len() > small.len());
            self.small.insert(at, small);
        }
    }

    /// Takes a mark out that others have as well.
    pub fn without(&self, shared: &BTreeSet<String>) -> Marks {
        let mut left = Marks::default();
        for (kind, text) in &self.marks {
            if !shared.contains(&text.to_ascii_lowercase()) {
                left.add(*kind, text);
            }
        }
        left
    }

    /// All marks, as they are stored.
    pub fn iter(&self) -> impl Iterator<Item = (MarkKind, &str)> {
        self.marks.iter().map(|(kind, text)| (*kind, text.as_str()))
    }

    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Whether a text names the person.
    pub fn are_in(&self, text: &str) -> bool {
        if self.small.is_empty() || text.is_empty() {
            return false;
        }
        let small = text.to_ascii_lowercase();
        self.small.iter().any(|mark| places(&small, mark).next().is_some())
    }

    /// The text with something else in the place of what names the person; `None` when nothing does.
    pub fn masked(&self, text: &str, instead: &str) -> Option<String> {
        let (mut text, mut has_changed) = (text.to_owned(), false);
        for mark in &self.small {
            let small = text.to_ascii_lowercase();
            let found: Vec<usize> = places(&small, mark).collect();
            for at in found.into_iter().rev() {
                text.replace_range(at..at + mark.len(), instead);
                has_changed = true;
            }
        }
        has_changed.then_some(text)
    }
}

/// Where a mark stands in a text on its own, not within a longer word or number.
fn places<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_part = |c: Option<char>, own: Option<char>| {
        c.is_some_and(|c| c.is_ascii_alphanumeric()) && own.is_some_and(|c| c.is_ascii_alphanumeric())
    };
    memmem::find_iter(text.as_bytes(), mark.as_bytes()).filter(move |at| {
        let (before, after) = (text[..*at].chars().next_back(), text[at + mark.len()..].chars().next());
        !is_part(before, mark.chars().next()) && !is_part(after, mark.chars().next_back())
    })
}

/// Whether a text is nobody else's and stands nowhere by chance.
fn is_telling(kind: MarkKind, text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match kind {
        MarkKind::Email => text.contains('@'),
        MarkKind::Phone => digits + 1 >= DIGITS,
        // One word is a name that many share; names in Chinese are written without a blank.
        MarkKind::Name => letters >= 2 && (!text.is_ascii() || text.split_whitespace().count() >= 2),
        MarkKind::Id => (letters > 0 && text.len() >= LETTERS) || digits >= DIGITS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks() -> Marks {
        let mut marks = Marks::default();
        marks.add(MarkKind::Email, "ada@example.com");
        marks.add(MarkKind::Name, "Ada Byron");
        marks.add(MarkKind::Name, "王小明");
        marks.add(MarkKind::Phone, "+447700900123");
        marks.add(MarkKind::Id, "cust-0017");
        marks
    }

    #[test]
    fn what_names_a_person_is_taken_out_of_texts() {
        let masked = marks().masked("Call ADA BYRON (ada@example.com, +447700900123), 王小明的朋友", "…");
        assert_eq!(masked.as_deref(), Some("Call … (…, …), …的朋友"));
    }

    #[test]
    fn a_part_of_a_longer_word_names_nobody() {
        let marks = marks();
        for text in ["granada@example.com", "Nada Byron", "cust-00170", "+4477009001234", "Ada", ""] {
            assert!(!marks.are_in(text), "{text}");
            assert_eq!(marks.masked(text, "…"), None, "{text}");
        }
    }

    #[test]
    fn what_stands_anywhere_by_chance_is_no_mark() {
        let mut marks = Marks::default();
        for (kind, text) in
            [(MarkKind::Id, "17"), (MarkKind::Id, "C01"), (MarkKind::Name, "Ada"), (MarkKind::Phone, "112")]
        {
            marks.add(kind, text);
        }
        assert!(marks.is_empty());
        marks.add(MarkKind::Id, "100234567");
        assert!(!marks.is_empty());
    }

    #[test]
    fn what_others_have_too_is_not_taken_out() {
        let shared = BTreeSet::from(["ada byron".to_owned()]);
        let left = marks().without(&shared);
        assert!(!left.are_in("Ada Byron") && left.are_in("ada@example.com"));
    }
}
