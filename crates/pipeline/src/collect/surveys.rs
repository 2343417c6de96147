//! Questionnaires that are known, and files with a sheet of answers a row.

use std::collections::BTreeSet;

use clientele_model::spec::questionnaire::{Labels, Questionnaire};
use clientele_model::spec::source::SourceLayout;

use super::values::number::{NumberFault, ONE, parse_number};
use super::values::text::{folded, is_nothing};
use crate::clean::Rule;

/// The scales of surveys that everybody knows: the least and the greatest answer.
const COMMON: [(&str, i64, i64); 3] = [("nps", 0, 10), ("csat", 1, 5), ("ces", 1, 7)];

/// What is known of a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asked<'q> {
    /// It is answered by a number from `min` to `max`, in ten-thousandths, or by the label of a step.
    Scaled { min: i64, max: i64, labels: Option<&'q Labels> },
    /// It is answered in words.
    Open,
    /// Nothing: whatever number comes is taken.
    Unknown,
}

/// What an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// A number, in ten-thousandths.
    Number(i64),
    /// Words, to be kept as they are.
    Words,
    /// Nothing: the question was left out.
    Nothing,
    /// Something that the question cannot be answered with.
    Wrong(Rule),
}

/// What is known of a question of a survey.
pub fn asked<'q>(questionnaires: &'q [Questionnaire], survey: &str, question: &str) -> Asked<'q> {
    match questionnaires.iter().find(|known| known.id == survey) {
        Some(known) if known.is_open(question) => Asked::Open,
        Some(known) => known.question(question).map_or(Asked::Unknown, |question| {
            let scale = known.scale_of(question);
            let exact = |bound: f64| (bound * ONE as f64).round() as i64;
            Asked::Scaled { min: exact(scale.min), max: exact(scale.max), labels: scale.labels.as_ref() }
        }),
        None => COMMON.iter().find(|(id, ..)| *id == survey).map_or(Asked::Unknown, |(_, min, max)| {
            Asked::Scaled { min: min * ONE, max: max * ONE, labels: None }
        }),
    }
}

impl Asked<'_> {
    /// The scale, in ten-thousandths: the least and the greatest answer.
    pub fn scale(self) -> Option<(i64, i64)> {
        match self {
            Asked::Scaled { min, max, .. } => Some((min, max)),
            Asked::Open | Asked::Unknown => None,
        }
    }

    /// Reads the tidy text of a cell that is not missing. Whether a number is on the scale is not
    /// looked at: the row may bring a scale of its own.
    pub fn reply(self, cell: &str) -> Reply {
        if self == Asked::Open {
            return Reply::Words;
        }
        match parse_number(cell) {
            Ok((value, _)) => return Reply::Number(value),
            Err(NumberFault::Absurd) => return Reply::Wrong(Rule::AbsurdNumber),
            Err(NumberFault::NotANumber) => {}
        }
        if let Asked::Scaled { min, labels: Some(labels), .. } = self
            && let Some(step) = step_of(labels, cell)
        {
            return Reply::Number(min + step * ONE);
        }
        // A label may be such a word, so labels come first.
        if is_nothing(cell) { Reply::Nothing } else { Reply::Wrong(Rule::UnknownAnswer) }
    }
}

/// Which step of the scale a label stands for, from 0, in either language.
fn step_of(labels: &Labels, cell: &str) -> Option<i64> {
    let cell = folded(cell);
    let place = |labels: &[String]| labels.iter().position(|label| folded(label) == cell);
    place(&labels.en).or_else(|| place(&labels.zh)).and_then(|step| i64::try_from(step).ok())
}

/// The columns of a file that hold answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet(pub Vec<Answer>);

/// A column with the answers to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub column: usize,
    /// The survey; absent where the row names it.
    pub survey: Option<String>,
    pub question: String,
}

impl Sheet {
    /// Whether no column holds answers.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The columns.
    pub fn columns(&self) -> Vec<usize> {
        self.0.iter().map(|answer| answer.column).collect()
    }
}

