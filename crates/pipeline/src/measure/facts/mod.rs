//! The columns that metric expressions may use, per kind of fact, and the SELECT that makes them.
//!
//! An expression sees the facts as they were known on the day that is looked from: what happened
//! later is left out, and what was added later to an earlier fact (when a ticket was closed, how a
//! possible sale went) is not there yet.

mod behaviour;
mod customers;
mod opportunities;
mod relations;
mod sales;
mod service;

use std::ops::Range;

use chrono::NaiveTime;
use clientele_engine::DataFile;
use clientele_model::AsOf;
use clientele_model::spec::MetricSource;

pub use self::sales::{COUNTS, EARNS, line_counts, order_counts};
use super::FactWindow;
use crate::collect::tables;
use crate::quote;

/// The lake's table of places in the graph of relations, partitioned by run and bucket.
pub const GRAPH: &str = "graph";

/// The lake's table of usual prices, partitioned by run.
pub const CATEGORY_PRICES: &str = "category_prices";

/// A column of a fact table as metric expressions see it.
pub struct FactColumn {
    pub name: &'static str,
    /// Its SQL over the lake table. `{midnight}` stands for the time from which facts are not seen;
    /// `{as_of}` for the midnight that ages are counted to, in microseconds, and `{today}` for its
    /// day, in days since 1970.
    sql: &'static str,
}

impl FactColumn {
    /// Whether it is as files bring it.
    pub fn is_plain(&self) -> bool {
        self.name == self.sql
    }
}

/// How a source is read.
struct Facts {
    source: MetricSource,
    table: &'static str,
    /// The column of the time by which a fact is seen or not.
    at: Option<At>,
    columns: &'static [FactColumn],
    /// What stands in another table.
    beside: Option<&'static Beside>,
}

/// What some columns of a source need to know from another table, at most one row a fact.
struct Beside {
    /// The table, which sessions know by the same name, maybe without rows.
    table: &'static str,
    /// What follows the source's table after FROM, with the same places to fill in as columns. Its
    /// columns have names of their own.
    join: &'static str,
    /// The columns of the join where the table has no rows: what a left join with nothing would give, as
    /// a cluster does not get done with tables that have no files.
    nothing: &'static str,
    /// The source's columns that read it.
    columns: &'static [&'static str],
}

