//! The metrics that a questionnaire brings with it: how a customer answered, in all and by dimension.

use std::fmt::Write as _;

use super::{Question, Questionnaire};
use crate::{MetricId, Text};

/// A metric document that nobody wrote by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricDocument {
    pub id: MetricId,
    /// The document.
    pub text: String,
}

/// The metric with the mean of the newest answers to all questions, 0 to 1.
pub fn overall_metric(survey: &str) -> MetricId {
    MetricId::new(format!("answers_{}", column(survey)))
}

/// The metric with the mean of the newest answers about a dimension, 0 to 1.
pub fn dimension_metric(survey: &str, dimension: &str) -> MetricId {
    MetricId::new(format!("answers_{}_{}", column(survey), column(dimension)))
}

fn column(id: &str) -> String {
    id.replace('-', "_")
}

impl Questionnaire {
    /// One metric for all answers and one a dimension. A customer's figure is the mean of the newest answer to
    /// each question, as a share of its scale, turned round where agreeing speaks against the dimension: a
    /// question that is answered again counts once, one that is left out the second time by its answer before.
    /// Answers off the scale and to other questions do not count.
    pub fn metrics(&self) -> Vec<MetricDocument> {
        let all: Vec<&Question> = self.questions.iter().collect();
        let mut metrics = vec![self.metric(overall_metric(&self.id), None, &all)];
        for dimension in &self.dimensions {
            let about: Vec<&Question> =
                self.questions.iter().filter(|q| q.dimension == dimension.id).collect();
            let id = dimension_metric(&self.id, &dimension.id);
            metrics.push(self.metric(id, Some(&dimension.name), &about));
        }
        metrics
    }

    fn metric(&self, id: MetricId, dimension: Option<&Text>, questions: &[&Question]) -> MetricDocument {
        let share = self.share(questions);
        let turned = |reverse: bool| questions.iter().filter(move |q| q.reverse == reverse).copied();
        let reversed: Vec<&Question> = turned(true).collect();
        let score = match reversed.is_empty() {
            true => share.clone(),
            false => {
                format!("case when question in ({}) then 1 - {share} else {share} end", listed(&reversed))
            }
        };
        let on_scale = format!("{share} between 0 and 1");
        let filter = format!(
            "survey = '{}' and question in ({}) and is_latest and {on_scale}",
            self.id,
            listed(questions)
        );
        let name = match dimension {
            None => self.name.clone(),
            Some(d) => {
                Text::new(format!("{}: {}", self.name.en, d.en), format!("{}：{}", self.name.zh, d.zh))
            }
        };
        let meaning = match dimension {
            None => Text::new(
                format!("How far the customer agrees, over all questions of “{}”.", self.name.en),
                format!("客户在「{}」全部题目上的总体得分。", self.name.zh),
            ),
            Some(d) => Text::new(
                format!("How far the customer's answers in “{}” point to “{}”.", self.name.en, d.en),
                format!("客户在「{}」中偏向「{}」的程度。", self.name.zh, d.zh),
            ),
        };
        let formula = Text::new(
            format!(
                "mean of the newest answers to {} questions, each as a share of its scale; answers to {} of them are turned round",
                questions.len(),
                reversed.len()
            ),
            format!(
                "{} 道题最近一次答案的平均值，每题按量表折算为 0–1；其中 {} 道反向计分",
                questions.len(),
                reversed.len()
            ),
        );
        let absent = Text::new("No answer: unknown.", "没有作答，记为未知。");
        let mut text = format!("id = \"{id}\"\nversion = {}\nunit = \"share\"\n", self.version);
        text += "source = \"responses\"\n";
        let _ = writeln!(text, "expression = {}", quoted(&format!("avg({score})")));
        let _ = writeln!(text, "filter = {}", quoted(&filter));
        text += "absent = \"unknown\"\ndirection = \"high\"\n";
        for (key, value) in
            [("name", &name), ("meaning", &meaning), ("formula", &formula), ("absent_means", &absent)]
        {
            let _ = writeln!(text, "{key} = {{ en = {}, zh = {} }}", quoted(&value.en), quoted(&value.zh));
        }
        MetricDocument { id, text }
    }

    /// An answer as a share of its scale: as it came with its own scale, else by this document's.
    fn share(&self, questions: &[&Question]) -> String {
        let by = |scale: &super::Scale| format!("(value - {:?}) / {:?}", scale.min, scale.max - scale.min);
        let own: Vec<&&Question> = questions.iter().filter(|q| q.scale.is_some()).collect();
        let plain = by(&self.scale);
        if own.is_empty() {
            return format!("coalesce(score, {plain})");
        }
        let mut cases = "case question".to_owned();
        for question in own {
            let _ = write!(cases, " when '{}' then {}", question.id, by(self.scale_of(question)));
        }
        format!("coalesce(score, {cases} else {plain} end)")
    }
}

fn listed(questions: &[&Question]) -> String {
    questions.iter().map(|q| format!("'{}'", q.id)).collect::<Vec<_>>().join(", ")
}

/// A text as TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
