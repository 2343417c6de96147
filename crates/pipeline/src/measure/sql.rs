//! The SELECT that yields every metric for the customers of one bucket.

use std::collections::BTreeSet;

use clientele_engine::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use clientele_model::spec::{Absent, MetricSource};
use clientele_model::{AsOf, Unit};

use super::facts;
use super::registry::{MetricRegistry, RegisteredMetric};
use crate::quote::ident;

/// The facts that metrics are taken from, with the name under which a session knows each.
const SOURCES: [(MetricSource, &str); 3] = [
    (MetricSource::Orders, "orders"),
    (MetricSource::OrderLines, "order_lines"),
    (MetricSource::Customers, "customers"),
];

/// The table of a source in a session.
pub fn table(source: MetricSource) -> Option<&'static str> {
    SOURCES.iter().find(|(s, _)| *s == source).map(|(_, table)| *table)
}

/// The column type of a unit in the metrics table.
pub fn data_type(unit: Unit) -> DataType {
    match unit {
        Unit::Count => DataType::Int64,
        Unit::Quantity | Unit::Days | Unit::Share | Unit::Ratio => DataType::Float64,
        Unit::Money => DataType::Decimal128(18, 4),
        Unit::Date => DataType::Date32,
        Unit::Time => DataType::Timestamp(TimeUnit::Microsecond, None),
        Unit::Text => DataType::Utf8,
        Unit::YesNo => DataType::Boolean,
    }
}

fn sql_type(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "BIGINT",
        Unit::Quantity | Unit::Days | Unit::Share | Unit::Ratio => "DOUBLE",
        Unit::Money => "DECIMAL(18,4)",
        Unit::Date => "DATE",
        Unit::Time => "TIMESTAMP",
        Unit::Text => "VARCHAR",
        Unit::YesNo => "BOOLEAN",
    }
}

/// The columns of the metrics table for these metrics.
pub fn schema(registry: &MetricRegistry) -> Schema {
    let mut fields = vec![
        Field::new("customer_key", DataType::Int32, false),
        Field::new("source", DataType::Utf8, false),
        Field::new("customer_id", DataType::Utf8, false),
    ];
    for metric in registry.iter() {
        fields.push(Field::new(metric.spec.id.as_str(), data_type(metric.spec.unit), true));
    }
    Schema::new(fields)
}

/// The query over the tables `customer_keys` and those of `present`, for customer keys in `keys`.
/// One scan a source; sources without facts here are left out.
pub fn bucket_query(
    registry: &MetricRegistry,
    as_of: AsOf,
    present: &BTreeSet<MetricSource>,
    keys: std::ops::Range<i64>,
) -> String {
    let mut with = Vec::new();
    let mut joins = String::new();
    for (source, table) in SOURCES {
        let metrics: Vec<&RegisteredMetric> = registry.iter().filter(|m| m.spec.source == source).collect();
        if metrics.is_empty() || !present.contains(&source) {
            continue;
        }
        let used: BTreeSet<&str> = metrics.iter().flat_map(|m| m.reads.iter().map(String::as_str)).collect();
        let used: Vec<&str> = used.into_iter().collect();
        let figures = metrics
            .iter()
            .map(|m| format!("{} AS {}", m.sql(as_of), ident(m.spec.id.as_str())))
            .collect::<Vec<_>>()
            .join(", ");
        with.push(format!(
            "{table}_figures AS (SELECT customer_key, {figures} FROM ({}) GROUP BY customer_key)",
            facts::select(source, table, &used, as_of),
        ));
        joins += &format!(" LEFT JOIN {table}_figures ON k.customer_key = {table}_figures.customer_key");
    }
    let mut columns = Vec::new();
    let mut derived = Vec::new();
    for metric in registry.iter() {
        if metric.spec.source == MetricSource::Derived {
            derived.push(metric);
        } else if present.contains(&metric.spec.source) {
            columns.push(finished(metric, &ident(metric.spec.id.as_str())));
        } else {
            columns.push(finished(metric, "NULL"));
        }
    }
    let with = if with.is_empty() { String::new() } else { format!("WITH {} ", with.join(", ")) };
    let list = |columns: &[String]| columns.iter().map(|c| format!(", {c}")).collect::<String>();
    let mut sql = format!(
        "SELECT k.customer_key, k.source, k.customer_id{} FROM (SELECT customer_key, source, customer_id \
         FROM customer_keys WHERE customer_key >= {} AND customer_key < {}) k{joins}",
        list(&columns),
        keys.start,
        keys.end,
    );
    for level in levels(&derived) {
        let columns: Vec<String> =
            level.iter().map(|m| finished(m, &format!("({})", m.sql(as_of)))).collect();
        sql = format!("SELECT *{} FROM ({sql})", list(&columns));
    }
    let order: Vec<String> = schema(registry).fields().iter().map(|f| ident(f.name())).collect();
    format!("{with}SELECT {} FROM ({sql}) ORDER BY customer_key", order.join(", "))
}

/// The value as its unit's type, with what absence means.
fn finished(metric: &RegisteredMetric, value: &str) -> String {
    let unit = metric.spec.unit;
    let cast = format!("CAST({value} AS {})", sql_type(unit));
    let sql = match (metric.spec.absent, unit) {
        (Absent::Unknown, _) => cast,
        (Absent::Zero, Unit::YesNo) => format!("COALESCE({cast}, false)"),
        (Absent::Zero, _) => format!("COALESCE({cast}, CAST(0 AS {}))", sql_type(unit)),
    };
    format!("{sql} AS {}", ident(metric.spec.id.as_str()))
}

/// Derived metrics by how many steps they are from facts: each level sees the ones before.
fn levels<'a>(derived: &[&'a RegisteredMetric]) -> Vec<Vec<&'a RegisteredMetric>> {
    let mut levels: Vec<Vec<&RegisteredMetric>> = Vec::new();
    for metric in derived {
        let after = levels
            .iter()
            .rposition(|level| level.iter().any(|m| metric.reads.contains(m.spec.id.as_str())))
            .map_or(0, |level| level + 1);
        if after == levels.len() {
            levels.push(Vec::new());
        }
        levels[after].push(metric);
    }
    levels
}
