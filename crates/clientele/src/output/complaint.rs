//! Errors as users see them.

use std::io::{IsTerminal as _, Write as _};

use clientele_model::problem::Mark;
use clientele_model::{Language, Problem};
use clientele_present::problem::{FailureDocument, ProblemDetails};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use thiserror::Error;

/// Writes an error to stderr: what, where and the cure, as a document for programs that read documents. For a
/// mistake in a document that can be read, its line is shown.
pub fn complain(problem: &Problem, is_json: bool, language: Language) {
    // There is nowhere left to complain about stderr.
    write!(std::io::stderr(), "{}", told(problem, is_json, language)).ok();
}

fn told(problem: &Problem, is_json: bool, language: Language) -> String {
    if is_json {
        let document = FailureDocument { error: ProblemDetails::new(problem, language) };
        if let Ok(document) = serde_json::to_string_pretty(&document) {
            return document + "\n";
        }
    }
    let text = Mistake::new(problem, language)
        .and_then(|mistake| mistake.rendered())
        .unwrap_or_else(|| problem.sentence(language) + "\n");
    language.pick("error: ", "错误：").to_owned() + &text
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
    fn new(problem: &Problem, language: Language) -> Option<Self> {
        let Some(Mark::Document { file, line, key }) = &problem.mark else { return None };
        let text = std::fs::read_to_string(file).ok()?;
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let length = text.get(start..)?.lines().next()?.len();
        Some(Mistake {
            file: file.clone(),
            colon: language.pick(": ", "："),
            problem: problem.value("problem", language)?,
            cure: problem.cure(language),
            key: key.clone(),
            document: NamedSource::new(file, text).with_language("toml"),
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
