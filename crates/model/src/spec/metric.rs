//! A metric: one figure per customer, as a SQL expression over one kind of fact.

use serde::{Deserialize, Serialize};

use super::document::{Document, SpecError};
use crate::{FieldClass, MetricId, Text, Unit};

/// The facts that a metric is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricSource {
    Orders,
    OrderLines,
    Customers,
    /// What a customer did: visits, views, carts, messages opened …
    Events,
    /// Calls, visits, messages and meetings with a customer.
    Interactions,
    /// Questions, requests and complaints to the service.
    Tickets,
    /// Answers to surveys, one a question.
    Responses,
    Opportunities,
    /// Ties that lead from a customer to others.
    Relations,
    /// The customer's place among all customers, worked out from everybody's relations.
    Graph,
    /// Permissions to contact a customer.
    Consents,
    Memberships,
    /// What serving a customer cost.
    ServiceCosts,
    /// Other metrics of the same customer.
    Derived,
}

impl MetricSource {
    /// Every kind of fact; all sources but [`MetricSource::Derived`].
    pub const FACTS: [MetricSource; 13] = [
        MetricSource::Orders,
        MetricSource::OrderLines,
        MetricSource::Customers,
        MetricSource::Events,
        MetricSource::Interactions,
        MetricSource::Tickets,
        MetricSource::Responses,
        MetricSource::Opportunities,
        MetricSource::Relations,
        MetricSource::Graph,
        MetricSource::Consents,
        MetricSource::Memberships,
        MetricSource::ServiceCosts,
    ];
}

/// What a metric says of a customer without such facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Absent {
    /// Nothing happened: the figure is 0.
    Zero,
    /// Nothing is known: there is no figure.
    Unknown,
}

/// Which end of a metric is good for the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    High,
    Low,
    None,
}

/// A figure per customer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// The metric's id and column name.
    pub id: MetricId,
    /// Raised by one with every published change.
    pub version: u32,
    pub unit: Unit,
    pub source: MetricSource,
    /// A SQL aggregate over the source's columns; for derived metrics, a row expression over others.
    pub expression: String,
    /// Which facts count: added to each aggregate as `FILTER (WHERE …)`.
    pub filter: Option<String>,
    pub absent: Absent,
    pub direction: Direction,
    /// Whether the company can move it by what it does itself: answer sooner, call, ask for consent. What customers do
    /// or are, and what comes with time, it cannot. Nobody is advised to improve what is not said to be movable.
    #[serde(default)]
    pub movable: bool,
    /// Columns of the source's facts in which some record of the company, of whatever customer, has to be above 0. Where
    /// none is, such as where no discount was ever brought in, nobody knows what there was, and the metric is unknown.
    #[serde(default)]
    pub brought: Vec<String>,
    /// Other facts that tell of the same: a purchase in the record of behaviour is an order. What is made of these is
    /// not explained by it.
    #[serde(default)]
    pub overlaps: Vec<MetricSource>,
    /// What it tells of a customer, where that is not plain from the unit; see [`Metric::class`].
    #[serde(default)]
    pub class: Option<FieldClass>,
    pub name: Text,
    /// What it measures.
    pub meaning: Text,
    /// The formula in words.
    pub formula: Text,
    /// What it means when a customer has none.
    pub absent_means: Text,
}

impl Metric {
    /// What it tells of a customer: what its document says, else amounts are money and all other is general.
    pub fn class(&self) -> FieldClass {
        self.class.unwrap_or(match self.unit {
            Unit::Money => FieldClass::Money,
            _ => FieldClass::General,
        })
    }

    /// Reads and checks a metric document. Whether its expression is sound SQL over known columns is
    /// checked where SQL is known, when the registry is built.
    ///
    /// # Errors
    /// The first mistake, with its line and cure.
    pub fn parse(file: &str, text: &str) -> Result<Metric, SpecError> {
        let document = Document { file, text };
        let metric: Metric = document.read()?;
        document.check_id("id", metric.id.as_str(), '_')?;
        for (key, text) in [
            ("name", &metric.name),
            ("meaning", &metric.meaning),
            ("formula", &metric.formula),
            ("absent_means", &metric.absent_means),
        ] {
            document.both_languages(key, text)?;
        }
        document.check_version(metric.version)?;
        if metric.absent == Absent::Zero && !metric.unit.is_number() && metric.unit != Unit::YesNo {
            return Err(document.error(
                "absent",
                ("only numbers and yes/no can be zero", "只有数值和是/否可以取零"),
                ("write absent = \"unknown\"", "请写 absent = \"unknown\""),
            ));
        }
        if metric.source == MetricSource::Derived && !metric.brought.is_empty() {
            return Err(document.error(
                "brought",
                ("a derived metric looks at no facts", "派生指标不读事实"),
                ("write it in the metrics that it derives from", "请写在其来源指标中"),
            ));
        }
        if metric.overlaps.contains(&MetricSource::Derived) {
            return Err(document.error(
                "overlaps",
                ("derived metrics are no facts", "派生指标不是事实"),
                ("name the facts, as orders", "请写事实的种类，例如 orders"),
            ));
        }
        if metric.source == MetricSource::Derived && metric.filter.is_some() {
            return Err(document.error(
                "filter",
                (
                    "a derived metric looks at no facts, so nothing can be filtered",
                    "派生指标不读事实，无可筛选",
                ),
                (
                    "remove the line, or filter in the metrics that it derives from",
                    "请删去此行，或在其来源指标中筛选",
                ),
            ));
        }
        Ok(metric)
    }

    /// An error about one of this metric's keys, found after parsing.
    pub fn error(
        file: &str,
        text: &str,
        key: &str,
        problem: impl Into<Text>,
        cure: impl Into<Text>,
    ) -> SpecError {
        Document { file, text }.error(key, problem, cure)
    }
}
