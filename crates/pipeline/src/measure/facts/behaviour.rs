//! Columns of events and interactions.

use super::{FactColumn, age, column, daypart, days_back, exact, plain};

/// What customers did.
pub const EVENTS: &[FactColumn] = &[
    plain("event_id"),
    plain("occurred_at"),
    column("day", "CAST(occurred_at AS DATE)"),
    column("age_days", age!("occurred_at")),
    column("days_back", days_back!("occurred_at")),
    column("hour", "date_part('hour', occurred_at)"),
    column("weekday", "date_part('isodow', occurred_at)"),
    column("daypart", daypart!("occurred_at")),
    plain("kind"),
    plain("item_id"),
    plain("category"),
    plain("channel"),
    plain("value"),
    plain("session_id"),
    plain("campaign"),
    plain("attributes"),
];

/// Contacts with customers.
pub const INTERACTIONS: &[FactColumn] = &[
    plain("interaction_id"),
    plain("occurred_at"),
    column("day", "CAST(occurred_at AS DATE)"),
    column("age_days", age!("occurred_at")),
    column("days_back", days_back!("occurred_at")),
    plain("kind"),
    plain("direction"),
    plain("staff"),
    plain("outcome"),
    column("minutes", exact!("minutes")),
    plain("attributes"),
];
