//! Keys that belong to another kind: they would be ignored in silence.

use super::raw::{Kind, RawScheme, RawTier};
use super::{Document, SpecError};
use crate::Text;

use Kind::*;

/// A key, whether it is there, and the kinds that it belongs to.
type Key = (&'static str, bool, &'static [Kind]);

/// The kinds that may look at a part of the base only.
const POPULATED: &[Kind] = &[Quantiles, Share, Codes, Scorecard, Cluster, Model, Rules, Checklist];

/// Refuses what the scheme's kind would not look at.
pub(super) fn refuse(document: &Document<'_>, raw: &RawScheme) -> Result<(), SpecError> {
    for (key, there, kinds) in top(raw) {
        if there && !kinds.contains(&raw.kind) {
            return Err(stranger(document, key, raw.kind, kinds));
        }
    }
    for (i, tier) in raw.tiers.iter().enumerate() {
        for (key, there, kinds) in of_tier(tier) {
            if there && !kinds.contains(&raw.kind) {
                return Err(stranger(document, &format!("tiers[{i}].{key}"), raw.kind, kinds));
            }
        }
    }
    Ok(())
}

fn top(raw: &RawScheme) -> [Key; 20] {
    [
        ("metric", raw.metric.is_some(), &[Bands, Quantiles, Share, Model, Attribute]),
        ("best", raw.best.is_some(), &[Quantiles, Model]),
        ("population", raw.population.is_some(), POPULATED),
        ("needs", raw.needs.is_some(), &[Rules, Checklist]),
        ("rows", raw.rows.is_some(), &[Matrix]),
        ("columns", raw.columns.is_some(), &[Matrix]),
        ("must", raw.must.is_some(), &[Checklist]),
        ("signs", raw.signs.is_some(), &[Checklist]),
        ("survey", raw.survey.is_some(), &[Questionnaire]),
        ("margin", raw.margin.is_some(), &[Questionnaire]),
        ("features", raw.features.is_some(), &[Cluster]),
        ("log", raw.log.is_some(), &[Cluster]),
        ("min_clusters", raw.min_clusters.is_some(), &[Cluster]),
        ("max_clusters", raw.max_clusters.is_some(), &[Cluster]),
        ("seed", raw.seed.is_some(), &[Cluster]),
        ("estimate", raw.estimate.is_some(), &[Model]),
        ("interval", raw.interval.is_some(), &[Model]),
        ("scores", !raw.scores.is_empty(), &[Codes]),
        ("points", !raw.points.is_empty(), &[Scorecard]),
        ("cluster_tiers", raw.cluster_tiers.is_some(), &[Cluster]),
    ]
}

fn of_tier(tier: &RawTier) -> [Key; 12] {
    [
        ("min", tier.min.is_some(), &[Bands, Questionnaire, Model]),
        ("below", tier.below.is_some(), &[Bands, Questionnaire, Model]),
        ("share", tier.share.is_some(), &[Quantiles, Model]),
        ("until", tier.until.is_some(), &[Share]),
        ("codes", tier.codes.is_some(), &[Codes]),
        ("when", tier.when.is_some(), &[Rules]),
        ("otherwise", tier.otherwise.is_some(), &[Rules, Checklist, Questionnaire, Attribute]),
        ("min_points", tier.min_points.is_some(), &[Scorecard]),
        ("cells", tier.cells.is_some(), &[Matrix]),
        ("grades", tier.grades.is_some(), &[Checklist]),
        ("dimension", tier.dimension.is_some(), &[Questionnaire]),
        ("values", tier.values.is_some(), &[Attribute]),
    ]
}

fn stranger(document: &Document<'_>, key: &str, kind: Kind, kinds: &[Kind]) -> SpecError {
    let kinds = kinds.iter().map(|k| k.word()).collect::<Vec<_>>().join(", ");
    let kind = kind.word();
    let problem =
        Text::new(format!("belongs to {kinds}, not to {kind}"), format!("只用于 {kinds}，不用于 {kind}"));
    document.error(key, problem, Text::new("remove it, or change kind", "请删去，或更换 kind"))
}
