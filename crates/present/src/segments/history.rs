//! What a segment was defined by, and who came and went.

use clientele_pipeline::understand::segments::{Change, Definition, Evaluation, History, Kind, Outcome};
use serde::Serialize;

use crate::value::time;

/// What `segments history` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentHistory {
    pub segment: String,
    pub definitions: Vec<SegmentVersion>,
    pub evaluations: Vec<SegmentEvaluation>,
    /// Who came and went, the last first.
    pub changes: Vec<Change>,
}

/// What a segment was defined by at some time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentVersion {
    pub version: u64,
    pub kind: Kind,
    pub name_en: String,
    pub name_zh: String,
    pub rule: Option<String>,
    pub note: Option<String>,
    pub made_at: String,
}

/// An evaluation of a segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentEvaluation {
    pub evaluation: u64,
    /// Of the definition.
    pub version: u64,
    pub run: String,
    pub as_of: String,
    pub outcome: Outcome,
    /// Why it failed.
    pub message_en: Option<String>,
    pub message_zh: Option<String>,
    pub started_at: String,
    pub finished_at: Option<String>,
    pub members: u64,
    pub entered: u64,
    pub left: u64,
}

impl SegmentHistory {
    /// The history of a segment.
    pub fn new(segment: &str, history: History) -> Self {
        SegmentHistory {
            segment: segment.to_owned(),
            definitions: history.definitions.iter().map(SegmentVersion::from).collect(),
            evaluations: history.evaluations.iter().map(SegmentEvaluation::from).collect(),
            changes: history.changes,
        }
    }
}

impl From<&Definition> for SegmentVersion {
    fn from(made: &Definition) -> Self {
        SegmentVersion {
            version: made.version,
            kind: made.kind,
            name_en: made.name.en.clone(),
            name_zh: made.name.zh.clone(),
            rule: made.rule.clone(),
            note: made.note.clone(),
            made_at: time(made.made_at),
        }
    }
}

impl From<&Evaluation> for SegmentEvaluation {
    fn from(made: &Evaluation) -> Self {
        SegmentEvaluation {
            evaluation: made.number,
            version: made.version,
            run: made.run.to_string(),
            as_of: made.as_of.clone(),
            outcome: made.outcome,
            message_en: made.message.as_ref().map(|m| m.en.clone()),
            message_zh: made.message.as_ref().map(|m| m.zh.clone()),
            started_at: time(made.started_at),
            finished_at: made.finished_at.map(time),
            members: made.members,
            entered: made.entered,
            left: made.left,
        }
    }
}
