//! Questions of another program, and their answers: an object a line each.

use clientele_model::{Language, Problem};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::problem::ProblemDetails;
use crate::run::RunReference;

/// A question, as it comes in.
#[derive(Debug, Deserialize)]
pub struct Question {
    /// Whatever the asker wants back.
    #[serde(default = "nothing")]
    pub id: Box<RawValue>,
    /// The words of a command, as in `["tiers", "abc"]`; without any, which run is the last is asked.
    pub ask: Vec<String>,
}

/// An answer, as it goes out.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// As it came in; null for a line that is no question.
    pub id: Box<RawValue>,
    /// The document that the command answers with `--json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ProblemDetails>,
    /// How long it took, from when its turn came.
    pub milliseconds: f64,
}

/// What is answered without any words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastRun {
    pub run: RunReference,
}

impl Answer {
    /// The answer to a question, or what went wrong.
    pub fn new(
        id: Box<RawValue>,
        found: Result<Box<RawValue>, Option<Problem>>,
        language: Language,
        milliseconds: f64,
    ) -> Self {
        match found {
            Ok(answer) => Answer { id, answer: Some(answer), error: None, milliseconds },
            Err(problem) => {
                let error = problem.map(|problem| ProblemDetails::new(&problem, language));
                Answer { id, answer: None, error, milliseconds }
            }
        }
    }
}

/// The id of a question without one.
pub fn nothing() -> Box<RawValue> {
    RawValue::NULL.to_owned()
}
