//! Possible sales, and the ties between customers.

use clientele_model::spec::source::{Field, Grain};

use super::words::{OUTCOMES, PLAIN, RELATION_KINDS, STAGES};
use super::{ATTRIBUTES, Check, ColumnKind, FactColumn, Limits, RecordTable};

const fn column(name: &'static str, field: Field, kind: ColumnKind) -> FactColumn {
    FactColumn { name, field, kind, required: false }
}

const fn required(name: &'static str, field: Field, kind: ColumnKind) -> FactColumn {
    FactColumn { name, field, kind, required: true }
}

/// Possible sales.
pub static OPPORTUNITIES: RecordTable = RecordTable {
    grain: Grain::Opportunity,
    name: "opportunities",
    superseded: "superseded_opportunities",
    at: "created_at",
    id: Some("opportunity_id"),
    key: &["created_at"],
    columns: &[
        required("opportunity_id", Field::OpportunityId, ColumnKind::Id),
        required("created_at", Field::CreatedAt, ColumnKind::Past),
        required("stage", Field::Stage, ColumnKind::Word(&STAGES)),
        column("stage_rank", Field::Stage, ColumnKind::Rank),
        column("amount", Field::Amount, ColumnKind::Money(Limits::NONE)),
        column("probability", Field::Probability, ColumnKind::Share),
        column("expected_close", Field::ExpectedClose, ColumnKind::Day),
        column("closed_at", Field::ClosedAt, ColumnKind::Past),
        column("outcome", Field::Outcome, ColumnKind::Word(&OUTCOMES)),
        column("owner", Field::Owner, ColumnKind::Word(&PLAIN)),
        column("product", Field::Product, ColumnKind::Word(&PLAIN)),
    ],
    checks: &[Check::Order("created_at", "closed_at")],
};

/// How the attributes of stages begin that were not read from a file of stages but made from versions
/// of opportunities. How sure the time is follows.
pub const MADE_STAGE: &str = "{\"from\":\"opportunities\"";

/// Attributes of a stage that a first version told: it was entered at that time, which is that of the
/// creation, or later.
pub const AFTER_CREATION: &str = "{\"from\":\"opportunities\",\"entered\":\"after creation\"}";

/// Attributes of a stage that a later version told: it was entered before that time, at which the
/// file came in.
pub const BEFORE_IMPORT: &str = "{\"from\":\"opportunities\",\"entered\":\"before import\"}";

/// The stages that possible sales went through.
pub static OPPORTUNITY_STAGES: RecordTable = RecordTable {
    grain: Grain::OpportunityStage,
    name: "opportunity_stages",
    superseded: "superseded_opportunity_stages",
    at: "entered_at",
    id: None,
    key: &["opportunity_id", "stage", "entered_at", ATTRIBUTES],
    columns: &[
        required("opportunity_id", Field::OpportunityId, ColumnKind::Text),
        required("stage", Field::Stage, ColumnKind::Word(&STAGES)),
        required("entered_at", Field::EnteredAt, ColumnKind::Past),
        column("probability", Field::Probability, ColumnKind::Share),
    ],
    checks: &[],
};

/// Ties between customers, from the customer to the other.
pub static RELATIONS: RecordTable = RecordTable {
    grain: Grain::Relation,
    name: "relations",
    superseded: "superseded_relations",
    at: "since",
    id: None,
    key: &["to_id", "kind"],
    columns: &[
        required("to_id", Field::ToId, ColumnKind::Text),
        required("kind", Field::Kind, ColumnKind::Word(&RELATION_KINDS)),
        column("since", Field::Since, ColumnKind::Past),
    ],
    checks: &[Check::NotOneself("to_id")],
};
