//! What customers ask, answer, allow and belong to.

use clientele_model::spec::source::{Field, Grain};

use super::words::{
    CONSENT_CHANNELS, CONSENT_STATUSES, PLAIN, PRIORITIES, SURVEYS, TICKET_CHANNELS, TICKET_KINDS,
    TICKET_STATUSES,
};
use super::{Check, ColumnKind, FactColumn, Limits, RecordTable};
use crate::clean::Rule;

const fn column(name: &'static str, field: Field, kind: ColumnKind) -> FactColumn {
    FactColumn { name, field, kind, required: false }
}

const fn required(name: &'static str, field: Field, kind: ColumnKind) -> FactColumn {
    FactColumn { name, field, kind, required: true }
}

/// Requests for help and complaints.
pub static TICKETS: RecordTable = RecordTable {
    grain: Grain::Ticket,
    name: "tickets",
    superseded: "superseded_tickets",
    at: "opened_at",
    id: Some("ticket_id"),
    key: &["opened_at"],
    columns: &[
        required("ticket_id", Field::TicketId, ColumnKind::Id),
        required("opened_at", Field::OpenedAt, ColumnKind::Past),
        column("first_response_at", Field::FirstResponseAt, ColumnKind::Past),
        column("closed_at", Field::ClosedAt, ColumnKind::Past),
        column("kind", Field::Kind, ColumnKind::Word(&TICKET_KINDS)),
        column("category", Field::Category, ColumnKind::Word(&PLAIN)),
        column("reason", Field::Reason, ColumnKind::Word(&PLAIN)),
        column("priority", Field::Priority, ColumnKind::Word(&PRIORITIES)),
        column("status", Field::Status, ColumnKind::Word(&TICKET_STATUSES)),
        column("channel", Field::Channel, ColumnKind::Word(&TICKET_CHANNELS)),
        column("satisfaction", Field::Satisfaction, ColumnKind::Double(ONE_TO_FIVE)),
        column("reopened", Field::Reopened, ColumnKind::Count),
        column("text", Field::Text, ColumnKind::Text),
    ],
    checks: &[
        Check::Order("opened_at", "closed_at"),
        Check::Order("opened_at", "first_response_at"),
        Check::LikelyOrder("first_response_at", "closed_at"),
    ],
};

/// Answers to questions.
pub static RESPONSES: RecordTable = RecordTable {
    grain: Grain::Response,
    name: "responses",
    superseded: "superseded_responses",
    at: "answered_at",
    id: None,
    key: &["answered_at", "survey", "question"],
    columns: &[
        required("answered_at", Field::AnsweredAt, ColumnKind::Past),
        required("survey", Field::Survey, ColumnKind::Word(&SURVEYS)),
        required("question", Field::Question, ColumnKind::Word(&PLAIN)),
        required("value", Field::Value, ColumnKind::Double(Limits::NONE)),
        column("scale_min", Field::ScaleMin, ColumnKind::Double(Limits::NONE)),
        column("scale_max", Field::ScaleMax, ColumnKind::Double(Limits::NONE)),
        column("text", Field::Text, ColumnKind::Text),
    ],
    checks: &[Check::OnScale],
};

/// Leave to write to customers.
pub static CONSENTS: RecordTable = RecordTable {
    grain: Grain::Consent,
    name: "consents",
    superseded: "superseded_consents",
    at: "changed_at",
    id: None,
    key: &["channel", "changed_at"],
    columns: &[
        required("channel", Field::Channel, ColumnKind::Word(&CONSENT_CHANNELS)),
        required("status", Field::Status, ColumnKind::Word(&CONSENT_STATUSES)),
        required("changed_at", Field::ChangedAt, ColumnKind::Past),
        column("origin", Field::Origin, ColumnKind::Word(&PLAIN)),
    ],
    checks: &[],
};

/// Places in loyalty programmes. A later file with another level or other points replaces.
pub static MEMBERSHIPS: RecordTable = RecordTable {
    grain: Grain::Membership,
    name: "memberships",
    superseded: "superseded_memberships",
    at: "joined_at",
    id: None,
    key: &["programme", "joined_at"],
    columns: &[
        required("programme", Field::Programme, ColumnKind::Word(&PLAIN)),
        column("level", Field::Level, ColumnKind::Word(&PLAIN)),
        column("points", Field::Points, ColumnKind::Double(Limits::NONE)),
        required("joined_at", Field::JoinedAt, ColumnKind::Past),
        column("expires_at", Field::ExpiresAt, ColumnKind::Time),
    ],
    checks: &[Check::Order("joined_at", "expires_at")],
};

const ONE_TO_FIVE: Limits = Limits { min: 1, max: 5, rule: Rule::OffScale };
