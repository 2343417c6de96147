//! What all documents share: reading TOML strictly, and errors that point at a place.

use serde::de::DeserializeOwned;
use thiserror::Error;
use toml::de::{DeTable, DeValue};

use super::misread;
use crate::id::is_word;
use crate::problem::kinds::documents::MISTAKE;
use crate::problem::{Mark, Problem};
use crate::{Language, Text};

/// A mistake in a document that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub struct SpecError {
    /// The document, as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The key, when one is to blame.
    pub key: Option<String>,
    /// What is wrong.
    pub problem: Box<Text>,
    /// What to do about it.
    pub cure: Box<Text>,
}

impl SpecError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        let (file, line) = (&self.file, self.line);
        let key = self.key.as_deref().map(|key| (format!("`{key}`: "), format!("`{key}`：")));
        let mark = Mark::Document { file: file.clone(), line, key: self.key.clone() };
        let problem = MISTAKE.problem().with_text("key", key.unwrap_or_default());
        problem
            .with_text("problem", self.problem.as_ref().clone())
            .with_text("cure", self.cure.as_ref().clone())
            .within((format!("{file}:{line}"), format!("{file} 第 {line} 行")))
            .marked(mark)
    }
}

/// The cure where there is more of something than anyone would go through.
pub(super) fn at_most(most: usize) -> (String, String) {
    (format!("keep to {most}"), format!("请不超过 {most} 个"))
}

#[cfg(test)]
impl SpecError {
    /// The message in English, once the Chinese one is known to be in Chinese.
    pub(super) fn told_in_both(&self) -> String {
        let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        for text in [&self.problem, &self.cure] {
            assert!(text.zh.contains(is_han) && text.en != text.zh, "{text:?}");
        }
        self.to_string()
    }
}

/// A document's text beside its name, to point errors at lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

