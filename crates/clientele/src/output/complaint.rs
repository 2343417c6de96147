//! Errors as users see them.

use std::io::{IsTerminal as _, Write as _};

use clientele_model::Language;
use clientele_model::spec::SpecError;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use thiserror::Error;

use crate::failure::Failure;

/// Writes an error to stderr: what, where and the cure. For a mistake in a document that can be read,
/// its line is shown.
pub fn complain(failure: &Failure, language: Language) {
    if matches!(failure, Failure::Shown) {
        return;
    }
    let text = failure
        .document()
        .and_then(|error| Mistake::new(error, language))
        .and_then(|mistake| mistake.rendered())
        .unwrap_or_else(|| failure.message(language) + "\n");
    let head = language.pick("error: ", "错误：");
    // There is nowhere left to complain about stderr.
    write!(std::io::stderr(), "{head}{text}").ok();
}

/// A mistake with the document around it.
#[derive(Debug, Error)]
#[error("{file}{colon}{problem}")]
struct Mistake {
    file: String,
    colon: &'static str,
    problem: String,
    cure: String,
    key: Option<String>,
    document: NamedSource<String>,
    at: (usize, usize),
}

impl Mistake {
    fn new(error: &SpecError, language: Language) -> Option<Self> {
        let text = std::fs::read_to_string(&error.file).ok()?;
        let start: usize = text.split_inclusive('\n').take(error.line - 1).map(str::len).sum();
        let length = text.get(start..)?.lines().next()?.len();
        let document = NamedSource::new(&error.file, text).with_language("toml");
        Some(Mistake {
            file: error.file.clone(),
            colon: language.pick(": ", "："),
            problem: error.problem.get(language).to_owned(),
            cure: error.cure.get(language).to_owned(),
            key: error.key.clone(),
            document,
            at: (start, length),
        })
    }

    fn rendered(&self) -> Option<String> {
        let theme = match std::io::stderr().is_terminal() {
            true => GraphicalTheme::unicode(),
            false => GraphicalTheme::unicode_nocolor(),
        };
        let mut out = String::new();
        GraphicalReportHandler::new_themed(theme).render_report(&mut out, self).ok()?;
        Some(out.trim_start().to_owned())
    }
}

impl Diagnostic for Mistake {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(&self.cure))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.document)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new(self.key.clone(), self.at.0, self.at.1);
        Some(Box::new(std::iter::once(label)))
    }
}
