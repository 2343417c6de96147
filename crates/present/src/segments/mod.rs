//! Groups of customers by rule or list.

mod history;
mod upload;

use clientele_model::spec::segment::SegmentRule;
use clientele_pipeline::Run;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::segments::{Count, Kind, SegmentMember, Standing, State};
use serde::Serialize;

use crate::run::RunReference;
use crate::value::money;
use crate::value::time;

pub use history::{SegmentEvaluation, SegmentHistory, SegmentVersion};
pub use upload::{UnmatchedRow, UploadedList};

/// A segment, and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Segment {
    pub id: String,
    pub version: u64,
    pub kind: Kind,
    pub name_en: String,
    pub name_zh: String,
    /// The rule as text; none for lists.
    pub rule: Option<String>,
    /// The rule as a tree.
    pub tree: Option<SegmentRule>,
    pub note: Option<String>,
    pub made_at: String,
    pub state: State,
    /// Why the last evaluation failed.
    pub message_en: Option<String>,
    pub message_zh: Option<String>,
    /// As of the last evaluation that was through.
    pub members: Option<u64>,
    pub entered: Option<u64>,
    pub left: Option<u64>,
    pub run: Option<String>,
    pub as_of: Option<String>,
    pub started_at: Option<String>,
    pub finished_at: Option<String>,
}

/// What `segments list` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Segments {
    pub segments: Vec<Segment>,
}

/// What `segments show` and `segments set` answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OneSegment {
    pub segment: Segment,
}

/// What `segments remove` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemovedSegment {
    pub segment: String,
    pub version: u64,
}

/// What `segments members` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentMembers {
    pub segment: Segment,
    /// Those with the most revenue first.
    pub customers: Vec<Member>,
}

/// A customer in a segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    pub source: String,
    pub customer_id: String,
    /// The day since when.
    pub since: String,
    /// Net, in the workspace\'s currency; null where the run does not tell it.
    pub revenue: Option<f64>,
}

/// What `segments count` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentCounts {
    pub run: RunReference,
    pub counts: Vec<RuleCount>,
}

/// How many customers a rule describes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleCount {
    /// The rule, written one way.
    pub rule: String,
    pub customers: u64,
    /// Of all customers of the run, 0 to 1.
    pub customer_share: f64,
    /// How long it took, once the run was open.
    pub milliseconds: f64,
}

impl From<&Standing> for Segment {
    fn from(standing: &Standing) -> Self {
        let (definition, last) = (&standing.definition, standing.last.as_ref());
        let message = standing.failed.as_ref().and_then(|e| e.message.as_ref());
        Segment {
            id: definition.id.clone(),
            version: definition.version,
            kind: definition.kind,
            name_en: definition.name.en.clone(),
            name_zh: definition.name.zh.clone(),
            rule: definition.rule.clone(),
            tree: definition.tree.clone(),
            note: definition.note.clone(),
            made_at: time(definition.made_at),
            state: standing.state,
            message_en: message.map(|m| m.en.clone()),
            message_zh: message.map(|m| m.zh.clone()),
            members: last.map(|e| e.members),
            entered: last.map(|e| e.entered),
            left: last.map(|e| e.left),
            run: last.map(|e| e.run.to_string()),
            as_of: last.map(|e| e.as_of.clone()),
            started_at: last.map(|e| time(e.started_at)),
            finished_at: last.and_then(|e| e.finished_at).map(time),
        }
    }
}

impl Segments {
    /// All segments.
    pub fn new(standings: &[Standing]) -> Self {
        Segments { segments: standings.iter().map(Segment::from).collect() }
    }
}

impl SegmentMembers {
    /// Some members of a segment.
    pub fn new(view: &RunView, standing: &Standing, members: &[SegmentMember]) -> Self {
        let customers = members.iter().map(|member| Member::new(view, member)).collect();
        SegmentMembers { segment: standing.into(), customers }
    }
}

impl Member {
    fn new(view: &RunView, member: &SegmentMember) -> Self {
        Member {
            source: member.source.clone(),
            customer_id: member.customer_id.clone(),
            since: member.since.clone(),
            revenue: view.knows_revenue().then(|| money(member.revenue)),
        }
    }
}

impl SegmentCounts {
    /// Counts over a run.
    pub fn new(run: &Run, counts: Vec<RuleCount>) -> Self {
        SegmentCounts { run: run.into(), counts }
    }
}

impl RuleCount {
    /// How many a rule describes.
    pub fn new(rule: &SegmentRule, found: &Count) -> Self {
        RuleCount {
            rule: rule.to_string(),
            customers: found.customers,
            customer_share: if found.of == 0 { 0.0 } else { found.customers as f64 / found.of as f64 },
            milliseconds: (found.took.as_secs_f64() * 1e5).round() / 100.0,
        }
    }
}
