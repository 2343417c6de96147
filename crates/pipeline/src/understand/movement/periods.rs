//! How lively a scheme is: the rates of its movement from run to run.

use clientele_model::spec::Scheme;

use super::{Direction, Flow};
use crate::runs::{self, Run};
use crate::understand::view::{RunView, ViewError};

/// The movement between a run and the one that it followed.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    pub from: Run,
    pub to: Run,
    pub rates: MoveRates,
}

/// How many moved which way. A rate is the number by `before`, but for `new`, which is by `after`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MoveRates {
    /// Customers that the earlier run knew.
    pub before: i64,
    /// Customers that the later run knows.
    pub after: i64,
    /// To a better tier.
    pub up: i64,
    /// To a worse tier, the last one included.
    pub down: i64,
    /// Neither up nor down; see [`Direction::Across`].
    pub across: i64,
    /// Not known to the earlier run.
    pub new: i64,
    /// Not known to the later run: the batch that brought them was taken back.
    pub gone: i64,
    /// Of those who went down: into the last tier of a ranked scheme.
    pub lost: i64,
    /// Of those who went up: out of the last tier of a ranked scheme.
    pub returned: i64,
}

impl MoveRates {
    pub(super) fn of(scheme: &Scheme, flows: &[Flow]) -> MoveRates {
        let last = scheme.tiers.last().filter(|_| scheme.ranked).map(|tier| tier.id.as_str());
        let mut rates = MoveRates::default();
        for flow in flows {
            let n = flow.customers;
            rates.before += if flow.from.is_some() { n } else { 0 };
            rates.after += if flow.to.is_some() { n } else { 0 };
            match flow.direction {
                Direction::Stayed => {}
                Direction::Up => {
                    rates.up += n;
                    rates.returned += if flow.from.as_deref() == last { n } else { 0 };
                }
                Direction::Down => {
                    rates.down += n;
                    rates.lost += if flow.to.as_deref() == last { n } else { 0 };
                }
                Direction::Across => rates.across += n,
                Direction::New => rates.new += n,
                Direction::Gone => rates.gone += n,
            }
        }
        rates
    }
}

impl RunView {
    /// The movement in a scheme of each run up to this one against the run that it followed, oldest
    /// first.
    pub async fn periods(&self, scheme: &Scheme) -> Result<Vec<Period>, ViewError> {
        self.last_periods(scheme, usize::MAX).await
    }

    /// The last `most` of the [`RunView::periods`], oldest first.
    pub async fn last_periods(&self, scheme: &Scheme, most: usize) -> Result<Vec<Period>, ViewError> {
        let applied = |run: &&Run| run.schemes.contains_key(scheme.id.as_str());
        let here = self.runs.iter().position(|r| r.id == self.run.id).map_or(0, |place| place + 1);
        let mut pairs = Vec::new();
        for (place, run) in self.runs[..here].iter().enumerate().filter(|(_, run)| applied(run)) {
            if let Some(from) = runs::before(&self.runs[..place], run.as_of, Some(scheme.id.as_str())) {
                pairs.push((from.clone(), run.clone()));
            }
        }
        let mut periods = Vec::new();
        for (from, to) in pairs.split_off(pairs.len().saturating_sub(most)) {
            let flows = self.flows(scheme, &from, &to).await?;
            periods.push(Period { from, to, rates: MoveRates::of(scheme, &flows) });
        }
        Ok(periods)
    }
}
