//! Movement: who went from where to where between two runs.

mod axes;
mod causes;
mod known;
mod past;
mod periods;
mod tiers;
mod worlds;

use clientele_model::RunId;
use clientele_model::spec::Scheme;

use super::rows::{int, rows, text};
use super::view::{RunView, ViewError};
use crate::classify::compile::tier_column;
use crate::runs::{self, Run};
pub use causes::{Cause, CausedFlow};
pub(in crate::understand) use known::KnownBefore;
pub use periods::{MoveRates, Period};

/// How many customers went from each tier to each tier.
#[derive(Debug, Clone, PartialEq)]
pub struct Movement {
    pub scheme: String,
    pub from: RunId,
    pub to: RunId,
    /// In the scheme's order of tiers, first by where from.
    pub flows: Vec<Flow>,
}

/// Customers with the same tier before and the same tier after.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// `None` for customers that the earlier run did not know.
    pub from: Option<String>,
    /// `None` for customers that the later run does not know.
    pub to: Option<String>,
    pub customers: i64,
    pub direction: Direction,
}

/// What a flow means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Stayed,
    Up,
    Down,
    /// Between tiers of which none is better: of an unranked scheme, or from or to `unknown`.
    Across,
    New,
    Gone,
}

impl RunView {
    /// The movement in a scheme from an earlier run to this one; from the run that it follows in the
    /// scheme, when none is named. `None` when there is no such run.
    pub async fn movement(
        &mut self,
        scheme: &Scheme,
        from: Option<&RunId>,
    ) -> Result<Option<Movement>, ViewError> {
        let earlier = match from {
            Some(from) => self.runs.iter().find(|r| r.id == *from).cloned().ok_or_else(|| {
                let known = self.runs.iter().map(|r| r.id.as_str()).collect::<Vec<_>>().join(", ");
                ViewError::UnknownRun { name: from.to_string(), known }
            })?,
            None => match self.followed(scheme) {
                Some(previous) => previous.clone(),
                None => return Ok(None),
            },
        };
        if !earlier.schemes.contains_key(scheme.id.as_str()) {
            return Err(ViewError::UnknownScheme {
                run: earlier.id.to_string(),
                name: scheme.id.to_string(),
                nearest: None,
            });
        }
        self.register_results("labels", "earlier_labels", &earlier.id).await?;
        let flows = self.flows(scheme, "earlier_labels", "labels").await?;
        Ok(Some(Movement { scheme: scheme.id.to_string(), from: earlier.id, to: self.run.id.clone(), flows }))
    }

    /// The flows between the labels of two runs, which the session knows by these names.
    async fn flows(&self, scheme: &Scheme, earlier: &str, later: &str) -> Result<Vec<Flow>, ViewError> {
        let tier = tier_column(&scheme.id);
        let sql = format!(
            "SELECT a.{tier}, b.{tier}, count(*) FROM {earlier} a FULL OUTER JOIN {later} b \
             ON a.customer_key = b.customer_key GROUP BY a.{tier}, b.{tier}"
        );
        let batches = self.session.sql(&sql).await?.collect().await?;
        let name = |value: &super::rows::Value| Some(text(value)).filter(|t| !t.is_empty());
        let mut flows: Vec<Flow> = rows(&batches)
            .map(|r| {
                let (from, to) = (name(&r[0]), name(&r[1]));
                let direction = direction(scheme, from.as_deref(), to.as_deref());
                Flow { from, to, customers: int(&r[2]), direction }
            })
            .collect();
        let place = |tier: &Option<String>| match tier {
            Some(tier) => scheme.position(tier).unwrap_or(usize::MAX - 1),
            None => usize::MAX,
        };
        flows.sort_by_key(|f| (place(&f.from), place(&f.to)));
        Ok(flows)
    }

    /// The run that this one follows in a scheme.
    fn followed(&self, scheme: &Scheme) -> Option<&Run> {
        let place = self.runs.iter().position(|r| r.id == self.run.id)?;
        runs::before(&self.runs[..place], self.run.as_of, Some(scheme.id.as_str()))
    }
}

fn direction(scheme: &Scheme, from: Option<&str>, to: Option<&str>) -> Direction {
    let (from, to) = match (from, to) {
        (None, _) => return Direction::New,
        (_, None) => return Direction::Gone,
        (Some(from), Some(to)) => (from, to),
    };
    if from == to {
        return Direction::Stayed;
    }
    match (scheme.position(from), scheme.position(to)) {
        (Some(before), Some(after)) if scheme.ranked && after < before => Direction::Up,
        (Some(before), Some(after)) if scheme.ranked && before < after => Direction::Down,
        _ => Direction::Across,
    }
}
