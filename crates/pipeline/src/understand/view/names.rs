//! How queries name the tables of a view.
//!
//! | name in SQL | what |
//! |---|---|
//! | `metrics`, `labels` | the run's results |
//! | `"labels in buckets"` | its labels, with the bucket of each customer |
//! | [`labels_of`], [`metrics_of`] a run | the labels, the metrics of that run |
//! | `orders`, `customers`, `overrides` … | the records that the run read, by the names of their tables |
//! | [`members_of`] a segment | its members as of an evaluation |
//! | [`moves_of`] a segment | who came and went with an evaluation |
//! | [`list_of`] a list | its rows as of a version |
//! | [`viewed`] | any of these, its texts read without a copy for each row |
//!
//! A name always means the same, so questions that run side by side cannot meet in one.

use clientele_engine::{EngineUrl, Session};
use clientele_model::RunId;

use crate::quote::ident;
use crate::understand::segment_tables::{LISTS, MEMBERS, MOVES};

/// The name of the labels of the run with the bucket of each customer.
pub(super) const IN_BUCKETS: &str = "labels in buckets";

/// The labels of the run with the bucket of each customer, as queries name them.
pub const LABELS_IN_BUCKETS: &str = "\"labels in buckets\"";

/// The labels of a run, as queries name them.
pub fn labels_of(run: &RunId) -> String {
    ident(&format!("labels of {run}"))
}

/// The metrics of a run, as queries name them.
pub fn metrics_of(run: &RunId) -> String {
    ident(&format!("metrics of {run}"))
}

/// The members of a segment as of an evaluation, as queries name them.
pub fn members_of(segment: &str, evaluation: u64) -> String {
    ident(&format!("{MEMBERS} of {segment} at {evaluation}"))
}

/// Who came into a segment and left it with an evaluation, as queries name them.
pub fn moves_of(segment: &str, evaluation: u64) -> String {
    ident(&format!("{MOVES} of {segment} at {evaluation}"))
}

/// The rows of an uploaded list as of a version, as queries name them.
pub fn list_of(list: &str, version: u64) -> String {
    ident(&format!("{LISTS} of {list} at {version}"))
}

/// What is put behind a name for texts as views.
pub(super) const AS_VIEWS: &str = " as views";

/// A table, as queries name it, with texts that are read without a copy for each row. What is not a table's name stays
/// as it is, and so does all on a cluster, whose messages cannot carry views well.
pub fn viewed(session: &Session, table: &str) -> String {
    if *session.engine() != EngineUrl::Local || table.starts_with('(') {
        return table.to_owned();
    }
    let name = table.trim_matches('"').replace("\"\"", "\"");
    ident(&format!("{name}{AS_VIEWS}"))
}

/// The table in the lake that a name, as [`ViewTables`] knows it, leads to.
pub(super) fn base_of(name: &str) -> &str {
    let name = name.strip_suffix(AS_VIEWS).unwrap_or(name);
    match name {
        IN_BUCKETS => "labels",
        _ => name.split_once(" of ").map_or(name, |(table, _)| table),
    }
}
