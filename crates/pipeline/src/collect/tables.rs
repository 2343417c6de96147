//! The lake's tables of records.

use std::sync::Arc;

use clientele_engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

use super::records::RecordTable;
use clientele_model::spec::source::Grain;

pub const CUSTOMER_KEYS: &str = "customer_keys";
pub const CUSTOMERS: &str = "customers";
pub const ORDERS: &str = "orders";
pub const ORDER_LINES: &str = "order_lines";
/// What the newest file itself says of customers, where the row in `customers` has cells of older
/// files too.
pub const OWN_CUSTOMERS: &str = "own_customers";
pub const SUPERSEDED_CUSTOMERS: &str = "superseded_customers";
pub const SUPERSEDED_ORDERS: &str = "superseded_orders";
pub const SUPERSEDED_ORDER_LINES: &str = "superseded_order_lines";
pub const CONFIRMATIONS: &str = "confirmations";
pub const QUARANTINE: &str = "quarantine";
pub const BATCHES: &str = "batches";

pub const EVENTS: &str = "events";
pub const INTERACTIONS: &str = "interactions";
pub const TICKETS: &str = "tickets";
pub const RESPONSES: &str = "responses";
pub const OPPORTUNITIES: &str = "opportunities";
pub const OPPORTUNITY_STAGES: &str = "opportunity_stages";
pub const RELATIONS: &str = "relations";
pub const CONSENTS: &str = "consents";
pub const MEMBERSHIPS: &str = "memberships";
pub const SERVICE_COSTS: &str = "service_costs";

/// All tables that imports write, in the order in which they are made.
pub const ALL: [&str; 31] = [
    CUSTOMER_KEYS,
    CUSTOMERS,
    ORDERS,
    ORDER_LINES,
    EVENTS,
    INTERACTIONS,
    TICKETS,
    RESPONSES,
    OPPORTUNITIES,
    OPPORTUNITY_STAGES,
    RELATIONS,
    CONSENTS,
    MEMBERSHIPS,
    SERVICE_COSTS,
    OWN_CUSTOMERS,
    SUPERSEDED_CUSTOMERS,
    SUPERSEDED_ORDERS,
    SUPERSEDED_ORDER_LINES,
    "superseded_events",
    "superseded_interactions",
    "superseded_tickets",
    "superseded_responses",
    "superseded_opportunities",
    "superseded_opportunity_stages",
    "superseded_relations",
    "superseded_consents",
    "superseded_memberships",
    "superseded_service_costs",
    CONFIRMATIONS,
    QUARANTINE,
    BATCHES,
];

/// The tables that files of a grain need: those of all grains and its own.
pub fn written_by(grain: Grain) -> impl Iterator<Item = &'static str> {
    let own = RecordTable::of(grain);
    ALL.into_iter().filter(move |table| match RecordTable::named(table) {
        None => true,
        Some(facts) => {
            own.is_some_and(|own| own.name == facts.name)
                || grain == Grain::Opportunity && facts.grain == Grain::OpportunityStage
        }
    })
}

/// The column of an order's status as its own file of orders has it, where the order's is another.
pub const OWN_STATUS: &str = "own_status";

const KEY: DataType = DataType::Int32;
const TEXT: DataType = DataType::Utf8;
const TIME: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);
const MONEY: DataType = DataType::Decimal128(18, 4);
const COUNT: DataType = DataType::Int64;

