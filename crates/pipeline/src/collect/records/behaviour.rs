//! What customers did, the contacts with them, and what serving them cost.

use clientele_model::spec::source::{Field, Grain};

use super::words::{COST_KINDS, DIRECTIONS, EVENT_KINDS, INTERACTION_KINDS, PLAIN};
use super::{ColumnKind, FactColumn, Limits, RecordTable};
use crate::clean::Rule;

/// A column that may be empty.
const fn column(name: &'static str, field: Field, kind: ColumnKind) -> FactColumn {
    FactColumn { name, field, kind, required: false }
}

/// A column that must not be empty.
const fn required(name: &'static str, field: Field, kind: ColumnKind) -> FactColumn {
    FactColumn { name, field, kind, required: true }
}

/// What customers did.
pub static EVENTS: RecordTable = RecordTable {
    grain: Grain::Event,
    name: "events",
    superseded: "superseded_events",
    at: "occurred_at",
    id: Some("event_id"),
    key: &[],
    columns: &[
        column("event_id", Field::EventId, ColumnKind::Id),
        required("occurred_at", Field::OccurredAt, ColumnKind::Past),
        required("kind", Field::Kind, ColumnKind::Word(&EVENT_KINDS)),
        column("item_id", Field::ItemId, ColumnKind::Text),
        column("category", Field::Category, ColumnKind::Word(&PLAIN)),
        column("channel", Field::Channel, ColumnKind::Word(&PLAIN)),
        column("value", Field::Value, ColumnKind::Money(Limits::NONE)),
        column("session_id", Field::SessionId, ColumnKind::Text),
        column("campaign", Field::Campaign, ColumnKind::Word(&PLAIN)),
    ],
    checks: &[],
};

/// Contacts with customers.
pub static INTERACTIONS: RecordTable = RecordTable {
    grain: Grain::Interaction,
    name: "interactions",
    superseded: "superseded_interactions",
    at: "occurred_at",
    id: Some("interaction_id"),
    key: &[],
    columns: &[
        column("interaction_id", Field::InteractionId, ColumnKind::Id),
        required("occurred_at", Field::OccurredAt, ColumnKind::Past),
        required("kind", Field::Kind, ColumnKind::Word(&INTERACTION_KINDS)),
        column("direction", Field::Direction, ColumnKind::Word(&DIRECTIONS)),
        column("staff", Field::Staff, ColumnKind::Word(&PLAIN)),
        column("outcome", Field::Outcome, ColumnKind::Word(&PLAIN)),
        column("minutes", Field::Minutes, ColumnKind::Double(NOT_NEGATIVE)),
        column("text", Field::Text, ColumnKind::Text),
    ],
    checks: &[],
};

/// What serving customers cost.
pub static SERVICE_COSTS: RecordTable = RecordTable {
    grain: Grain::ServiceCost,
    name: "service_costs",
    superseded: "superseded_service_costs",
    at: "occurred_at",
    id: None,
    key: &[],
    columns: &[
        required("occurred_at", Field::OccurredAt, ColumnKind::Past),
        required("kind", Field::Kind, ColumnKind::Word(&COST_KINDS)),
        required("amount", Field::Amount, ColumnKind::Money(NOT_NEGATIVE)),
    ],
    checks: &[],
};

const NOT_NEGATIVE: Limits = Limits { min: 0, max: i64::MAX, rule: Rule::NegativeValue };
