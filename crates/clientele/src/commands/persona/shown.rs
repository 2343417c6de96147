//! What sections of a persona are written with.

use clientele_pipeline::understand::persona::Verdict;
use clientele_predict::stats::Lift;

use crate::context::Context;
use crate::output::figure::lift;
use crate::output::table::Table;

/// Rows of a section at most.
pub(super) const MOST: usize = 12;

pub(super) fn titled(title: &str, table: &Table) -> String {
    format!("{title}\n{}", table.text())
}

/// A lift where it is a difference, else that none is clear; a dash where there is nothing to compare with.
pub(super) fn told(context: &Context, found: Option<&Lift>, verdict: Option<&Verdict>) -> String {
    match (found, verdict) {
        (Some(_), Some(verdict)) if verdict.tells => lift(found),
        (Some(_), _) => context.pick("not clear", "不明显").to_owned(),
        (None, _) => "–".to_owned(),
    }
}

/// A table, and where something of it is of a few that these are not told.
pub(super) fn noted(context: &Context, table: String, few: bool) -> String {
    let note = context.pick("–: too few other customers to tell.", "“–”：其他客户太少，不便说明。");
    if few { format!("{table}\n{note}") } else { table }
}
