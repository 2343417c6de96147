//! Differences between a group and the others.

use clientele_pipeline::understand::persona;
use clientele_predict::stats;
use serde::Serialize;

use clientele_model::Figure;

/// The size of an effect in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Magnitude {
    Negligible,
    Small,
    Medium,
    Large,
}

impl From<stats::Magnitude> for Magnitude {
    fn from(magnitude: stats::Magnitude) -> Self {
        match magnitude {
            stats::Magnitude::Negligible => Magnitude::Negligible,
            stats::Magnitude::Small => Magnitude::Small,
            stats::Magnitude::Medium => Magnitude::Medium,
            stats::Magnitude::Large => Magnitude::Large,
        }
    }
}

/// How a group differs from the others in one respect.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The size of the effect, and its 95 % interval.
    pub effect: Figure,
    pub effect_low: Figure,
    pub effect_high: Figure,
    pub magnitude: Magnitude,
    /// The chance of such a difference where there is none.
    pub p: Figure,
    /// The same, adjusted for all that was looked at.
    pub p_adjusted: Figure,
    /// Whether it is large enough and sure enough to speak of.
    pub tells: bool,
}

impl From<&persona::Verdict> for Difference {
    fn from(verdict: &persona::Verdict) -> Self {
        Difference {
            effect: verdict.effect.size.into(),
            effect_low: verdict.effect.low.into(),
            effect_high: verdict.effect.high.into(),
            magnitude: verdict.magnitude.into(),
            p: verdict.p.into(),
            p_adjusted: verdict.adjusted.into(),
            tells: verdict.tells,
        }
    }
}

/// How many times as frequent something is in a group as among the others, with its 95 % interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lift {
    pub lift: Figure,
    pub low: Figure,
    pub high: Figure,
}

impl From<&stats::Lift> for Lift {
    fn from(lift: &stats::Lift) -> Self {
        Lift { lift: lift.ratio.into(), low: lift.low.into(), high: lift.high.into() }
    }
}
