//! What rules read of a customer, and where it is.

use std::collections::BTreeSet;

use clientele_engine::{EngineError, Session};
use clientele_model::spec::MetricSource;
use clientele_model::spec::segment::FactTable;
use clientele_model::{AsOf, SchemeId};

use crate::classify::labels::{Companion, companion};
use crate::measure::facts;
use crate::quote::{ident, midnight, text};
use crate::understand::RunView;

/// Something about a customer that a condition looks at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SegmentColumn {
    /// A metric; texts in small letters.
    Metric {
        id: String,
        is_text: bool,
    },
    Tier(SchemeId),
    Since(SchemeId),
    Previous(SchemeId),
    /// A field of the profile; texts in small letters.
    Profile {
        field: String,
        is_text: bool,
    },
    /// How many facts there are of the last days.
    Facts {
        what: FactTable,
        kind: Option<String>,
        days: u32,
    },
    /// Whether the customer is in the segment whose members a table holds, as queries name it.
    Member {
        table: String,
    },
    /// Whether the customer is on the list whose rows a table holds, as queries name it.
    Listed {
        table: String,
    },
}

/// The run that rules look at, and what it read.
pub struct Ground<'a> {
    pub view: &'a RunView,
    pub records: &'a Records,
    /// Whether rules may look at what the view does not show.
    pub sees_all: bool,
}

/// The kinds of records that rules read, as far as the run read any.
#[derive(Debug, Clone, Default)]
pub struct Records(BTreeSet<&'static str>);

impl Records {
    /// The tables of records that rules read.
    const ALL: [&str; 4] = ["customers", "events", "orders", "tickets"];

    /// Those that a session over a run knows.
    pub async fn of(session: &Session) -> Result<Records, EngineError> {
        let mut found = BTreeSet::new();
        for table in Self::ALL {
            if session.schema_of(table).await?.is_some() {
                found.insert(table);
            }
        }
        Ok(Records(found))
    }

    fn has(&self, table: &str) -> bool {
        self.0.contains(table)
    }
}

/// The table that a column comes from, and the expression for it there.
pub struct Source {
    /// A table, or a subquery in parentheses, with one row a customer at most.
    pub from: String,
    pub value: String,
}

impl SegmentColumn {
    /// Its name beside the others.
    pub fn name(&self) -> String {
        match self {
            SegmentColumn::Metric { id, .. } => format!("metric {id}"),
            SegmentColumn::Tier(id) => format!("tier {id}"),
            SegmentColumn::Since(id) => format!("since {id}"),
            SegmentColumn::Previous(id) => format!("previous {id}"),
            SegmentColumn::Profile { field, .. } => format!("profile {field}"),
            SegmentColumn::Facts { what, kind, days } => {
                format!("{} {days} {}", what.word(), kind.as_deref().unwrap_or_default())
            }
            SegmentColumn::Member { table } | SegmentColumn::Listed { table } => format!("in {table}"),
        }
    }

    /// Where it is; none when nothing of the kind was ever brought in.
    pub fn source(&self, ground: &Ground<'_>) -> Option<Source> {
        let lowered = |name: &str, is_text: bool| match is_text {
            true => format!("lower({})", ident(name)),
            false => ident(name),
        };
        let source = |from: &str, value: String| Source { from: from.to_owned(), value };
        let label = |id: &SchemeId, what| source("labels", ident(&companion(id, what)));
        Some(match self {
            SegmentColumn::Metric { id, is_text } => source("metrics", lowered(id, *is_text)),
            SegmentColumn::Tier(id) => source("labels", ident(&id.column())),
            SegmentColumn::Since(id) => label(id, Companion::Since),
            SegmentColumn::Previous(id) => label(id, Companion::Previous),
            SegmentColumn::Profile { field, is_text } => {
                let own = matches!(field.as_str(), "customer_id" | "source");
                if !own && !ground.records.has("customers") {
                    return None;
                }
                source(if own { "metrics" } else { "customers" }, lowered(field, *is_text))
            }
            SegmentColumn::Facts { what, kind, days } => {
                let from = facts_query(*what, kind.as_deref(), *days, ground)?;
                source(&format!("({from})"), "found".to_owned())
            }
            // Keys may have changed since the upload; ids have not.
            SegmentColumn::Listed { table } => source(
                &format!(
                    "(SELECT DISTINCT m.customer_key, true AS is_in FROM {table} l JOIN metrics m \
                     ON l.source = m.source AND l.customer_id = m.customer_id)"
                ),
                "is_in".to_owned(),
            ),
            SegmentColumn::Member { table } => {
                source(&format!("(SELECT customer_key, true AS is_in FROM {table})"), "is_in".to_owned())
            }
        })
    }
}

fn facts_query(what: FactTable, kind: Option<&str>, days: u32, ground: &Ground<'_>) -> Option<String> {
    let as_of = ground.view.as_of();
    let (source, at) = match what {
        FactTable::Events => (MetricSource::Events, "occurred_at"),
        FactTable::Orders => (MetricSource::Orders, "ordered_at"),
        FactTable::Tickets => (MetricSource::Tickets, "opened_at"),
    };
    let table = facts::table(source).filter(|table| ground.records.has(table))?;
    let columns = match what {
        FactTable::Orders => vec!["is_order", at],
        _ => vec!["kind", at],
    };
    let seen = facts::select(source, table, &columns, as_of);
    let mut conditions = vec![format!("{at} >= {}", midnight(days_before(as_of, days)))];
    if what == FactTable::Orders {
        conditions.push("is_order".to_owned());
    }
    if let Some(kind) = kind {
        conditions.push(format!("lower(kind) = {}", text(kind)));
    }
    Some(format!(
        "SELECT customer_key, count(*) AS found FROM ({seen}) f WHERE {} GROUP BY customer_key",
        conditions.join(" AND ")
    ))
}

/// The day so many days before a run's.
pub fn days_before(as_of: AsOf, days: u32) -> chrono::NaiveDate {
    as_of.date().checked_sub_days(chrono::Days::new(u64::from(days))).unwrap_or(chrono::NaiveDate::MIN)
}
