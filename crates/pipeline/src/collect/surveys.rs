//! Questionnaires that are known, and files with a sheet of answers a row.

use std::collections::BTreeSet;
use std::path::Path;

use clientele_model::spec::SpecError;
use clientele_model::spec::questionnaire::{Questionnaire, Scale};
use clientele_model::spec::source::SourceLayout;
use include_dir::{Dir, include_dir};

use super::error::ImportError;
use super::values::text::folded;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../library/questionnaires");

/// The scales of surveys that everybody knows: the least and the greatest answer.
const COMMON: [(&str, i64, i64); 3] = [("nps", 0, 10), ("csat", 1, 5), ("ces", 1, 7)];

/// The built-in questionnaires and those in a folder; of two with one id the folder's counts.
pub fn all(folder: &Path) -> Result<Vec<Questionnaire>, ImportError> {
    let mut found = BUILT_IN
        .files()
        .filter(|file| file.path().extension().is_some_and(|e| e == "toml"))
        .map(|file| {
            let name = format!("library/questionnaires/{}", file.path().display());
            Questionnaire::parse(&name, file.contents_utf8().unwrap_or_default())
        })
        .collect::<Result<Vec<_>, SpecError>>()?;
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(found) };
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path)
            .map_err(|cause| ImportError::File { file: path.clone(), cause })?;
        let own = Questionnaire::parse(&path.display().to_string(), &text)?;
        found.retain(|other| other.id != own.id);
        found.push(own);
    }
    Ok(found)
}

/// The scale of a question, in ten-thousandths: the least and the greatest answer.
pub fn scale_of(questionnaires: &[Questionnaire], survey: &str, question: &str) -> Option<(i64, i64)> {
    let exact = |scale: &Scale| ((scale.min * 1e4).round() as i64, (scale.max * 1e4).round() as i64);
    match questionnaires.iter().find(|known| known.id == survey) {
        Some(known) => known.question(question).map(|question| exact(known.scale_of(question))),
        None => {
            COMMON.iter().find(|(id, ..)| *id == survey).map(|(_, min, max)| (min * 10_000, max * 10_000))
        }
    }
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
                let question = known.questions.iter().find(|q| folded(&q.id) == folded(question));
                question.map(|question| question.id.clone())
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
