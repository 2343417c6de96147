//! When, where and by which channel a group buys.

use clientele_model::Figure;
use clientele_pipeline::understand::persona;
use serde::Serialize;

use crate::verdict::{Difference, Lift};

/// A habit of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Habit {
    pub kind: HabitKind,
    /// Orders of the group; null where those of which it is not known are of too few customers to tell.
    pub orders: Option<u64>,
    /// Orders of which it is known; shares are of these.
    pub known: u64,
    pub values: Vec<HabitValue>,
}

/// What the habit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HabitKind {
    Channel,
    Daypart,
    Weekday,
    Region,
}

/// A value, and the share of the group's orders that have it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HabitValue {
    pub value: String,
    pub orders: u64,
    pub share: Figure,
    pub base_share: Figure,
    pub lift: Option<Lift>,
    pub difference: Option<Difference>,
}

impl From<&persona::Habit> for Habit {
    fn from(habit: &persona::Habit) -> Self {
        let values = habit.values.iter().map(|value| HabitValue {
            value: value.value.clone(),
            orders: value.orders,
            share: value.share.into(),
            base_share: Figure::maybe(value.base_share),
            lift: value.lift.as_ref().map(Lift::from),
            difference: value.verdict.as_ref().map(Difference::from),
        });
        Habit {
            kind: match habit.kind {
                persona::HabitKind::Channel => HabitKind::Channel,
                persona::HabitKind::Daypart => HabitKind::Daypart,
                persona::HabitKind::Weekday => HabitKind::Weekday,
                persona::HabitKind::Region => HabitKind::Region,
            },
            orders: habit.orders,
            known: habit.known,
            values: values.collect(),
        }
    }
}