enum At {
    /// Every fact has the time.
    Always(&'static str),
    /// A fact without the time is seen from any day.
    Maybe(&'static str),
}

const fn column(name: &'static str, sql: &'static str) -> FactColumn {
    FactColumn { name, sql }
}

const fn plain(name: &'static str) -> FactColumn {
    FactColumn { name, sql: name }
}

/// Whole days from a time until the day that is looked from.
macro_rules! age {
    ($at:expr) => {
        concat!("(({as_of} - arrow_cast(", $at, ", 'Int64')) / 86400000000)")
    };
}

/// How many days a time's day is before the last day that is seen: 0 for the day before the one that is
/// looked from. So a window of N days holds N whole days, also of facts that tell the day only.
macro_rules! days_back {
    ($at:literal) => {
        concat!("(({as_of} - 1 - arrow_cast(", $at, ", 'Int64')) / 86400000000)")
    };
}

/// A time, once it has come.
macro_rules! seen {
    ($at:literal) => {
        concat!("CASE WHEN ", $at, " < {midnight} THEN ", $at, " END")
    };
}

/// A number that is stored as floating point, as an exact one: its sums do not depend on the order
/// of the rows.
macro_rules! exact {
    ($number:expr) => {
        concat!("TRY_CAST(", $number, " AS DECIMAL(28,9))")
    };
}

/// The time from a column to another in units of so many microseconds, as an exact number.
macro_rules! between {
    ($from:expr, $to:expr, $unit:literal) => {
        exact!(concat!("(arrow_cast(", $to, ", 'Int64') - arrow_cast(", $from, ", 'Int64')) / ", $unit))
    };
}

/// The part of the day.
macro_rules! daypart {
    ($at:literal) => {
        concat!(
            "CASE WHEN date_part('hour', ",
            $at,
            ") < 6 THEN 'night' WHEN date_part('hour', ",
            $at,
            ") < 12 THEN 'morning' WHEN date_part('hour', ",
            $at,
            ") < 18 THEN 'afternoon' ELSE 'evening' END"
        )
    };
}

use {age, between, daypart, days_back, exact, seen};

/// All sources but metrics themselves.
static SOURCES: [Facts; 13] = [
    facts(MetricSource::Orders, tables::ORDERS, Some(At::Always("ordered_at")), sales::ORDERS),
    Facts {
        beside: Some(&sales::LINE_PRICES),
        ..facts(
            MetricSource::OrderLines,
            tables::ORDER_LINES,
            Some(At::Always("ordered_at")),
            sales::ORDER_LINES,
        )
    },
    facts(MetricSource::Customers, tables::CUSTOMERS, None, customers::CUSTOMERS),
    facts(MetricSource::Events, tables::EVENTS, Some(At::Always("occurred_at")), behaviour::EVENTS),
    facts(
        MetricSource::Interactions,
        tables::INTERACTIONS,
        Some(At::Always("occurred_at")),
        behaviour::INTERACTIONS,
    ),
    facts(MetricSource::Tickets, tables::TICKETS, Some(At::Always("opened_at")), service::TICKETS),
    facts(MetricSource::Responses, tables::RESPONSES, Some(At::Always("answered_at")), service::RESPONSES),
    Facts {
        beside: Some(&opportunities::STAGES),
        ..facts(
            MetricSource::Opportunities,
            tables::OPPORTUNITIES,
            Some(At::Always("created_at")),
            opportunities::OPPORTUNITIES,
        )
    },
    facts(MetricSource::Relations, tables::RELATIONS, Some(At::Maybe("since")), relations::RELATIONS),
    facts(MetricSource::Graph, GRAPH, None, relations::GRAPH),
    facts(MetricSource::Consents, tables::CONSENTS, Some(At::Always("changed_at")), customers::CONSENTS),
    facts(
        MetricSource::Memberships,
        tables::MEMBERSHIPS,
        Some(At::Always("joined_at")),
        customers::MEMBERSHIPS,
    ),
    facts(
        MetricSource::ServiceCosts,
        tables::SERVICE_COSTS,
        Some(At::Always("occurred_at")),
        service::SERVICE_COSTS,
    ),
];

const fn facts(
    source: MetricSource,
    table: &'static str,
    at: Option<At>,
    columns: &'static [FactColumn],
) -> Facts {
    Facts { source, table, at, columns, beside: None }
}

fn of(source: MetricSource) -> Option<&'static Facts> {
    SOURCES.iter().find(|facts| facts.source == source)
}

/// The lake's table of a source, which sessions know by the same name; none for derived metrics.
pub fn table(source: MetricSource) -> Option<&'static str> {
    of(source).map(|facts| facts.table)
}

/// The columns of a source; none for derived metrics, which see other metrics.
pub fn columns(source: MetricSource) -> &'static [FactColumn] {
    of(source).map_or(&[], |facts| facts.columns)
}

/// The tables that columns of sources need beside their own; sessions must know them, if only without
/// rows.
pub fn beside() -> impl Iterator<Item = &'static str> {
    SOURCES.iter().filter_map(|facts| Some(facts.beside?.table))
}

/// Whether some columns of a source are read from a table beside its own.
pub fn reads_beside<'a>(source: MetricSource, table: &str, mut used: impl Iterator<Item = &'a str>) -> bool {
    let beside = of(source).and_then(|facts| facts.beside).filter(|beside| beside.table == table);
    beside.is_some_and(|beside| used.any(|column| beside.columns.contains(&column)))
}

/// The tables whose facts have a time each, with its column.
pub fn timed() -> impl Iterator<Item = (MetricSource, &'static str, &'static str)> {
    SOURCES.iter().filter_map(|facts| match facts.at {
        Some(At::Always(at)) => Some((facts.source, facts.table, at)),
        _ => None,
    })
}

