//! Questionnaires: questions with a scale, sorted into dimensions.

mod metrics;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::Deserialize;

pub use metrics::{MetricDocument, dimension_metric, overall_metric};

use super::document::{Document, SpecError, at_most};
use crate::{Text, id::is_word};

/// What customers are asked, and what their answers stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Questionnaire {
    /// The name under which answers are brought in, in the field `survey`.
    pub id: String,
    /// Raised by one with every published change.
    pub version: u32,
    pub name: Text,
    /// What it finds out.
    pub question: Text,
    /// Where it comes from.
    pub origin: Text,
    /// The scale of questions that have none of their own.
    pub scale: Scale,
    /// What is found out, part by part.
    pub dimensions: Vec<Dimension>,
    pub questions: Vec<Question>,
    /// Questions that are answered in words: kept as text, and in no metric.
    pub open: Vec<OpenQuestion>,
}

/// The numbers that an answer may be, both ends included.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    pub min: f64,
    pub max: f64,
    /// A word for each step, from the least; none, or one a step.
    #[serde(default)]
    pub labels: Option<Labels>,
}

impl Scale {
    /// Whether an answer is on the scale.
    pub fn takes(&self, value: f64) -> bool {
        self.min <= value && value <= self.max
    }
}

/// Words for the steps of a scale.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    pub en: Vec<String>,
    pub zh: Vec<String>,
}

/// One of the things that a questionnaire finds out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    pub id: String,
    pub name: Text,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The name under which answers are brought in, in the field `question`.
    pub id: String,
    /// The dimension that it is about.
    pub dimension: String,
    /// Whether agreeing speaks against the dimension.
    #[serde(default)]
    pub reverse: bool,
    pub text: Text,
    #[serde(default)]
    pub scale: Option<Scale>,
}

/// A question that is answered in words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenQuestion {
    /// The name under which answers are brought in, in the field `question`.
    pub id: String,
    pub text: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuestionnaire {
    id: String,
    version: u32,
    name: Text,
    question: Text,
    origin: Text,
    scale: Scale,
    #[serde(default)]
    dimensions: Vec<Dimension>,
    #[serde(default)]
    questions: Vec<Question>,
    #[serde(default)]
    open: Vec<OpenQuestion>,
}

/// The most questions that anyone answers.
const MOST: usize = 100;

impl Questionnaire {
    /// Reads and checks a questionnaire document.
    ///
    /// # Errors
    /// The first mistake, with its line and cure.
    pub fn parse(file: &str, text: &str) -> Result<Questionnaire, SpecError> {
        let document = Document { file, text };
        let raw: RawQuestionnaire = document.read()?;
        document.check_id("id", &raw.id, '-')?;
        document.check_version(raw.version)?;
        for (key, text) in [("name", &raw.name), ("question", &raw.question), ("origin", &raw.origin)] {
            document.both_languages(key, text)?;
        }
        check_scale(&document, "scale", &raw.scale)?;
        check_questions(&document, &raw)?;
        check_dimensions(&document, &raw)?;
        Ok(Questionnaire {
            id: raw.id,
            version: raw.version,
            name: raw.name,
            question: raw.question,
            origin: raw.origin,
            scale: raw.scale,
            dimensions: raw.dimensions,
            questions: raw.questions,
            open: raw.open,
        })
    }

    /// A question by its id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|q| q.id == id)
    }

    /// Whether a question is answered in words.
    pub fn is_open(&self, id: &str) -> bool {
        self.open.iter().any(|q| q.id == id)
    }

    /// The ids of all questions, those answered in words last.
    pub fn question_ids(&self) -> impl Iterator<Item = &str> {
        self.questions.iter().map(|q| q.id.as_str()).chain(self.open.iter().map(|q| q.id.as_str()))
    }

    /// The scale of a question.
    pub fn scale_of<'a>(&'a self, question: &'a Question) -> &'a Scale {
        question.scale.as_ref().unwrap_or(&self.scale)
    }
}

