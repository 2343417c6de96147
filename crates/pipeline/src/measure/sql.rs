//! The SELECT that yields every metric for the customers of one bucket.

use std::collections::{BTreeMap, BTreeSet};

use clientele_engine::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use clientele_model::spec::{Absent, MetricSource};
use clientele_model::{MetricId, Unit};

use super::registry::{MetricRegistry, RegisteredMetric};
use super::{FactWindow, facts};
use crate::quote::ident;

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

/// The same, as SQL names it.
pub fn sql_type(unit: Unit) -> &'static str {
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

/// Which kinds of facts there are.
#[derive(Debug, Clone, Default)]
pub struct PresentFacts {
    /// Those that the company has records of, of whatever customer.
    pub anywhere: BTreeSet<MetricSource>,
    /// Those that there are records of in the bucket, and whether there may be records that are not seen on
    /// the day.
    pub here: BTreeMap<MetricSource, bool>,
    /// The tables beside facts that there are rows of in the bucket.
    pub beside: BTreeSet<&'static str>,
    /// The metrics of which nothing was ever brought in: see [`clientele_model::spec::Metric::brought`].
    pub never: BTreeSet<MetricId>,
}

/// The query over the tables `customer_keys` and those of the facts that are here, for customer keys
/// in `keys`, in any order. One scan a source; sources without facts here are left out, and so are the metrics in
/// `left_out`.
pub fn bucket_query(
    registry: &MetricRegistry,
    looking: FactWindow,
    known: &PresentFacts,
    keys: std::ops::Range<i64>,
    left_out: &BTreeSet<MetricId>,
) -> String {
    let mut with = Vec::new();
    let mut joins = String::new();
    // A cluster is sent plans as messages within each other, a hundred deep at most, and each join is
    // around those before it. So the facts with the deepest columns are joined last.
    let mut sources = MetricSource::FACTS;
    sources.sort_by_key(|source| match source {
        MetricSource::Opportunities => 4,
        MetricSource::OrderLines => 3,
        MetricSource::Orders | MetricSource::Events | MetricSource::Tickets | MetricSource::Responses => 2,
        MetricSource::Customers | MetricSource::Interactions => 1,
        _ => 0,
    });
    for source in sources {
        let metrics: Vec<&RegisteredMetric> = registry.iter().filter(|m| m.spec.source == source).collect();
        let Some(table) =
            facts::table(source).filter(|_| !metrics.is_empty() && known.here.contains_key(&source))
        else {
            continue;
        };
        let used: BTreeSet<&str> = metrics.iter().flat_map(|m| m.reads.iter().map(String::as_str)).collect();
        let used: Vec<&str> = used.into_iter().collect();
        let has_later = known.here.get(&source).copied().unwrap_or(true);
        let figures = metrics
            .iter()
            .map(|m| format!("{} AS {}", m.sql(looking.from), ident(m.spec.id.as_str())))
            .collect::<Vec<_>>()
            .join(", ");
        with.push(format!(
            "{table}_figures AS (SELECT customer_key, {figures} FROM ({}) GROUP BY customer_key)",
            facts::select_keys(source, table, &used, looking, &keys, has_later, |table| {
                known.beside.contains(table)
            }),
        ));
        joins += &format!(" LEFT JOIN {table}_figures ON k.customer_key = {table}_figures.customer_key");
    }
    let unknown = without_records(registry, known);
    let is_unknown = |metric: &RegisteredMetric| unknown.contains(metric.spec.id.as_str());
    let mut columns = Vec::new();
    let mut derived = Vec::new();
    for metric in registry.iter() {
        if metric.spec.source == MetricSource::Derived {
            derived.push(metric);
        } else if known.here.contains_key(&metric.spec.source) && !known.never.contains(&metric.spec.id) {
            columns.push(finished(metric, &ident(metric.spec.id.as_str()), false));
        } else {
            columns.push(finished(metric, "NULL", is_unknown(metric)));
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
            level.iter().map(|m| finished(m, &format!("({})", m.sql(looking.from)), is_unknown(m))).collect();
        sql = format!("SELECT *{} FROM ({sql})", list(&columns));
    }
    let named = ["customer_key", "source", "customer_id"].map(str::to_owned).into_iter();
    let told = registry.iter().filter(|m| !left_out.contains(&m.spec.id));
    let order: Vec<String> = named.chain(told.map(|m| ident(m.spec.id.as_str()))).collect();
    format!("{with}SELECT {} FROM ({sql})", order.join(", "))
}

/// The metrics that nobody has a value of, as there is no record anywhere of what they are about.
pub fn unsaid(registry: &MetricRegistry, anywhere: &BTreeSet<MetricSource>) -> BTreeSet<MetricId> {
    let is_unsaid = |metric: &&RegisteredMetric| match metric.spec.source {
        // What derives from nothing can still be something.
        MetricSource::Derived => false,
        source => {
            let is_none = metric.spec.absent == Absent::Unknown || !facts::is_always_kept(source);
            !anywhere.contains(&source) && is_none
        }
    };
    registry.iter().filter(is_unsaid).map(|metric| metric.spec.id.clone()).collect()
}

/// The metrics about which nothing is known of anybody, as no record of their kind was brought in, and
/// those derived from them: absence means nothing there.
fn without_records<'a>(registry: &'a MetricRegistry, known: &PresentFacts) -> BTreeSet<&'a str> {
    let mut unknown = BTreeSet::new();
    for metric in registry.iter() {
        let is_unknown = match metric.spec.source {
            MetricSource::Derived => metric.reads.iter().any(|read| unknown.contains(read.as_str())),
            source => !known.anywhere.contains(&source) && !facts::is_always_kept(source),
        };
        if is_unknown || known.never.contains(&metric.spec.id) {
            unknown.insert(metric.spec.id.as_str());
        }
    }
    unknown
}

/// The value as its unit's type, with what absence means.
fn finished(metric: &RegisteredMetric, value: &str, is_unknown: bool) -> String {
    let unit = metric.spec.unit;
    let cast = format!("CAST({value} AS {})", sql_type(unit));
    let sql = match (metric.spec.absent, unit) {
        _ if is_unknown => cast,
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
