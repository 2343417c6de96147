//! Who went from where to where.

use std::collections::BTreeMap;

use clientele_pipeline::understand::movement::{self, Cause, CausedFlow, MoveRates};
use serde::Serialize;

use crate::run::RunReference;

/// What `movement` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Movement {
    pub scheme: String,
    /// The runs that it is between.
    pub from: String,
    pub to: String,
    pub flows: Vec<Flow>,
}

/// Customers with the same tier before and the same tier after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flow {
    /// Null for customers that the earlier run did not know.
    pub from: Option<String>,
    /// Null for customers that the later run does not know.
    pub to: Option<String>,
    pub customers: i64,
    pub direction: Direction,
    /// How many of them moved by which cause; adds up to `customers` but for those who stayed. Left out where
    /// causes were not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub causes: Option<BTreeMap<Cause, i64>>,
}

/// What a flow means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Stayed,
    Up,
    Down,
    /// Between tiers of which none is better.
    Across,
    New,
    Gone,
}

impl From<movement::Direction> for Direction {
    fn from(direction: movement::Direction) -> Self {
        match direction {
            movement::Direction::Stayed => Direction::Stayed,
            movement::Direction::Up => Direction::Up,
            movement::Direction::Down => Direction::Down,
            movement::Direction::Across => Direction::Across,
            movement::Direction::New => Direction::New,
            movement::Direction::Gone => Direction::Gone,
        }
    }
}

impl Movement {
    /// A movement and its flows, with or without their causes.
    pub fn new(movement: &movement::Movement, flows: &[CausedFlow], with_causes: bool) -> Self {
        let flow = |CausedFlow { flow, causes }: &CausedFlow| Flow {
            from: flow.from.clone(),
            to: flow.to.clone(),
            customers: flow.customers,
            direction: flow.direction.into(),
            causes: with_causes.then(|| causes.clone()),
        };
        Movement {
            scheme: movement.scheme.clone(),
            from: movement.from.to_string(),
            to: movement.to.to_string(),
            flows: flows.iter().map(flow).collect(),
        }
    }
}

/// What `movement --periods` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Periods {
    pub scheme: String,
    /// Oldest first.
    pub periods: Vec<Period>,
}

/// How many moved which way from one run to the next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Period {
    pub from: RunReference,
    pub to: RunReference,
    /// Customers that the earlier run knew.
    pub before: i64,
    /// Customers that the later run knows.
    pub after: i64,
    pub up: i64,
    pub down: i64,
    /// Between tiers of which none is better.
    pub across: i64,
    /// Not known to the earlier run.
    pub new: i64,
    /// Not known to the later run.
    pub gone: i64,
    /// Of those who went down: into the last tier of a ranked scheme.
    pub lost: i64,
    /// Of those who went up: out of the last tier of a ranked scheme.
    pub returned: i64,
}

impl Periods {
    /// The periods of a scheme.
    pub fn new(scheme: &str, periods: &[movement::Period]) -> Self {
        Periods { scheme: scheme.to_owned(), periods: periods.iter().map(Period::from).collect() }
    }
}

impl From<&movement::Period> for Period {
    fn from(period: &movement::Period) -> Self {
        let MoveRates { before, after, up, down, across, new, gone, lost, returned } = period.rates;
        let (from, to) = ((&period.from).into(), (&period.to).into());
        Period { from, to, before, after, up, down, across, new, gone, lost, returned }
    }
}
