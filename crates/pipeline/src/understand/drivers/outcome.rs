//! What is to be explained.

use std::collections::BTreeSet;

use clientele_model::spec::{Direction, Metric, MetricSource};
use clientele_model::{Text, Unit};

use super::made_of::{self, Fact};
use crate::quote::ident;
use crate::understand::RunView;
use crate::understand::groups::InsightError;
use crate::understand::rows::{int, rows};

/// Days without an order after which a buyer counts as lost.
const SILENT_DAYS: u32 = 180;

/// Metrics that tell satisfaction, the first that the run has.
const SATISFACTION: [&str; 5] =
    ["csat_score_mean", "csat_last", "ticket_satisfaction_mean", "nps_last", "nps_mean"];

/// An outcome of which each customer has more or less.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// As it was asked for.
    pub id: String,
    pub name: Text,
    /// What exactly is explained, and of whom.
    pub meaning: Text,
    /// The metrics that it is made of.
    pub metrics: Vec<String>,
    /// Whether more of it is good for the company; None where neither end is called so.
    pub more_is_better: Option<bool>,
    /// A number for each customer as SQL over the metrics, null where it is not known.
    pub(super) sql: String,
    /// The facts that it is made of; metrics made of the same do not explain it.
    pub(super) facts: BTreeSet<Fact>,
}

pub(super) async fn resolve(view: &RunView, name: &str) -> Result<Outcome, InsightError> {
    let column = name.replace('-', "_");
    let metric = |id: &str| view.metrics().find(|m| m.id.as_str() == id);
    let missing = |needs: &str| InsightError::NoOutcome { outcome: name.to_owned(), needs: needs.to_owned() };
    match name {
        "satisfaction" => {
            let known = answered(view).await?.ok_or_else(|| missing(&SATISFACTION.join(", ")))?;
            Ok(of_metric(view, name, known))
        }
        "repeat" => {
            metric("frequency").ok_or_else(|| missing("frequency"))?;
            Ok(Outcome {
                id: name.to_owned(),
                name: Text::new("Repeat purchase", "复购"),
                meaning: Text::new(
                    "whether a buyer has ordered a second time (yes 1, no 0), of all with an order",
                    "有订单的客户是否再次下单（是为 1，否为 0）",
                ),
                metrics: vec!["frequency".to_owned()],
                more_is_better: Some(true),
                sql: "CASE WHEN frequency >= 2 THEN 1.0 WHEN frequency = 1 THEN 0.0 END".to_owned(),
                facts: orders(),
            })
        }
        "churn" => {
            metric("recency_days").ok_or_else(|| missing("recency_days, tenure_days"))?;
            metric("tenure_days").ok_or_else(|| missing("recency_days, tenure_days"))?;
            Ok(Outcome {
                id: name.to_owned(),
                name: Text::new("Churn", "流失"),
                meaning: Text::new(
                    format!(
                        "whether a buyer has not ordered for {SILENT_DAYS} days (yes 1, no 0), of all whose first \
                         order is at least as long ago"
                    ),
                    format!(
                        "首单至今满 {SILENT_DAYS} 天的客户，是否已 {SILENT_DAYS} 天没有下单（是为 1，否为 0）"
                    ),
                ),
                metrics: vec!["recency_days".to_owned(), "tenure_days".to_owned()],
                more_is_better: Some(false),
                sql: format!(
                    "CASE WHEN tenure_days < {SILENT_DAYS} THEN NULL WHEN recency_days >= {SILENT_DAYS} THEN 1.0 \
                     WHEN recency_days < {SILENT_DAYS} THEN 0.0 END"
                ),
                facts: orders(),
            })
        }
        "spend" => {
            let found = metric("spend_365d")
                .or_else(|| metric("monetary"))
                .ok_or_else(|| missing("spend_365d, monetary"))?;
            let column = format!("CAST({} AS DOUBLE)", ident(found.id.as_str()));
            Ok(Outcome {
                id: name.to_owned(),
                name: found.name.clone(),
                meaning: Text::new(
                    format!(
                        "{}, as the logarithm of 1 plus the amount: a few large buyers would else decide",
                        found.name.en
                    ),
                    format!("{}，取 1 加金额的对数，以免由少数大客户决定", found.name.zh),
                ),
                metrics: vec![found.id.to_string()],
                more_is_better: Some(true),
                sql: format!("CASE WHEN {column} >= 0 THEN ln(1.0 + {column}) END"),
                facts: orders(),
            })
        }
        _ => match metric(&column) {
            Some(found) if found.unit.is_number() || found.unit == Unit::YesNo => {
                Ok(of_metric(view, name, found))
            }
            _ => Err(InsightError::UnknownOutcome { name: name.to_owned() }),
        },
    }
}

/// The first measure of satisfaction that enough customers have answered.
async fn answered(view: &RunView) -> Result<Option<&Metric>, InsightError> {
    let measures: Vec<&Metric> =
        SATISFACTION.iter().filter_map(|id| view.metrics().find(|m| m.id.as_str() == *id)).collect();
    if measures.is_empty() {
        return Ok(None);
    }
    let counts: Vec<String> = measures.iter().map(|m| format!("count({})", ident(m.id.as_str()))).collect();
    let sql = format!("SELECT {} FROM metrics", counts.join(", "));
    let batches = view.session.sql(&sql).await?.collect().await?;
    let Some(row) = rows(&batches).next() else { return Ok(None) };
    let enough = |place: usize| int(&row[place]).unsigned_abs() >= view.minimum_group();
    Ok((0..measures.len()).find(|place| enough(*place)).map(|place| measures[place]))
}

fn orders() -> BTreeSet<Fact> {
    [Fact::Records(MetricSource::Orders)].into()
}

fn of_metric(view: &RunView, name: &str, metric: &Metric) -> Outcome {
    Outcome {
        id: name.to_owned(),
        name: metric.name.clone(),
        meaning: metric.meaning.clone(),
        metrics: vec![metric.id.to_string()],
        more_is_better: match metric.direction {
            Direction::High => Some(true),
            Direction::Low => Some(false),
            Direction::None => None,
        },
        sql: number(metric),
        facts: made_of::facts(view, metric),
    }
}

/// A metric as a number: yes is 1.
pub(super) fn number(metric: &Metric) -> String {
    let column = ident(metric.id.as_str());
    match metric.unit {
        Unit::YesNo => format!("CASE WHEN {column} THEN 1.0 WHEN NOT {column} THEN 0.0 END"),
        _ => format!("CAST({column} AS DOUBLE)"),
    }
}
