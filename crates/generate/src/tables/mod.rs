//! The tables of all other facts, and the fuller ones of orders and customers: names and columns as the
//! generic layouts know them.

mod cells;
mod table;

pub use cells::{Cells, shown};
pub use table::{Kind, Table};

use Kind::{Count, Date, Money, Number, Text, Time};

/// Orders with what became of them.
pub const ORDERS: Table = Table {
    name: "orders",
    columns: &[
        ("order_id", Text),
        ("customer_id", Text),
        ("ordered_at", Time),
        ("paid_at", Time),
        ("amount", Money),
        ("discount", Money),
        ("refunded", Money),
        ("cost", Money),
        ("category", Text),
        ("channel", Text),
        ("payment_method", Text),
        ("status", Text),
        ("region", Text),
        ("currency", Text),
    ],
    gaps: true,
};

/// Their lines.
pub const ORDER_LINES: Table = Table {
    name: "order_lines",
    columns: &[
        ("order_id", Text),
        ("line_id", Text),
        ("customer_id", Text),
        ("ordered_at", Time),
        ("paid_at", Time),
        ("status", Text),
        ("product_id", Text),
        ("product_name", Text),
        ("category", Text),
        ("quantity", Count),
        ("unit_price", Money),
        ("discount", Money),
        ("amount", Money),
        ("refunded", Money),
        ("cost", Money),
        ("currency", Text),
        ("channel", Text),
        ("payment_method", Text),
        ("region", Text),
    ],
    gaps: true,
};

/// Customers with all that may be known of them.
pub const CUSTOMERS: Table = Table {
    name: "customers",
    columns: &[
        ("customer_id", Text),
        ("name", Text),
        ("email", Text),
        ("phone", Text),
        ("kind", Text),
        ("gender", Text),
        ("birth_date", Date),
        ("company", Text),
        ("occupation", Text),
        ("country", Text),
        ("province", Text),
        ("city", Text),
        ("postcode", Text),
        ("registered_at", Date),
        ("source_channel", Text),
        ("industry", Text),
        ("interests", Text),
        ("settlement", Text),
        ("need_kind", Text),
        ("buyer_kind", Text),
        ("need", Text),
        ("lead_status", Text),
        ("able_to_pay", Text),
        ("offer_fit", Text),
        ("compares_competitors", Text),
        ("important_resource", Text),
        ("product_knowledge", Number),
        ("share_of_wallet", Number),
        ("budget", Money),
        ("business_volume", Money),
        ("credit_limit", Money),
        ("credit_score", Count),
        ("followers", Count),
    ],
    gaps: true,
};

pub const EVENTS: Table = Table {
    name: "events",
    columns: &[
        ("event_id", Text),
        ("customer_id", Text),
        ("occurred_at", Time),
        ("kind", Text),
        ("item_id", Text),
        ("category", Text),
        ("channel", Text),
        ("value", Money),
        ("session_id", Text),
        ("campaign", Text),
    ],
    gaps: true,
};

pub const INTERACTIONS: Table = Table {
    name: "interactions",
    columns: &[
        ("interaction_id", Text),
        ("customer_id", Text),
        ("occurred_at", Time),
        ("kind", Text),
        ("direction", Text),
        ("staff", Text),
        ("outcome", Text),
        ("minutes", Number),
        ("text", Text),
    ],
    gaps: true,
};

pub const TICKETS: Table = Table {
    name: "tickets",
    columns: &[
        ("ticket_id", Text),
        ("customer_id", Text),
        ("opened_at", Time),
        ("first_response_at", Time),
        ("closed_at", Time),
        ("kind", Text),
        ("category", Text),
        ("reason", Text),
        ("priority", Text),
        ("status", Text),
        ("channel", Text),
        ("satisfaction", Count),
        ("reopened", Count),
        ("text", Text),
    ],
    gaps: true,
};

pub const RESPONSES: Table = Table {
    name: "responses",
    columns: &[
        ("customer_id", Text),
        ("answered_at", Time),
        ("survey", Text),
        ("question", Text),
        ("value", Number),
        ("scale_min", Number),
        ("scale_max", Number),
        ("text", Text),
    ],
    gaps: true,
};

pub const OPPORTUNITIES: Table = Table {
    name: "opportunities",
    columns: &[
        ("opportunity_id", Text),
        ("customer_id", Text),
        ("created_at", Time),
        ("stage", Text),
        ("amount", Money),
        ("probability", Number),
        ("expected_close", Date),
        ("closed_at", Time),
        ("outcome", Text),
        ("owner", Text),
        ("product", Text),
    ],
    gaps: true,
};

pub const OPPORTUNITY_STAGES: Table = Table {
    name: "opportunity_stages",
    columns: &[
        ("opportunity_id", Text),
        ("customer_id", Text),
        ("stage", Text),
        ("entered_at", Time),
        ("probability", Number),
    ],
    gaps: true,
};

pub const RELATIONS: Table = Table {
    name: "relations",
    columns: &[("from_id", Text), ("to_id", Text), ("kind", Text), ("since", Time)],
    gaps: true,
};

pub const CONSENTS: Table = Table {
    name: "consents",
    columns: &[
        ("customer_id", Text),
        ("channel", Text),
        ("consent_status", Text),
        ("changed_at", Time),
        ("origin", Text),
    ],
    gaps: true,
};

pub const MEMBERSHIPS: Table = Table {
    name: "memberships",
    columns: &[
        ("customer_id", Text),
        ("programme", Text),
        ("level", Text),
        ("points", Count),
        ("joined_at", Time),
        ("expires_at", Date),
    ],
    gaps: true,
};

pub const SERVICE_COSTS: Table = Table {
    name: "service_costs",
    columns: &[("customer_id", Text), ("occurred_at", Time), ("cost_type", Text), ("amount", Money)],
    gaps: true,
};
