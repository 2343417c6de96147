//! The lake table of overrides. Rows are only added: ending one adds its row again with the time of the end.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use clientele_engine::arrow::array::{
    ArrayRef, Date32Array, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use clientele_engine::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use clientele_engine::{EngineError, Lake, Session, Transaction};
use clientele_model::{AsOf, SchemeId, TierId};

use super::Override;
use crate::quote::text as quote;
use crate::rows::{Value, int, rows, text};

/// The table's name.
pub const TABLE: &str = "overrides";

const COLUMNS: [&str; 13] = [
    "override_id",
    "source",
    "customer_id",
    "customer_key",
    "scheme",
    "tier",
    "reason",
    "method",
    "by",
    "set_at",
    "since",
    "until",
    "revoked_at",
];

pub(crate) fn schema() -> Schema {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    let time = || DataType::Timestamp(TimeUnit::Microsecond, None);
    Schema::new(vec![
        text("override_id", false),
        text("source", false),
        text("customer_id", false),
        Field::new("customer_key", DataType::Int32, false),
        text("scheme", false),
        text("tier", false),
        text("reason", false),
        text("method", true),
        text("by", true),
        Field::new("set_at", time(), false),
        Field::new("since", DataType::Date32, false),
        Field::new("until", DataType::Date32, true),
        Field::new("revoked_at", time(), true),
    ])
}

/// All overrides that were ever set, oldest first, as the lake knows them.
///
/// # Errors
/// The lake cannot be read.
pub async fn list(lake: &Lake, session: &Session) -> Result<Vec<Override>, EngineError> {
    let files = lake.files(TABLE).await?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let session = session.empty()?;
    session.register_files(TABLE, Arc::new(schema()), &files, &[])?;
    listed(&session).await
}

/// [`list`], of the table of that name in a session. What the session does not show of them is empty.
pub(crate) async fn listed(session: &Session) -> Result<Vec<Override>, EngineError> {
    let shown = session.schema_of(TABLE).await?;
    let column = |name: &str| match &shown {
        Some(shown) if shown.field_with_name(name).is_ok() => format!("\"{name}\""),
        _ => format!("CAST(NULL AS VARCHAR) AS \"{name}\""),
    };
    let columns = COLUMNS.map(column).join(", ");
    let sql = format!("SELECT {columns} FROM {TABLE} ORDER BY override_id, revoked_at NULLS FIRST");
    let batches = session.sql(&sql).await?.collect().await?;
    let mut found: BTreeMap<String, Override> = BTreeMap::new();
    for row in rows(&batches) {
        let read = read(&row);
        found.insert(read.id.clone(), read);
    }
    let mut found: Vec<Override> = found.into_values().collect();
    // Ids count up, in four digits at first.
    found.sort_by_key(|o| o.id.len());
    Ok(found)
}

fn read(row: &[Value]) -> Override {
    let some = |value: &Value| Some(text(value)).filter(|t| !t.is_empty());
    let day = |value: &Value| match value {
        Value::Date(day) => Some(*day),
        _ => None,
    };
    let time = |value: &Value| match value {
        Value::Time(time) => Some(*time),
        _ => None,
    };
    Override {
        id: text(&row[0]),
        source: text(&row[1]),
        customer_id: text(&row[2]),
        customer_key: int(&row[3]) as i32,
        scheme: SchemeId::new(text(&row[4])),
        tier: TierId::new(text(&row[5])),
        reason: text(&row[6]),
        method: some(&row[7]),
        by: some(&row[8]),
        set_at: time(&row[9]).unwrap_or_default(),
        since: day(&row[10]).unwrap_or_default(),
        until: day(&row[11]),
        revoked_at: time(&row[12]),
    }
}

/// Adds a row.
pub(crate) fn append(transaction: &mut Transaction, row: &Override) -> Result<(), EngineError> {
    if !transaction.has_table(TABLE) {
        transaction.create_table(TABLE, Arc::new(schema()), &[])?;
    }
    let one = |value: &str| Arc::new(StringArray::from(vec![value])) as ArrayRef;
    let maybe = |value: &Option<String>| Arc::new(StringArray::from(vec![value.as_deref()])) as ArrayRef;
    let day = |value: Option<NaiveDate>| {
        Arc::new(Date32Array::from(vec![value.map(|day| AsOf::new(day).epoch_days())])) as ArrayRef
    };
    let time = |value: Option<NaiveDateTime>| {
        let micros = value.map(|time| time.and_utc().timestamp_micros());
        Arc::new(TimestampMicrosecondArray::from(vec![micros])) as ArrayRef
    };
    let columns = vec![
        one(&row.id),
        one(&row.source),
        one(&row.customer_id),
        Arc::new(Int32Array::from(vec![row.customer_key])),
        one(row.scheme.as_str()),
        one(row.tier.as_str()),
        one(&row.reason),
        maybe(&row.method),
        maybe(&row.by),
        time(Some(row.set_at)),
        day(Some(row.since)),
        day(row.until),
        time(row.revoked_at),
    ];
    let batch = RecordBatch::try_new(Arc::new(schema()), columns)
        .map_err(|error| EngineError::Query { sql: TABLE.to_owned(), cause: error.to_string() })?;
    let mut writer = transaction.writer(TABLE, &[])?;
    writer.write(&batch)?;
    let file = writer.finish()?;
    transaction.add(TABLE, vec![file])
}

/// The keys that these customers have now; keys may change when a batch is taken back and brought in
/// again. The session knows `customer_keys`.
pub(crate) async fn keys(
    session: &Session,
    overrides: &[&Override],
) -> Result<BTreeMap<(String, String), i64>, EngineError> {
    if overrides.is_empty() {
        return Ok(BTreeMap::new());
    }
    let wanted: Vec<String> =
        overrides.iter().map(|o| format!("({}, {})", quote(&o.source), quote(&o.customer_id))).collect();
    let sql = format!(
        "SELECT DISTINCT CAST(k.customer_key AS BIGINT), k.source, k.customer_id FROM customer_keys k \
         JOIN (VALUES {}) AS w(source, customer_id) ON k.source = w.source AND k.customer_id = w.customer_id",
        wanted.join(", ")
    );
    let batches = session.sql(&sql).await?.collect().await?;
    Ok(rows(&batches).map(|r| ((text(&r[1]), text(&r[2])), int(&r[0]))).collect())
}
