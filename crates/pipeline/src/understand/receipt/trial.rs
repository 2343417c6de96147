//! A scheme asked about one customer, as the figures are and with single ones changed, in one query.

use std::collections::BTreeMap;

use clientele_model::MetricId;

use super::Case;
use super::own::OwnRows;
use crate::classify::compile::ident;
use crate::understand::rows::{Value, int, rows, text};
use crate::understand::view::ViewError;

/// The number of the figures as they are; changed ones are counted from 0.
const AS_IT_IS: i64 = -1;

/// What the scheme answered.
pub(super) struct Trial {
    /// The values of all helper columns, and of the tiers, for the figures as they are: by column.
    pub helpers: BTreeMap<String, Value>,
    /// The tier under each change.
    pub tiers: BTreeMap<i64, String>,
}

impl Trial {
    /// Asks.
    pub(super) async fn ask(
        own: &OwnRows,
        case: &Case<'_>,
        candidates: &[(MetricId, Value)],
    ) -> Result<Trial, ViewError> {
        let columns: Vec<String> = case
            .chain
            .iter()
            .flat_map(|(scheme, compiled, _)| {
                let parts = compiled.parts.iter().map(|part| part.column.clone());
                parts.chain([ident(&scheme.id.column())])
            })
            .collect();
        let from = match candidates.is_empty() {
            true => format!("(SELECT {AS_IT_IS} AS candidate, * FROM {})", case.figures(own)),
            false => changed(own, case, candidates),
        };
        let sql = format!("SELECT candidate, {} FROM {}", columns.join(", "), case.select(&from));
        let batches = own.session.sql(&sql).await?.collect().await?;
        let mut trial = Trial { helpers: BTreeMap::new(), tiers: BTreeMap::new() };
        for mut row in rows(&batches) {
            match int(&row[0]) {
                AS_IT_IS => trial.helpers = columns.iter().cloned().zip(row.drain(1..)).collect(),
                candidate => {
                    trial.tiers.extend(row.last().map(|tier| (candidate, text(tier))));
                }
            }
        }
        Ok(trial)
    }
}

/// The customer's figures as they are, and once for every change.
fn changed(own: &OwnRows, case: &Case<'_>, candidates: &[(MetricId, Value)]) -> String {
    let numbers: String = (0..candidates.len()).map(|i| format!(", ({i})")).collect();
    let columns: String = case
        .metrics
        .iter()
        .map(|metric| {
            let name = ident(metric.as_str());
            let changes: String = candidates
                .iter()
                .enumerate()
                .filter(|(_, (changed, _))| changed == metric)
                .map(|(i, (_, to))| format!(" WHEN c.candidate = {i} THEN {}", to.literal()))
                .collect();
            match changes.is_empty() {
                true => format!(", m.{name}"),
                false => format!(", CASE{changes} ELSE m.{name} END AS {name}"),
            }
        })
        .collect();
    format!(
        "(SELECT c.candidate, m.customer_id{columns} FROM {} m \
         CROSS JOIN (VALUES ({AS_IT_IS}){numbers}) AS c(candidate))",
        case.figures(own),
    )
}
