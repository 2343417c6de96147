//! A customer's label as the run kept it, and why it is not what the rule says.

use chrono::{Days, NaiveDate};
use clientele_model::AsOf;
use clientele_model::spec::Scheme;

use super::own::OwnRows;
use crate::classify::labels::{Companion, companion};
use crate::classify::overrides::Override;
use crate::rows::{Value, text};
use crate::understand::view::{RunView, ViewError};

/// Why a tier is kept although the rule says another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kept {
    /// The figure is not past the cut by this share of its value.
    Near { share: f64 },
    /// The customer entered the tier too lately; a worse one counts from this day on at the earliest.
    Minimum { days: u32, until: NaiveDate },
    /// A worse tier has not lasted long enough: since when, and from which day on it counts.
    Grace { days: u32, since: NaiveDate, until: NaiveDate },
}

/// What the labels table says of a customer in a scheme.
pub(super) struct Label {
    pub tier: String,
    /// What the rule alone says.
    pub computed: String,
    pub since: Value,
    pub previous: Option<String>,
    pending: Option<NaiveDate>,
    by: Option<String>,
}

impl Label {
    pub(super) fn read(own: &OwnRows, scheme: &Scheme) -> Label {
        // Schemes without stay rules and overrides have no such columns.
        let row = [
            own.label(&scheme.id.column()),
            of(own, scheme, Companion::Since),
            of(own, scheme, Companion::Previous),
            of(own, scheme, Companion::Computed),
            of(own, scheme, Companion::Pending),
            of(own, scheme, Companion::By),
        ];
        let some = |value: &Value| Some(text(value)).filter(|t| !t.is_empty());
        let tier = text(&row[0]);
        Label {
            computed: some(&row[3]).unwrap_or_else(|| tier.clone()),
            tier,
            since: row[1].clone(),
            previous: some(&row[2]),
            pending: match row[4] {
                Value::Date(day) => Some(day),
                _ => None,
            },
            by: some(&row[5]),
        }
    }

    pub(super) fn is_as_computed(&self) -> bool {
        self.tier == self.computed && self.by.is_none()
    }

    /// Why the tier was kept, when stay rules kept it.
    pub(super) fn kept(&self, scheme: &Scheme, as_of: AsOf) -> Option<Kept> {
        let stay = scheme.stay.filter(|_| self.by.is_none() && self.tier != self.computed)?;
        let Some(pending) = self.pending else {
            return Some(Kept::Near { share: stay.hysteresis });
        };
        let later = |day: NaiveDate, days: u32| day + Days::new(u64::from(days));
        if let Value::Date(since) = self.since {
            let until = later(since, stay.minimum_days);
            if as_of.date() < until {
                return Some(Kept::Minimum { days: stay.minimum_days, until });
            }
        }
        let until = later(pending, stay.grace_days);
        Some(Kept::Grace { days: stay.grace_days, since: pending, until })
    }

    /// The override that set the tier.
    pub(super) async fn set_by(&self, view: &RunView) -> Result<Option<Override>, ViewError> {
        let Some(id) = &self.by else { return Ok(None) };
        let all = view.overrides().await?;
        Ok(all.into_iter().find(|o| o.id == *id))
    }
}

fn of(own: &OwnRows, scheme: &Scheme, what: Companion) -> Value {
    own.label(&companion(&scheme.id, what))
}

/// The columns of labels that tell of a scheme, as far as the run has them.
pub(super) fn columns(view: &RunView, scheme: &Scheme) -> Vec<String> {
    let companions =
        [Companion::Since, Companion::Previous, Companion::Computed, Companion::Pending, Companion::By];
    let there = companions.map(|what| companion(&scheme.id, what)).into_iter();
    std::iter::once(scheme.id.column()).chain(there).filter(|column| view.has_label(column)).collect()
}