/// Whether there can be customers for whom nothing is on record although the company does keep such
/// records, even when no file with them was brought in yet. Everywhere else a base without a single
/// record says nothing about anybody: that nobody ever complained is not known where no complaints
/// were ever brought in.
pub fn is_always_kept(source: MetricSource) -> bool {
    matches!(source, MetricSource::Orders | MetricSource::OrderLines | MetricSource::Customers)
}

/// The SELECT that yields `used` columns of a source's lake table, facts before `as_of` only.
pub fn select(source: MetricSource, table: &str, used: &[&str], as_of: AsOf) -> String {
    select_where(source, table, used, FactWindow::at(as_of), None, true, true)
}

/// Whether some facts in these files may be of the day or later, so that they are not seen.
pub fn has_later(source: MetricSource, files: &[DataFile], as_of: AsOf) -> bool {
    let midnight = as_of.date().and_time(NaiveTime::MIN);
    match of(source).and_then(|facts| facts.at.as_ref()) {
        Some(At::Always(at)) => !files.iter().all(|file| file.is_before(at, midnight)),
        Some(At::Maybe(_)) => true,
        None => false,
    }
}

/// [`select`] for a range of customer keys, where the table's files are not of one bucket each. Of the
/// tables [`beside`], the session need know only those of which `has_beside` says so. Without `has_later`
/// ones, all facts are seen.
pub fn select_keys(
    source: MetricSource,
    table: &str,
    used: &[&str],
    looking: FactWindow,
    keys: &Range<i64>,
    has_later: bool,
    has_beside: impl Fn(&str) -> bool,
) -> String {
    let is_mixed = !tables::partitions_of(table).contains(&"bucket") && source != MetricSource::Graph;
    let keys = is_mixed.then(|| format!("customer_key >= {} AND customer_key < {}", keys.start, keys.end));
    let has_beside = of(source).and_then(|facts| facts.beside).is_some_and(|b| has_beside(b.table));
    select_where(source, table, used, looking, keys, has_later, has_beside)
}

fn select_where(
    source: MetricSource,
    table: &str,
    used: &[&str],
    looking: FactWindow,
    condition: Option<String>,
    has_later: bool,
    has_beside: bool,
) -> String {
    let time = midnight(looking.before);
    let micros = (i64::from(looking.from.epoch_days()) * 86_400_000_000).to_string();
    let today = looking.from.epoch_days().to_string();
    let filled =
        |sql: &str| sql.replace("{as_of}", &micros).replace("{midnight}", &time).replace("{today}", &today);
    let mut columns = vec!["customer_key".to_owned()];
    for column in self::columns(source).iter().filter(|c| used.contains(&c.name)) {
        let sql = filled(column.sql);
        columns.push(if sql == column.name { sql } else { format!("{sql} AS {}", column.name) });
    }
    let beside = of(source).and_then(|facts| facts.beside);
    let beside = beside.filter(|beside| used.iter().any(|column| beside.columns.contains(column)));
    let from = match beside {
        None => table.to_owned(),
        Some(beside) if has_beside => format!("{table} {}", filled(beside.join)),
        Some(beside) => format!("(SELECT *, {} FROM {table}) AS {table}", beside.nothing),
    };
    let seen = of(source).filter(|facts| has_later && facts.at.is_some());
    let seen = seen.map(|_| is_seen(source, "", looking.before));
    let conditions: Vec<String> = seen.into_iter().chain(condition).collect();
    let filter = match conditions.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", conditions.join(" AND ")),
    };
    format!("SELECT {} FROM {from}{filter}", columns.join(", "))
}

/// The condition that a fact happened before the day. `prefix` names the table: `t.`, or nothing.
pub fn is_seen(source: MetricSource, prefix: &str, as_of: AsOf) -> String {
    let time = midnight(as_of);
    match of(source).and_then(|facts| facts.at.as_ref()) {
        Some(At::Always(at)) => format!("{prefix}{at} < {time}"),
        Some(At::Maybe(at)) => format!("({prefix}{at} IS NULL OR {prefix}{at} < {time})"),
        None => "true".to_owned(),
    }
}

fn midnight(as_of: AsOf) -> String {
    quote::midnight(as_of.date())
}
