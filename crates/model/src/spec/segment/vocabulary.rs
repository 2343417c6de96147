//! The names that rules may use.

use std::collections::{BTreeMap, BTreeSet};

use super::rule::{Field, PROFILE, ValueKind};
use crate::{MetricId, SchemeId, Text, TierId, Unit};

/// The names that rules may use, and what is known of them.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    pub metrics: BTreeMap<String, Unit>,
    pub schemes: BTreeMap<String, KnownScheme>,
    pub segments: BTreeSet<String>,
}

/// What stands before a scheme's name where a field of the profile has the same: `tier.kind`.
pub(super) const TIER: &str = "tier.";

/// The tiers of a scheme with their names, in its order.
#[derive(Debug, Clone, Default)]
pub struct KnownScheme {
    pub tiers: Vec<(TierId, Text)>,
}

impl Vocabulary {
    /// What a name stands for: a field of the profile, a metric, or a scheme, whose dashes may be
    /// written as `_`; the first that there is. With [`TIER`] before it, it is a scheme's.
    pub(super) fn field(&self, name: &str) -> Option<(Field, ValueKind)> {
        let name = name.to_lowercase();
        if let Some(scheme) = name.strip_prefix(TIER) {
            return self.scheme(scheme).map(|(id, _)| (Field::Scheme(id), ValueKind::Tier));
        }
        if let Some((field, kind)) = PROFILE.iter().find(|(field, _)| *field == name) {
            return Some((Field::Profile((*field).to_owned()), *kind));
        }
        if let Some(unit) = self.metrics.get(&name) {
            return Some((Field::Metric(MetricId::new(name)), kind_of(*unit)));
        }
        self.scheme(&name).map(|(id, _)| (Field::Scheme(id), ValueKind::Tier))
    }

    /// A scheme by its id, with `-` or `_`.
    pub(super) fn scheme(&self, name: &str) -> Option<(SchemeId, &KnownScheme)> {
        let name = name.to_lowercase();
        let found = self.schemes.get_key_value(&name);
        let found = found.or_else(|| self.schemes.iter().find(|(id, _)| id.replace('-', "_") == name));
        found.map(|(id, scheme)| (SchemeId::new(id), scheme))
    }

    /// A segment by its id, with `-` or `_`.
    pub(super) fn segment(&self, name: &str) -> Option<&str> {
        let name = name.to_lowercase().replace('_', "-");
        self.segments.get(&name).map(String::as_str)
    }

    /// The field whose name is spelled most alike.
    pub(super) fn nearest_field(&self, name: &str) -> Option<String> {
        if let Some(scheme) = name.to_lowercase().strip_prefix(TIER) {
            return self.nearest_scheme(scheme).map(|id| format!("{TIER}{id}"));
        }
        let profile = PROFILE.iter().map(|(field, _)| *field);
        let metrics = self.metrics.keys().map(String::as_str);
        nearest(name, profile.chain(metrics).chain(self.schemes.keys().map(String::as_str)))
    }

    /// The scheme whose id is spelled most alike.
    pub(super) fn nearest_scheme(&self, name: &str) -> Option<String> {
        nearest(name, self.schemes.keys().map(String::as_str))
    }

    /// The segment whose id is spelled most alike.
    pub(super) fn nearest_segment(&self, name: &str) -> Option<String> {
        nearest(name, self.segments.iter().map(String::as_str))
    }
}

impl KnownScheme {
    /// A tier by its id or one of its names, in whatever case; `unknown` is one of every scheme.
    pub(super) fn tier(&self, name: &str) -> Option<TierId> {
        let wanted = name.to_lowercase();
        let fits = |id: &TierId, text: &Text| {
            id.as_str() == wanted || text.en.to_lowercase() == wanted || text.zh.to_lowercase() == wanted
        };
        let found = self.tiers.iter().find(|(id, text)| fits(id, text)).map(|(id, _)| id.clone());
        found.or_else(|| (wanted == TierId::UNKNOWN).then(|| TierId::new(TierId::UNKNOWN)))
    }

    /// The tier whose id is spelled most alike.
    pub(super) fn nearest_tier(&self, name: &str) -> Option<String> {
        nearest(name, self.tiers.iter().map(|(id, _)| id.as_str()))
    }

    /// The ids, the first few of them.
    pub(super) fn known(&self) -> String {
        const SHOWN: usize = 12;
        let more = if self.tiers.len() > SHOWN { ", …" } else { "" };
        let ids: Vec<&str> = self.tiers.iter().take(SHOWN).map(|(id, _)| id.as_str()).collect();
        ids.join(", ") + more
    }
}

/// The kind of values that a unit has.
fn kind_of(unit: Unit) -> ValueKind {
    match unit {
        Unit::Text => ValueKind::Text,
        Unit::YesNo => ValueKind::YesNo,
        Unit::Date | Unit::Time => ValueKind::Date,
        _ => ValueKind::Number,
    }
}

/// The candidate that is spelled most alike, if one comes close.
pub(in crate::spec) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    if name.chars().count() > 64 {
        // Longer names are no slips of the keyboard, and comparing them takes its time.
        return None;
    }
    let name = name.to_lowercase().replace('_', "-");
    candidates
        .map(|known| (strsim::damerau_levenshtein(&name, &known.replace('_', "-")), known))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 5)
        .min()
        .map(|(_, known)| known.to_owned())
}
