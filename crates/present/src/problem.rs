//! What went wrong, as a document.

use clientele_model::problem::{ErrorKind, Mark, kinds};
use clientele_model::{Language, Problem};
use serde::Serialize;

/// What went wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProblemDetails {
    /// The kind of problem, for programs: it stays the same. [`error_kinds`] lists all.
    pub code: &'static str,
    /// What went wrong, in the language that was asked for.
    pub message: String,
    /// What to do about it, likewise.
    pub cure: String,
    /// Where: a file, a line of a document, a place in a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The document whose line is to blame, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentPlace>,
    /// The line of a rule that is to blame, and below it marks under what is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
}

/// A line of a document that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentPlace {
    /// As the user named it.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// The key that is to blame, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A failure, as programs get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailureDocument {
    pub error: ProblemDetails,
}

impl ProblemDetails {
    /// A problem in a language.
    pub fn new(problem: &Problem, language: Language) -> Self {
        let (document, excerpt) = match problem.mark.clone() {
            Some(Mark::Document { file, line, key }) => (Some(DocumentPlace { file, line, key }), None),
            Some(Mark::Excerpt(excerpt)) => (None, Some(excerpt)),
            None => (None, None),
        };
        ProblemDetails {
            code: problem.kind.code,
            message: problem.message(language),
            cure: problem.cure(language),
            place: problem.place.as_ref().map(|place| place.get(language).to_owned()),
            document,
            excerpt,
        }
    }
}

/// All kinds of problems: the codes that [`ProblemDetails`] can have.
pub fn error_kinds() -> impl Iterator<Item = &'static ErrorKind> {
    kinds::all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_says_where_and_what_to_do() {
        let problem =
            kinds::workspace::FILE_FAILED.problem().with("cause", "gone").within(("a.csv", "a.csv"));
        let told = serde_json::to_string(&ProblemDetails::new(&problem, Language::Zh)).unwrap();
        let expected =
            r#"{"code":"file-failed","message":"gone","cure":"请检查路径、权限和剩余空间","place":"a.csv"}"#;
        assert_eq!(told, expected);
    }
}
