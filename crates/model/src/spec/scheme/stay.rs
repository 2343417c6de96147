//! How long a tier is kept although the rule says another.

use super::raw::{Kind, RawScheme};
use super::{Document, SpecError};

/// What keeps a customer from going to and fro. Each part may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Stay {
    /// The share of its value, 0 to 1, by which a figure must be past a cut to leave a tier.
    pub hysteresis: f64,
    /// How many days a worse tier must last before it counts.
    pub grace_days: u32,
    /// For how many days after a customer has entered a tier none that is worse counts.
    pub minimum_days: u32,
}

/// The longest that a tier may be kept, in days: ten years.
const LONGEST: u32 = 3_650;

/// Reads the `[stay]` table.
pub(super) fn stay(document: &Document<'_>, raw: &RawScheme) -> Result<Option<Stay>, SpecError> {
    let Some(given) = raw.stay else { return Ok(None) };
    let error = |key: &str, problem: (&str, &str), cure: (&str, &str)| {
        let key = if key == "stay" { key.to_owned() } else { format!("stay.{key}") };
        Err(document.error(&key, problem, cure))
    };
    let (days, width) = (given.grace_days.is_some() || given.minimum_days.is_some(), given.hysteresis);
    if raw.kind == Kind::Manual {
        return error(
            "stay",
            ("people decide here, so nothing has to be kept", "此类由人决定，无须保持"),
            ("remove [stay]", "请删去 [stay]"),
        );
    }
    if !days && width.is_none() {
        let cure = (
            "write hysteresis, grace_days or minimum_days, or remove [stay]",
            "请写 hysteresis、grace_days 或 minimum_days，或删去 [stay]",
        );
        return error("stay", ("nothing is said", "没有内容"), cure);
    }
    if width.is_some() {
        use Kind::*;
        if ![Bands, Quantiles, Share, Scorecard, Model].contains(&raw.kind) {
            let cure = (
                "remove it; grace_days and minimum_days go with every ranked scheme",
                "请删去；grace_days 与 minimum_days 可用于任何有高低之分的方案",
            );
            return error(
                "hysteresis",
                ("this kind cuts no figure that could be near a cut", "这一类方案不按数值切分，没有切点可言"),
                cure,
            );
        }
        if width.is_some_and(|h| h <= 0.0 || h >= 1.0) {
            return error(
                "hysteresis",
                ("it must be above 0 and below 1", "须大于 0 且小于 1"),
                ("write 0.1 for a tenth", "十分之一请写 0.1"),
            );
        }
    }
    if days && (!raw.ranked || raw.kind == Kind::Cluster) {
        let cure = (
            "remove grace_days and minimum_days, or rank the tiers",
            "请删去 grace_days 与 minimum_days，或让层级有高低之分",
        );
        return error(
            "grace_days",
            ("of tiers that are not ranked none is worse", "层级没有高低之分，谈不上更差"),
            cure,
        );
    }
    for (key, days) in [("grace_days", given.grace_days), ("minimum_days", given.minimum_days)] {
        if days.is_some_and(|d| d > LONGEST) {
            return error(
                key,
                ("that is longer than ten years", "超过十年"),
                ("write fewer days", "请写更少的天数"),
            );
        }
    }
    Ok(Some(Stay {
        hysteresis: width.unwrap_or(0.0),
        grace_days: given.grace_days.unwrap_or(0),
        minimum_days: given.minimum_days.unwrap_or(0),
    }))
}