fn schema(columns: &[(&str, DataType)]) -> SchemaRef {
    let field = |(name, kind): &(&str, DataType)| Field::new(*name, kind.clone(), true);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

fn order_columns() -> Vec<(&'static str, DataType)> {
    let mut columns = vec![
        ("bucket", KEY),
        ("batch", TEXT),
        ("customer_key", KEY),
        ("source", TEXT),
        ("order_id", TEXT),
        ("customer_id", TEXT),
        ("ordered_at", TIME),
        ("paid_at", TIME),
        ("status", TEXT),
    ];
    columns.extend(["gross", "discount", "refunded", "amount", "cost"].map(|name| (name, MONEY)));
    columns.extend(
        ["currency", "channel", "payment_method", "shop", "region", "staff", "category", "refunds_order_id"]
            .map(|name| (name, TEXT)),
    );
    columns.extend([("original_amount", MONEY), ("original_currency", TEXT), ("attributes", TEXT)]);
    // What a file of orders itself says, where refunds that others know make it another.
    columns.push((OWN_STATUS, TEXT));
    columns
}

fn line_columns() -> Vec<(&'static str, DataType)> {
    let mut columns = vec![
        ("bucket", KEY),
        ("batch", TEXT),
        ("customer_key", KEY),
        ("source", TEXT),
        ("order_id", TEXT),
        ("line_no", KEY),
        ("ordered_at", TIME),
        ("status", TEXT),
        ("product_id", TEXT),
        ("product_name", TEXT),
        ("category", TEXT),
    ];
    columns.extend(["quantity", "unit_price", "discount", "amount", "cost"].map(|name| (name, MONEY)));
    columns
}

fn customer_columns() -> Vec<(&'static str, DataType)> {
    let mut columns = vec![("batch", TEXT), ("bucket", KEY), ("customer_key", KEY)];
    columns.extend(
        ["source", "customer_id", "name", "email", "phone", "kind", "gender"].map(|name| (name, TEXT)),
    );
    columns.push(("birth_date", DataType::Date32));
    columns.extend(
        ["company", "occupation", "country", "province", "city", "address", "postcode"]
            .map(|name| (name, TEXT)),
    );
    columns.extend([("registered_at", TIME), ("source_channel", TEXT), ("attributes", TEXT)]);
    columns
}

fn with_superseded_by(mut columns: Vec<(&'static str, DataType)>) -> SchemaRef {
    columns.push(("superseded_by", TEXT));
    schema(&columns)
}

/// The columns of a table, partition columns included.
pub fn schema_of(table: &str) -> SchemaRef {
    if let Some(facts) = RecordTable::named(table) {
        let columns = facts.lake_columns();
        return if table == facts.name { schema(&columns) } else { with_superseded_by(columns) };
    }
    match table {
        CUSTOMER_KEYS => {
            schema(&[("batch", TEXT), ("customer_key", KEY), ("source", TEXT), ("customer_id", TEXT)])
        }
        CUSTOMERS | OWN_CUSTOMERS => schema(&customer_columns()),
        ORDERS => schema(&order_columns()),
        ORDER_LINES => schema(&line_columns()),
        SUPERSEDED_CUSTOMERS => with_superseded_by(customer_columns()),
        SUPERSEDED_ORDERS => with_superseded_by(order_columns()),
        SUPERSEDED_ORDER_LINES => with_superseded_by(line_columns()),
        CONFIRMATIONS => {
            schema(&[("batch", TEXT), ("kind", TEXT), ("source", TEXT), ("id", TEXT), ("confirms", TEXT)])
        }
        QUARANTINE => schema(&[
            ("batch", TEXT),
            ("file", TEXT),
            ("row", COUNT),
            ("rule", TEXT),
            ("field", TEXT),
            ("value", TEXT),
            ("message", TEXT),
            ("raw", TEXT),
        ]),
        _ => schema(&[
            ("batch", TEXT),
            ("file", TEXT),
            ("file_bytes", COUNT),
            ("file_hash", TEXT),
            ("layout", TEXT),
            ("source", TEXT),
            ("grain", TEXT),
            ("imported_at", TIME),
            ("undone_at", TIME),
            ("rows_read", COUNT),
            ("accepted", COUNT),
            ("changed", COUNT),
            ("rejected", COUNT),
            ("unchanged", COUNT),
            ("duplicates", COUNT),
            ("records", COUNT),
            ("updated", COUNT),
            ("header", TEXT),
            ("mapping", TEXT),
            ("report", TEXT),
            ("id", TEXT),
            ("settled_at", TIME),
        ]),
    }
}

/// The partition columns of a table.
pub fn partitions_of(table: &str) -> &'static [&'static str] {
    match table {
        ORDERS | ORDER_LINES => &["bucket", "batch"],
        _ if RecordTable::named(table).is_some_and(|facts| facts.name == table) => &["bucket", "batch"],
        _ => &["batch"],
    }
}

/// The type of a partition column.
pub fn partition_type(column: &str) -> DataType {
    if column == "bucket" { KEY } else { TEXT }
}
