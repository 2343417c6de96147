//! What the layers of the query are made with.

use clientele_model::SchemeId;

use crate::classify::compile::ident;

/// The name of the helper column with something of the earlier run.
pub(super) fn then(scheme: &SchemeId, what: &str) -> String {
    ident(&format!("{}__then_{what}", scheme.column()))
}

/// A SELECT of all that another one has, and more.
pub(super) fn select_more(from: &str, columns: &[String]) -> String {
    let more: String = columns.iter().map(|c| format!(", {c}")).collect();
    format!("SELECT *{more} FROM {from}")
}
