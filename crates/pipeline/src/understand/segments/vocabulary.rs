//! The names that rules may use in a workspace.

use clientele_model::spec::segment::{KnownScheme, Vocabulary};

use crate::catalogue::Catalogue;

/// All metrics and schemes of a catalogue, and these segments.
pub fn vocabulary<'a>(catalogue: &Catalogue, segments: impl IntoIterator<Item = &'a str>) -> Vocabulary {
    let metrics = catalogue.metrics.iter().map(|m| (m.spec.id.to_string(), m.spec.unit));
    let scheme = |scheme: &clientele_model::spec::Scheme| KnownScheme {
        tiers: scheme.tiers.iter().map(|t| (t.id.clone(), t.name.clone())).collect(),
    };
    Vocabulary {
        metrics: metrics.collect(),
        schemes: catalogue.schemes.iter().map(|s| (s.spec.id.to_string(), scheme(&s.spec))).collect(),
        segments: segments.into_iter().map(str::to_owned).collect(),
    }
}
