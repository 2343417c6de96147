//! What goes along with an outcome.

use clientele_model::Figure;
use clientele_model::{Language, Unit};
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::drivers::{DriverAnalysis, MetricDriver, NoAdvice, Quadrant};
use serde::Serialize;

use crate::run::RunReference;

/// What `drivers` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drivers {
    pub run: RunReference,
    pub outcome: String,
    /// In the language that was asked for.
    pub meaning: String,
    /// The metrics that the outcome is made of.
    pub made_of: Vec<String>,
    /// The group; null for everybody.
    pub among: Option<String>,
    /// Customers of whom everything is known.
    pub customers: u64,
    /// Customers of whom the outcome is known.
    pub customers_with_outcome: u64,
    /// Whether the outcome is yes or no: a linear probability model.
    pub yes_no: bool,
    pub r_squared: Figure,
    pub adjusted_r_squared: Figure,
    /// The chance of explaining so much where there is nothing to explain.
    pub p: Figure,
    /// Whether there are fewer than ten customers a metric.
    pub thin: bool,
    /// Of the intervals of importance.
    pub seed: u64,
    /// The most important first.
    pub drivers: Vec<Driver>,
    pub left_out: Vec<LeftOut>,
}

/// A metric, and what part of the differences it explains.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Driver {
    pub metric: String,
    pub unit: Unit,
    /// Part of what all explain, 0 to 1.
    pub importance: Figure,
    /// Its 95 % interval.
    pub importance_low: Figure,
    pub importance_high: Figure,
    pub relative_weight: Figure,
    /// Null where there are too many metrics for it.
    pub shapley: Figure,
    pub correlation: Figure,
    /// The standardised coefficient.
    pub coefficient: Figure,
    pub variance_inflation: Figure,
    pub mean: Figure,
    /// Where the mean stands from the worst (0) to the best (1) end.
    pub performance: Figure,
    /// Null where nothing is advised.
    pub advice: Option<Advice>,
    /// Why not.
    pub no_advice: Option<WhyNoAdvice>,
}

/// What importance and performance together suggest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Important, and not good yet.
    Improve,
    /// Important and good.
    Keep,
    /// Neither.
    Watch,
    /// Good, though not important.
    Enough,
}

/// Why nothing is advised on a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNoAdvice {
    /// All together explain no more than chance would.
    Chance,
    /// It is made of the same facts as the outcome.
    SameFacts,
    /// A company cannot move it.
    NotMovable,
    /// Neither end of it is good.
    NoGoodEnd,
    /// What goes along with a good outcome is its bad end.
    Contrary,
}

/// A metric that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    pub metric: String,
    /// In the language that was asked for.
    pub why: String,
}

impl Drivers {
    /// An analysis over a run, among a group or everybody.
    pub fn new(
        view: &RunView,
        found: &DriverAnalysis,
        among: Option<String>,
        seed: u64,
        language: Language,
    ) -> Self {
        let left_out = found
            .left_out
            .iter()
            .map(|(metric, why)| LeftOut { metric: metric.clone(), why: why.get(language).to_owned() });
        Drivers {
            run: (&view.run).into(),
            outcome: found.outcome.id.clone(),
            meaning: found.outcome.meaning.get(language).to_owned(),
            made_of: found.outcome.metrics.clone(),
            among,
            customers: found.customers,
            customers_with_outcome: found.asked,
            yes_no: found.yes_no,
            r_squared: found.r_squared.into(),
            adjusted_r_squared: found.adjusted_r_squared.into(),
            p: found.p.into(),
            thin: found.thin,
            seed,
            drivers: found.drivers.iter().map(Driver::from).collect(),
            left_out: left_out.collect(),
        }
    }
}

impl From<&MetricDriver> for Driver {
    fn from(one: &MetricDriver) -> Self {
        Driver {
            metric: one.metric.clone(),
            unit: one.unit,
            importance: one.driver.share.into(),
            importance_low: Figure::maybe(one.interval.map(|interval| interval.0)),
            importance_high: Figure::maybe(one.interval.map(|interval| interval.1)),
            relative_weight: one.driver.weight.into(),
            shapley: Figure::maybe(one.driver.shapley),
            correlation: one.driver.correlation.into(),
            coefficient: one.driver.coefficient.into(),
            variance_inflation: Figure::maybe(one.driver.inflation),
            mean: one.mean.into(),
            performance: one.performance.into(),
            advice: one.quadrant().map(|quadrant| match quadrant {
                Quadrant::Improve => Advice::Improve,
                Quadrant::Keep => Advice::Keep,
                Quadrant::Watch => Advice::Watch,
                Quadrant::Enough => Advice::Enough,
            }),
            no_advice: one.advice.err().map(|why| match why {
                NoAdvice::Chance => WhyNoAdvice::Chance,
                NoAdvice::SameFacts => WhyNoAdvice::SameFacts,
                NoAdvice::NotMovable => WhyNoAdvice::NotMovable,
                NoAdvice::NoGoodEnd => WhyNoAdvice::NoGoodEnd,
                NoAdvice::Contrary => WhyNoAdvice::Contrary,
            }),
        }
    }
}
