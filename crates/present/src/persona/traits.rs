//! Figures and traits of a group, and its typical member.

use clientele_model::Figure;
use clientele_model::{Language, Text, Unit};
use clientele_pipeline::understand::persona::{self, TraitOf};
use serde::Serialize;

use crate::verdict::{Difference, Lift};

/// A figure of a group beside that of the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureComparison {
    pub metric: String,
    pub unit: Unit,
    /// Members of whom it is known.
    pub known: u64,
    pub mean: Figure,
    /// The standard deviation.
    pub deviation: Figure,
    /// The mean of the whole base.
    pub base_mean: Figure,
    /// The group's mean by the base's: 100 is as much.
    pub index: Figure,
    /// Its 95 % interval.
    pub index_low: Figure,
    pub index_high: Figure,
    /// Whether the group is made by this figure, so that the difference says nothing.
    pub by_rule: bool,
    pub difference: Option<Difference>,
}

/// A value of a metric or a tier of another scheme, and how many of the group have it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trait {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    pub value: String,
    pub customers: u64,
    /// Members of whom it is known; the lift is among these.
    pub known: u64,
    /// Of all members.
    pub share: Figure,
    /// Of all customers.
    pub base_share: Figure,
    pub lift: Option<Lift>,
    /// Whether the group is made by it, so that the difference says nothing.
    pub by_rule: bool,
    pub difference: Option<Difference>,
}

/// An attribute that most members have no value of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SparseAttribute {
    pub metric: String,
    /// Members of whom it is known; null where too few are to tell.
    pub known: Option<u64>,
}

/// What is typical of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Typical {
    pub spreads: Vec<TypicalSpread>,
    /// What more than half of all members have in common.
    pub values: Vec<CommonValue>,
    /// The member who is nearest to the middle of all spreads.
    pub nearest: Option<TypicalCustomer>,
}

/// A value that more than half of all members have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CommonValue {
    /// Both in the language that was asked for.
    pub attribute: String,
    pub value: String,
    /// Of all members, 0 to 1.
    pub share: Figure,
}

/// How a figure is spread over the members.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TypicalSpread {
    pub metric: String,
    /// Null where it is known of too few.
    pub p10: Figure,
    pub p25: Figure,
    pub median: Figure,
    pub p75: Figure,
    pub p90: Figure,
}

/// A customer as an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TypicalCustomer {
    pub source: String,
    pub customer_id: String,
}

impl From<&persona::Figure> for FigureComparison {
    fn from(one: &persona::Figure) -> Self {
        FigureComparison {
            metric: one.metric.clone(),
            unit: one.unit,
            known: one.known,
            mean: one.mean.into(),
            deviation: one.deviation.into(),
            base_mean: Figure::maybe(one.base_mean),
            index: Figure::maybe(one.index),
            index_low: Figure::maybe(one.index_range.map(|range| range.0)),
            index_high: Figure::maybe(one.index_range.map(|range| range.1)),
            by_rule: one.by_rule,
            difference: one.verdict.as_ref().map(Difference::from),
        }
    }
}

impl From<&persona::Trait> for Trait {
    fn from(one: &persona::Trait) -> Self {
        let (metric, scheme) = match &one.of {
            TraitOf::Metric(id) => (Some(id.clone()), None),
            TraitOf::Scheme(id) => (None, Some(id.clone())),
        };
        Trait {
            metric,
            scheme,
            value: one.value.clone(),
            customers: one.customers,
            known: one.known,
            share: one.share.into(),
            base_share: Figure::maybe(one.base_share),
            lift: one.lift.as_ref().map(Lift::from),
            by_rule: one.by_rule,
            difference: one.verdict.as_ref().map(Difference::from),
        }
    }
}

impl From<&persona::Sparse> for SparseAttribute {
    fn from(one: &persona::Sparse) -> Self {
        SparseAttribute { metric: one.metric.clone(), known: one.known }
    }
}

impl Typical {
    /// What is typical, with names in a language.
    pub fn new(typical: &persona::Typical, language: Language) -> Self {
        let common = |(name, value, share): &(Text, Text, f64)| CommonValue {
            attribute: name.get(language).to_owned(),
            value: value.get(language).to_owned(),
            share: (*share).into(),
        };
        let nearest = typical.nearest.as_ref();
        Typical {
            spreads: typical.spreads.iter().map(TypicalSpread::from).collect(),
            values: typical.values.iter().map(common).collect(),
            nearest: nearest.map(|(source, customer_id)| TypicalCustomer {
                source: source.clone(),
                customer_id: customer_id.clone(),
            }),
        }
    }
}

impl From<&persona::Spread> for TypicalSpread {
    fn from(spread: &persona::Spread) -> Self {
        TypicalSpread {
            metric: spread.metric.clone(),
            p10: Figure::maybe(spread.p10),
            p25: spread.p25.into(),
            median: spread.median.into(),
            p75: spread.p75.into(),
            p90: Figure::maybe(spread.p90),
        }
    }
}