impl<'a> Document<'a> {
    /// Reads the text into `T`. Unknown and missing keys are errors, and so are numbers without an
    /// end: nothing compares with `nan` as people expect.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, SpecError> {
        if let Ok(table) = DeTable::parse(self.text) {
            self.refuse_endless("", table.get_ref())?;
        }
        toml::from_str(self.text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = self.line_at(start);
            let written = self.text.lines().nth(line - 1).unwrap_or_default();
            let key = written.split_once('=').map(|(key, _)| key.trim().to_owned());
            let message = error.message().lines().collect::<Vec<_>>().join(" ");
            // What the whole document lacks is not the fault of its first line.
            let is_whole = start == 0 && message.starts_with("missing field");
            let (problem, cure) = misread::told(&message);
            SpecError {
                file: self.file.to_owned(),
                line,
                key: key.filter(|k| !is_whole && !k.is_empty() && k.len() <= 40),
                problem: Box::new(problem),
                cure: Box::new(cure),
            }
        })
    }

    fn refuse_endless(&self, path: &str, table: &DeTable<'_>) -> Result<(), SpecError> {
        for (key, value) in table.iter() {
            let dot = if path.is_empty() { "" } else { "." };
            self.refuse_endless_value(&format!("{path}{dot}{}", key.get_ref()), value)?;
        }
        Ok(())
    }

    fn refuse_endless_value(&self, path: &str, value: &toml::Spanned<DeValue<'_>>) -> Result<(), SpecError> {
        match value.get_ref() {
            DeValue::Float(number) => {
                let written = number.as_str();
                match written.replace('_', "").parse::<f64>() {
                    Ok(number) if !number.is_finite() => Err(SpecError {
                        file: self.file.to_owned(),
                        line: self.line_at(value.span().start),
                        key: Some(path.to_owned()),
                        problem: Box::new(Text::new(
                            format!("{written} is not a number to compare with"),
                            format!("{written} 不能用来比较"),
                        )),
                        cure: Box::new(Text::new("write a finite number", "请写有限的数")),
                    }),
                    _ => Ok(()),
                }
            }
            DeValue::Table(table) => self.refuse_endless(path, table),
            DeValue::Array(values) => values.iter().enumerate().try_for_each(|(i, value)| {
                let is_table = matches!(value.get_ref(), DeValue::Table(_));
                let path = if is_table { format!("{path}[{i}]") } else { path.to_owned() };
                self.refuse_endless_value(&path, value)
            }),
            _ => Ok(()),
        }
    }

    /// The line of a byte of the text, from 1.
    fn line_at(&self, byte: usize) -> usize {
        let at = byte.min(self.text.len());
        1 + self.text.as_bytes()[..at].iter().filter(|&&b| b == b'\n').count()
    }

    /// An error about `key`. In `tiers[2].codes` the line of `codes` within the third `[[tiers]]` is meant.
    pub fn error(&self, key: &str, problem: impl Into<Text>, cure: impl Into<Text>) -> SpecError {
        SpecError {
            file: self.file.to_owned(),
            line: self.line_of(key),
            key: Some(key.to_owned()),
            problem: Box::new(problem.into()),
            cure: Box::new(cure.into()),
        }
    }

    /// Refuses a text of which a language is missing.
    pub fn both_languages(&self, key: &str, text: &Text) -> Result<(), SpecError> {
        if text.is_incomplete() {
            let problem = Text::new("a language is missing", "缺少一种语言");
            return Err(self.error(key, problem, Text::new("write both en and zh", "请写全 en 与 zh")));
        }
        Ok(())
    }

    /// Refuses an id that is not a word of lower-case letters, digits and `mark`.
    pub fn check_id(&self, key: &str, id: &str, mark: char) -> Result<(), SpecError> {
        if is_word(id, mark) {
            return Ok(());
        }
        let problem = (format!("`{id}` is not an id"), format!("`{id}` 不能作为编号"));
        let cure = (
            format!("use lower-case letters, digits and {mark}, starting with a letter"),
            format!("请用小写字母、数字和 {mark}，并以字母开头"),
        );
        Err(self.error(key, problem, cure))
    }

    /// Refuses version 0.
    pub fn check_version(&self, version: u32) -> Result<(), SpecError> {
        match version {
            0 => {
                let problem = ("versions start at 1", "版本从 1 开始");
                Err(self.error("version", problem, ("write version = 1", "请写 version = 1")))
            }
            _ => Ok(()),
        }
    }

    /// An error about an id that an earlier entry has.
    pub fn twice(&self, key: &str, id: &str) -> SpecError {
        let problem = (format!("`{id}` is there twice"), format!("`{id}` 出现两次"));
        self.error(key, problem, ("rename one", "请改其中一个"))
    }

    fn line_of(&self, key: &str) -> usize {
        let (table, leaf) = match key.split_once("].") {
            Some((table, leaf)) => (Some(table), leaf),
            None => (None, key),
        };
        let at = |wanted: &str| self.text.lines().position(|line| line.trim() == wanted);
        let (mut from, mut leaf) = (None, leaf);
        if let Some((name, index)) = table.and_then(|t| t.split_once('[')) {
            let header = format!("[[{name}]]");
            let index: usize = index.parse().unwrap_or(0);
            let headers = self.text.lines().enumerate().filter(|(_, line)| line.trim() == header);
            match headers.map(|(line, _)| line).nth(index) {
                Some(line) => from = Some(line),
                None => return self.line_in_list(name, index),
            }
        } else if let Some((name, rest)) = leaf.split_once('.')
            && let Some(line) = at(&format!("[{name}]"))
        {
            (from, leaf) = (Some(line), rest);
        }
        let leaf = leaf.split(['.', '[']).next().unwrap_or(leaf);
        let start = from.unwrap_or(0);
        let ends =
            |(i, line): &(usize, &str)| from.is_some() && *i > start && line.trim_start().starts_with('[');
        self.text
            .lines()
            .enumerate()
            .skip(start)
            .take_while(|line| !ends(line))
            .find(|(_, line)| {
                let line = line.trim();
                line.strip_prefix(leaf).is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
                    || from.is_none() && (line == format!("[[{leaf}]]") || line == format!("[{leaf}]"))
            })
            .map_or(start + 1, |(line, _)| line + 1)
    }

    /// The line of an entry of a list of inline tables, one a line as a rule.
    fn line_in_list(&self, name: &str, index: usize) -> usize {
        let is_list = |line: &str| {
            line.trim_start().strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        let Some(start) = self.text.lines().position(is_list) else { return 1 };
        let entries = self.text.lines().enumerate().skip(start).filter(|(_, line)| line.contains('{'));
        entries.map(|(line, _)| line + 1).nth(index).unwrap_or(start + 1)
    }
}