/// Finds the columns with answers: those that the layout names, and those named like the
/// questions of a questionnaire (`q1`, or `social-style.q1` where several have one). `survey` is
/// the questionnaire, where the user names it.
pub fn sheet(
    layout: &SourceLayout,
    header: &[String],
    survey: Option<&str>,
    questionnaires: &[Questionnaire],
    find: impl Fn(&str) -> Option<usize>,
    taken: &[usize],
) -> Sheet {
    let mut answers: Vec<Answer> = Vec::new();
    let is_free = |answers: &[Answer], at: usize| {
        !taken.contains(&at) && answers.iter().all(|answer| answer.column != at)
    };
    for (survey, columns) in &layout.answers {
        if let Some(column) = columns.iter().find_map(|name| find(name))
            && is_free(&answers, column)
        {
            answers.push(Answer { column, survey: Some(survey.clone()), question: survey.clone() });
        }
    }
    if layout.questionnaires {
        let only = match survey {
            Some(survey) => questionnaires.iter().find(|known| known.id == survey),
            None => best(header, questionnaires),
        };
        for (column, name) in header.iter().enumerate() {
            if !is_free(&answers, column) {
                continue;
            }
            let qualified = name.split_once(['.', ':', '/']).and_then(|(survey, question)| {
                let known = questionnaires.iter().find(|known| folded(&known.id) == folded(survey))?;
                Some((known, question))
            });
            let (survey, question) = match (qualified, only) {
                (Some((known, question)), _) => (Some(known), question),
                (None, only) => (only, name.as_str()),
            };
            let same = |known: &&Questionnaire| {
                known.question_ids().find(|id| folded(id) == folded(question)).map(str::to_owned)
            };
            let survey_id = |known: &Questionnaire| Some(known.id.clone());
            match survey {
                Some(known) => answers.extend(same(&known).map(|question| Answer {
                    column,
                    survey: survey_id(known),
                    question,
                })),
                // The row names its survey, or must be told to.
                None => {
                    let question = questionnaires.iter().find_map(|known| same(&known));
                    answers.extend(question.map(|question| Answer { column, survey: None, question }));
                }
            }
        }
    }
    Sheet(answers)
}

/// The only questionnaire that has all its questions among the columns, and as many questions as
/// the file has columns named like a question.
fn best<'q>(header: &[String], questionnaires: &'q [Questionnaire]) -> Option<&'q Questionnaire> {
    let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
    let questions: BTreeSet<String> =
        questionnaires.iter().flat_map(|known| &known.questions).map(|q| folded(&q.id)).collect();
    let columns = names.iter().filter(|name| questions.contains(*name)).count();
    let fits = |known: &&Questionnaire| {
        known.questions.len() == columns && known.questions.iter().all(|q| names.contains(&folded(&q.id)))
    };
    let mut fitting = questionnaires.iter().filter(fits);
    fitting.next().filter(|_| fitting.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Labels {
        let words = |words: [&str; 3]| words.map(str::to_owned).to_vec();
        Labels { en: words(["None", "Some of it", "All"]), zh: words(["无", "一些", "全部"]) }
    }

    #[test]
    fn labels_are_the_steps_of_their_scale() {
        let labels = labels();
        let asked = Asked::Scaled { min: 2 * ONE, max: 4 * ONE, labels: Some(&labels) };
        for (cell, step) in [("none", 2), ("some of IT", 3), ("全部", 4), ("无", 2), ("3", 3), ("9", 9)] {
            assert_eq!(asked.reply(cell), Reply::Number(step * ONE), "{cell}");
        }
        assert_eq!(asked.reply("most"), Reply::Wrong(Rule::UnknownAnswer));
    }

    #[test]
    fn words_are_kept_where_words_were_asked_for() {
        assert_eq!(Asked::Open.reply("无"), Reply::Words);
        assert_eq!(Asked::Open.reply("5"), Reply::Words);
        assert_eq!(Asked::Unknown.reply("无"), Reply::Nothing);
        assert_eq!(Asked::Unknown.reply("fine"), Reply::Wrong(Rule::UnknownAnswer));
        assert_eq!(asked(&[], "nps", "nps").scale(), Some((0, 10 * ONE)));
    }
}
