//! What goes wrong, as people and programs are told: the one table of kinds, and a kind with the values of one case.
//!
//! ```text
//! errors of every crate ─ problem() ─▶ Problem: kind, place, values ─▶ a sentence, a page, a document
//! ```
//!
//! [`kinds`] is the table: what went wrong and what to do in both languages, with a code that stays, and what a
//! program ends with. An error of any crate tells of itself by `problem()`, so that no message is written twice.

pub mod kinds;
mod words;

use std::fmt::Display;

use crate::{Language, Text};

pub use words::Words;

/// A kind of thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorKind {
    /// Its name for programs, which stays: `lake-locked`.
    pub code: &'static str,
    /// What a program ends with: 1 failed, 2 wrong usage.
    pub exit: u8,
    /// What went wrong.
    pub message: Words,
    /// What to do about it.
    pub cure: Words,
}

/// The cure wherever a name is not there that is much like one that is.
static NEAREST: Words = Words { en: "did you mean `{nearest}`?", zh: "是不是 {nearest}？" };

/// Something that went wrong: a kind with the values of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: &'static ErrorKind,
    /// Where, when that is more than one of the values: a file, a line of a document.
    pub place: Option<Text>,
    /// The line of a text that is to blame, if one is.
    pub mark: Option<Mark>,
    values: Vec<(&'static str, Text)>,
    nearest: Option<String>,
}

/// A line of a text that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// Of a document: its file, the line from 1, and the key that is to blame.
    Document { file: String, line: usize, key: Option<String> },
    /// Of a rule, which may be in no file: the line, and below it what is to blame.
    Excerpt(String),
}

impl ErrorKind {
    /// A case of this kind, without values yet.
    pub fn problem(&'static self) -> Problem {
        Problem { kind: self, place: None, mark: None, values: Vec::new(), nearest: None }
    }
}

impl Problem {
    /// Puts a value, which is the same in every language, into its place in the texts.
    #[must_use]
    pub fn with(self, name: &'static str, value: impl Display) -> Problem {
        self.with_text(name, Text::same(value.to_string()))
    }

    /// Puts a text into its place.
    #[must_use]
    pub fn with_text(mut self, name: &'static str, value: impl Into<Text>) -> Problem {
        self.values.push((name, value.into()));
        self
    }

    /// Puts names into a place, with commas between them.
    #[must_use]
    pub fn with_list<T: AsRef<str>>(self, name: &'static str, values: &[T]) -> Problem {
        let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
        self.with_text(name, (values.join(", "), values.join("、")))
    }

    /// Asks whether a known name was meant, instead of giving the kind's cure.
    #[must_use]
    pub fn or_nearest(mut self, nearest: Option<&String>) -> Problem {
        self.nearest = nearest.cloned();
        self
    }

    /// Says where, around what is known of that.
    #[must_use]
    pub fn within(mut self, place: impl Into<Text>) -> Problem {
        let outer = place.into();
        self.place = Some(match self.place {
            Some(inner) => {
                Text::new(format!("{}: {}", outer.en, inner.en), format!("{}：{}", outer.zh, inner.zh))
            }
            None => outer,
        });
        self
    }

    /// Says in which file.
    #[must_use]
    pub fn in_file(self, file: &std::path::Path) -> Problem {
        let file = file.display().to_string();
        self.within((file.clone(), file))
    }

    /// Points at the line that is to blame.
    #[must_use]
    pub fn marked(mut self, mark: Mark) -> Problem {
        self.mark = Some(mark);
        self
    }

    /// One of the values.
    pub fn value(&self, name: &str, language: Language) -> Option<String> {
        let found = self.values.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.get(language).to_owned())
    }

    /// What went wrong.
    pub fn message(&self, language: Language) -> String {
        self.kind.message.fill(&self.values, language)
    }

    /// What to do about it.
    pub fn cure(&self, language: Language) -> String {
        match &self.nearest {
            Some(nearest) => NEAREST.fill(&[("nearest", Text::new(nearest, nearest))], language),
            None => self.kind.cure.fill(&self.values, language),
        }
    }

    /// Where and what.
    fn placed(&self, language: Language) -> String {
        let place = match &self.place {
            Some(place) => format!("{}{}", place.get(language), language.pick(": ", "：")),
            None => String::new(),
        };
        format!("{place}{}", self.message(language))
    }

    /// Where and what went wrong, and apart from it the cure, in both languages: for what is told within another
    /// problem.
    pub fn texts(&self) -> (Text, Text) {
        let both = |text: fn(&Problem, Language) -> String| {
            Text::new(text(self, Language::En), text(self, Language::Zh))
        };
        (both(Problem::placed), both(Problem::cure))
    }

    /// Where, what and the cure in a sentence, and the line that is marked below it.
    pub fn sentence(&self, language: Language) -> String {
        let excerpt = match &self.mark {
            Some(Mark::Excerpt(excerpt)) => format!("\n{excerpt}"),
            _ => String::new(),
        };
        let (placed, cure) = (self.placed(language), self.cure(language));
        format!("{placed}{}{cure}{excerpt}", language.pick("; ", "；"))
    }

    /// The sentence in both languages, to keep.
    pub fn text(&self) -> Text {
        Text::new(self.sentence(Language::En), self.sentence(Language::Zh))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::error_kinds! {
        LOCKED = "locked" {
            "{at} is written by {by}", "{by} 正在写入 {at}";
            "wait, or use {\"x\": {at}}", "请等待，或用 {\"x\": {at}}"
        }
        WRONG = "wrong" exit 2 { "wrong", "错误"; "see {known}", "可用：{known}" }
    }

    #[test]
    fn values_go_into_their_places() {
        let problem = LOCKED.problem().with("at", "{by}").with("by", "me");
        assert_eq!(problem.sentence(Language::En), "{by} is written by me; wait, or use {\"x\": {by}}");
        assert_eq!(problem.sentence(Language::Zh), "me 正在写入 {by}；请等待，或用 {\"x\": {by}}");
        assert_eq!((LOCKED.exit, WRONG.exit, ALL.len()), (1, 2, 2));
    }

    #[test]
    fn a_name_that_is_near_is_asked_for() {
        let problem = WRONG.problem().with_list("known", &["a", "b"]);
        assert_eq!(problem.cure(Language::Zh), "可用：a、b");
        let near = problem.or_nearest(Some(&"a".to_owned())).within(("b", "乙")).within(("c", "丙"));
        assert_eq!(near.text(), Text::new("c: b: wrong; did you mean `a`?", "丙：乙：错误；是不是 a？"));
    }

    #[test]
    fn a_marked_line_is_below_the_sentence() {
        let mark = Mark::Excerpt("  a = 'b\n      ^".to_owned());
        let problem = WRONG.problem().with("known", "a").within(("1:5", "第 1 行")).marked(mark);
        assert_eq!(problem.sentence(Language::En), "1:5: wrong; see a\n  a = 'b\n      ^");
    }
}
