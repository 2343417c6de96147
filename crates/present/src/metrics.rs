//! What is measured.

use clientele_model::spec::{Direction, Metric, MetricSource};
use clientele_model::{Language, Text, Unit};
use serde::Serialize;

/// What `metrics list` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metrics {
    /// By id.
    pub metrics: Vec<MetricDefinition>,
}

/// A metric's document in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricDefinition {
    pub id: String,
    pub version: u32,
    pub unit: Unit,
    /// The facts that it is computed from.
    pub source: MetricSource,
    /// Which end is good for the company.
    pub direction: Direction,
    /// Whether the company can move it.
    pub movable: bool,
    pub name: String,
    pub meaning: String,
    pub formula: String,
    /// What a customer without such facts gets, and why.
    pub absent_means: String,
    pub expression: String,
    /// Which facts count.
    pub filter: Option<String>,
}

impl MetricDefinition {
    /// The document in a language.
    pub fn new(metric: &Metric, language: Language) -> Self {
        let text = |text: &Text| text.get(language).to_owned();
        MetricDefinition {
            id: metric.id.to_string(),
            version: metric.version,
            unit: metric.unit,
            source: metric.source,
            direction: metric.direction,
            movable: metric.movable,
            name: text(&metric.name),
            meaning: text(&metric.meaning),
            formula: text(&metric.formula),
            absent_means: text(&metric.absent_means),
            expression: metric.expression.clone(),
            filter: metric.filter.clone(),
        }
    }
}
