//! Which tiers of a rule scheme can be reached at all.
//!
//! The first rule that holds wins and the last tier takes the rest, so everyone has exactly one
//! tier by construction; what can go wrong is a rule that an earlier one always beats. The rules
//! are tried on customers made of the numbers and texts that stand in them.

use std::collections::BTreeSet;

use clientele_engine::EngineSettings;
use clientele_model::spec::Scheme;
use clientele_model::{MetricId, Unit};

use super::Tally;
use crate::classify::compile::{compile, conditions, ident, named_metrics, text as quote};
use crate::classify::cuts::SchemeCuts;
use crate::error::CatalogueError;
use crate::measure::registry::MetricRegistry;
use crate::rows::{rows, text};
use crate::session::session;

/// Made-up customers are at most this many.
const MOST: usize = 4_000;

/// Adds one combination for each made-up customer.
pub(super) async fn rules(
    scheme: &Scheme,
    metrics: &MetricRegistry,
    tally: &mut Tally,
) -> Result<(), CatalogueError> {
    let conditions: Vec<&str> = conditions(scheme).into_iter().map(|(_, c)| c).collect();
    let needed = named_metrics(scheme);
    let read: Vec<(MetricId, Unit)> = metrics
        .units()
        .into_iter()
        .filter(|(metric, _)| {
            needed.contains(metric) || conditions.iter().any(|c| words(c).contains(&metric.as_str()))
        })
        .collect();
    if read.is_empty() {
        return Ok(());
    }
    let values: Vec<Vec<String>> = read.iter().map(|(m, u)| values(m, *u, &conditions)).collect();
    let customers: Vec<String> =
        combinations(&values).into_iter().map(|c| format!("({})", c.join(", "))).collect();
    let columns: Vec<String> = read.iter().map(|(m, _)| ident(m.as_str())).collect();
    let compiled = compile(scheme, &SchemeCuts::new(), &metrics.units());
    let names = columns.join(", ");
    let sql = format!(
        "SELECT DISTINCT {} FROM (SELECT * FROM (VALUES {}) AS t({names})) m",
        compiled.tier,
        customers.join(", ")
    );
    let session = session(&EngineSettings::default()).await?;
    let batches = session.sql(&sql).await?.collect().await?;
    tally.combinations = customers.len();
    for row in rows(&batches) {
        if let Some(tier) = scheme.position(&text(&row[0])) {
            tally.reached[tier] = true;
        }
    }
    Ok(())
}

fn words(condition: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    condition.split(|c| !is_word(c)).filter(|w| !w.is_empty()).collect()
}

/// The values of a metric worth trying, as SQL of the metric's type.
fn values(metric: &MetricId, unit: Unit, conditions: &[&str]) -> Vec<String> {
    let mine = || conditions.iter().filter(|c| words(c).contains(&metric.as_str()));
    let typed = |value: String| match unit {
        Unit::Text => value,
        Unit::YesNo => format!("CAST({value} AS BOOLEAN)"),
        Unit::Date => format!("CAST({value} AS DATE)"),
        Unit::Time => format!("CAST({value} AS TIMESTAMP)"),
        _ => format!("CAST({value} AS DOUBLE)"),
    };
    let found: BTreeSet<String> = match unit {
        Unit::Text => mine()
            .flat_map(|c| c.split('\'').skip(1).step_by(2))
            .chain(["another value"])
            .map(quote)
            .collect(),
        Unit::YesNo => ["true", "false"].map(str::to_owned).into(),
        Unit::Date | Unit::Time => BTreeSet::from(["'2000-01-01'".to_owned()]),
        _ => mine()
            .flat_map(|c| words(c))
            .filter_map(|w| w.parse::<f64>().ok())
            .flat_map(|n| [n - 1.0, n, n + 1.0])
            .chain([0.0, 0.5, 1e6])
            .map(|n| format!("{n:?}"))
            .collect(),
    };
    found.into_iter().chain(["NULL".to_owned()]).map(typed).collect()
}

/// All combinations, or evenly scattered ones when there are too many.
fn combinations(values: &[Vec<String>]) -> Vec<Vec<&str>> {
    let total = values.iter().fold(1usize, |n, v| n.saturating_mul(v.len()));
    let pick = |mut number: usize| {
        values
            .iter()
            .map(|v| {
                let chosen = v[number % v.len()].as_str();
                number /= v.len();
                chosen
            })
            .collect()
    };
    if total <= MOST {
        return (0..total).map(pick).collect();
    }
    // A multiplicative generator with a full period, so that the same scheme meets the same customers.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    (0..MOST)
        .map(|_| {
            values
                .iter()
                .map(|v| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    v[(state >> 33) as usize % v.len()].as_str()
                })
                .collect()
        })
        .collect()
}
