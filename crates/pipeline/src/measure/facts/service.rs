//! Columns of tickets, answers and costs to serve.

use super::{FactColumn, age, between, column, days_back, exact, plain, seen};

/// Requests for help and complaints. A ticket is closed once its time of closing has come, or, where
/// none is known, when its status says so. How satisfied the customer was is not known before.
pub const TICKETS: &[FactColumn] = &[
    plain("ticket_id"),
    plain("opened_at"),
    column("day", "CAST(opened_at AS DATE)"),
    column("age_days", age!("opened_at")),
    column("days_back", days_back!("opened_at")),
    column("first_response_at", seen!("first_response_at")),
    column("closed_at", seen!("closed_at")),
    column(
        "is_open",
        "CASE WHEN closed_at IS NULL THEN status IS DISTINCT FROM 'closed' ELSE closed_at >= {midnight} END",
    ),
    column("is_complaint", "(kind = 'complaint')"),
    plain("kind"),
    plain("category"),
    plain("reason"),
    plain("priority"),
    column("status", "CASE WHEN closed_at >= {midnight} THEN 'open' ELSE status END"),
    plain("channel"),
    column("satisfaction", exact!("CASE WHEN closed_at >= {midnight} THEN NULL ELSE satisfaction END")),
    plain("reopened"),
    column("response_hours", between!("opened_at", seen!("first_response_at"), "3600000000.0")),
    column("resolution_hours", between!("opened_at", seen!("closed_at"), "3600000000.0")),
    column("open_days", OPEN_DAYS),
    plain("attributes"),
];

const OPEN_DAYS: &str = exact!(
    "CASE WHEN closed_at < {midnight} THEN \
     (arrow_cast(closed_at, 'Int64') - arrow_cast(opened_at, 'Int64')) / 86400000000.0 \
     WHEN closed_at IS NOT NULL OR status IS DISTINCT FROM 'closed' THEN \
     ({as_of} - arrow_cast(opened_at, 'Int64')) / 86400000000.0 END"
);

/// Whether no later answer of the customer to the same question of the survey is seen. Of several at
/// that time the greatest is the latest.
const IS_LATEST: &str = "(row_number() OVER (PARTITION BY customer_key, survey, question \
    ORDER BY answered_at DESC, value DESC, scale_min, scale_max) = 1)";

/// Answers to questions of surveys. `score` is where the answer lies on its scale, from 0 to 1.
pub const RESPONSES: &[FactColumn] = &[
    plain("answered_at"),
    column("day", "CAST(answered_at AS DATE)"),
    column("age_days", age!("answered_at")),
    column("days_back", days_back!("answered_at")),
    plain("survey"),
    plain("question"),
    column("value", exact!("value")),
    column("scale_min", exact!("scale_min")),
    column("scale_max", exact!("scale_max")),
    column("score", exact!("(value - scale_min) / NULLIF(scale_max - scale_min, 0)")),
    column("is_latest", IS_LATEST),
    plain("text"),
];

/// What serving customers cost.
pub const SERVICE_COSTS: &[FactColumn] = &[
    plain("occurred_at"),
    column("day", "CAST(occurred_at AS DATE)"),
    column("age_days", age!("occurred_at")),
    column("days_back", days_back!("occurred_at")),
    plain("kind"),
    plain("amount"),
];