fn check_scale(document: &Document<'_>, key: &str, scale: &Scale) -> Result<(), SpecError> {
    if scale.min >= scale.max {
        let problem = (
            format!("it goes from {} to {}", scale.min, scale.max),
            format!("量表从 {} 到 {}", scale.min, scale.max),
        );
        return Err(document.error(
            key,
            problem,
            ("write min below max, as in { min = 1, max = 5 }", "min 应小于 max，例如 { min = 1, max = 5 }"),
        ));
    }
    if let Some(labels) = &scale.labels {
        let steps = scale.max - scale.min + 1.0;
        let fits =
            |labels: &[String]| labels.len() as f64 == steps && labels.iter().all(|l| !l.trim().is_empty());
        if !fits(&labels.en) || !fits(&labels.zh) {
            let problem = ("the labels are not one a step in both languages", "两种语言的标签都须每级一个");
            return Err(document.error(
                key,
                problem,
                (
                    format!("write {steps} in en and in zh, or leave them out"),
                    format!("请在 en 与 zh 中各写 {steps} 个，或全部省去"),
                ),
            ));
        }
    }
    Ok(())
}

fn check_dimensions(document: &Document<'_>, raw: &RawQuestionnaire) -> Result<(), SpecError> {
    if raw.dimensions.is_empty() {
        return Err(document.error(
            "dimensions",
            ("nothing is found out", "没有要了解的维度"),
            ("add [[dimensions]]", "请加上 [[dimensions]]"),
        ));
    }
    let mut seen = BTreeSet::new();
    for (i, dimension) in raw.dimensions.iter().enumerate() {
        let at = |leaf: &str| format!("dimensions[{i}].{leaf}");
        document.check_id(&at("id"), &dimension.id, '-')?;
        if !seen.insert(dimension.id.as_str()) {
            return Err(document.twice(&at("id"), &dimension.id));
        }
        document.both_languages(&at("name"), &dimension.name)?;
        if !raw.questions.iter().any(|q| q.dimension == dimension.id) {
            let problem = (
                format!("no question is about `{}`", dimension.id),
                format!("没有关于 `{}` 的问题", dimension.id),
            );
            return Err(document.error(
                &at("id"),
                problem,
                ("add a question, or remove the dimension", "请加上问题，或删去该维度"),
            ));
        }
    }
    Ok(())
}

fn check_questions(document: &Document<'_>, raw: &RawQuestionnaire) -> Result<(), SpecError> {
    let all = raw.questions.len() + raw.open.len();
    if all > MOST {
        return Err(document.error(
            "questions",
            (format!("{all} questions"), format!("共 {all} 个问题")),
            at_most(MOST),
        ));
    }
    let mut seen = BTreeSet::new();
    for (i, question) in raw.questions.iter().enumerate() {
        let at = |leaf: &str| format!("questions[{i}].{leaf}");
        check_question_id(document, &at("id"), &question.id, &mut seen)?;
        document.both_languages(&at("text"), &question.text)?;
        if !raw.dimensions.iter().any(|d| d.id == question.dimension) {
            let known = raw.dimensions.iter().map(|d| d.id.as_str()).collect::<Vec<_>>().join(", ");
            let problem = (
                format!("there is no dimension `{}`", question.dimension),
                format!("没有维度 `{}`", question.dimension),
            );
            return Err(document.error(
                &at("dimension"),
                problem,
                (format!("use one of {known}"), format!("可用：{known}")),
            ));
        }
        if let Some(scale) = &question.scale {
            check_scale(document, &at("scale"), scale)?;
        }
    }
    for (i, question) in raw.open.iter().enumerate() {
        let at = |leaf: &str| format!("open[{i}].{leaf}");
        check_question_id(document, &at("id"), &question.id, &mut seen)?;
        document.both_languages(&at("text"), &question.text)?;
    }
    Ok(())
}

fn check_question_id<'a>(
    document: &Document<'_>,
    key: &str,
    id: &'a str,
    seen: &mut BTreeSet<&'a str>,
) -> Result<(), SpecError> {
    if !is_word(id, '_') && !is_word(id, '-') {
        let problem = (format!("`{id}` is not an id"), format!("`{id}` 不能作为编号"));
        let cure = (
            "use lower-case letters, digits, - and _, starting with a letter",
            "请用小写字母、数字、- 和 _，并以字母开头",
        );
        return Err(document.error(key, problem, cure));
    }
    if !seen.insert(id) {
        return Err(document.twice(key, id));
    }
    Ok(())
}
