//! What all documents share: reading TOML strictly, and errors that point at a place.

use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::Text;

/// A mistake in a document that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}: {}{problem}; {cure}", key.as_ref().map(|k| format!("`{k}`: ")).unwrap_or_default())]
pub struct SpecError {
    /// The document, as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The key, when one is to blame.
    pub key: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub cure: String,
}

/// A document's text beside its name, to point errors at lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

impl<'a> Document<'a> {
    /// Reads the text into `T`. Unknown and missing keys are errors.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, SpecError> {
        toml::from_str(self.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start.min(self.text.len()));
            let line = 1 + self.text.as_bytes()[..at].iter().filter(|&&b| b == b'\n').count();
            let written = self.text.lines().nth(line - 1).unwrap_or_default();
            let key = written.split_once('=').map(|(key, _)| key.trim().to_owned());
            SpecError {
                file: self.file.to_owned(),
                line,
                key: key.filter(|k| !k.is_empty() && k.len() <= 40),
                problem: error.message().lines().collect::<Vec<_>>().join(" "),
                cure: "compare with a file under library/".to_owned(),
            }
        })
    }

    /// An error about `key`. In `tiers[2].codes` the line of `codes` within the third `[[tiers]]` is meant.
    pub fn error(&self, key: &str, problem: impl Into<String>, cure: impl Into<String>) -> SpecError {
        SpecError {
            file: self.file.to_owned(),
            line: self.line_of(key),
            key: Some(key.to_owned()),
            problem: problem.into(),
            cure: cure.into(),
        }
    }

    /// Refuses a text of which a language is missing.
    pub fn both_languages(&self, key: &str, text: &Text) -> Result<(), SpecError> {
        if text.is_incomplete() {
            return Err(self.error(key, "a language is missing", "write both en and zh"));
        }
        Ok(())
    }

    fn line_of(&self, key: &str) -> usize {
        let (table, leaf) = match key.split_once("].") {
            Some((table, leaf)) => (Some(table), leaf),
            None => (None, key),
        };
        let mut from = 0;
        if let Some((name, index)) = table.and_then(|t| t.split_once('[')) {
            let header = format!("[[{name}]]");
            let index: usize = index.parse().unwrap_or(0);
            from = self
                .text
                .lines()
                .enumerate()
                .filter(|(_, line)| line.trim() == header)
                .nth(index)
                .map_or(0, |(line, _)| line);
        }
        let leaf = leaf.split(['.', '[']).next().unwrap_or(leaf);
        self.text
            .lines()
            .enumerate()
            .skip(from)
            .find(|(_, line)| {
                let line = line.trim_start();
                line.strip_prefix(leaf).is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
                    || line.starts_with(&format!("[[{leaf}]]"))
            })
            .map_or(from + 1, |(line, _)| line + 1)
    }
}
