//! The classifications.

mod check;
mod publish;

use clientele_model::spec::Scheme;
use clientele_model::{Language, MetricId, Text};
use serde::Serialize;

use crate::playbook::Playbook;

pub use check::{Overlap, SchemeCheck, SchemeChecks};
pub use publish::{Publication, Shift, ShiftExample};

/// What `schemes list` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Schemes {
    pub schemes: Vec<SchemeDefinition>,
}

/// A scheme's document in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchemeDefinition {
    pub id: String,
    pub version: u32,
    pub kind: &'static str,
    pub name: String,
    /// The question that it answers.
    pub question: String,
    /// Where the rule comes from.
    pub origin: String,
    /// The rule in words.
    pub rule: String,
    /// The metrics that it reads.
    pub metrics: Vec<String>,
    /// What keeps a customer in a tier although the rule says another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stay: Option<StayRules>,
    /// How people may have come to a tier that they set by hand; any way, when there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<String>,
    /// The first ones first.
    pub tiers: Vec<TierDefinition>,
}

/// What keeps a customer in a tier.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StayRules {
    /// By how much a figure has to pass a cut, as a part of it.
    pub hysteresis: f64,
    /// Days for which a customer who would go down stays.
    pub grace_days: u32,
    /// Days that a customer stays at least.
    pub minimum_days: u32,
}

/// A tier of a scheme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TierDefinition {
    pub id: String,
    pub name: String,
    pub playbook: Playbook,
}

impl SchemeDefinition {
    /// The document in a language. `metrics` are those that the scheme reads.
    pub fn new<'a>(
        scheme: &Scheme,
        metrics: impl IntoIterator<Item = &'a MetricId>,
        language: Language,
    ) -> Self {
        let text = |text: &Text| text.get(language).to_owned();
        SchemeDefinition {
            id: scheme.id.to_string(),
            version: scheme.version,
            kind: scheme.rule.kind(),
            name: text(&scheme.name),
            question: text(&scheme.question),
            origin: text(&scheme.origin),
            rule: text(&scheme.rule_text),
            metrics: metrics.into_iter().map(ToString::to_string).collect(),
            stay: scheme.stay.map(|stay| StayRules {
                hysteresis: stay.hysteresis,
                grace_days: stay.grace_days,
                minimum_days: stay.minimum_days,
            }),
            methods: scheme.methods.clone(),
            tiers: scheme
                .tiers
                .iter()
                .map(|tier| TierDefinition {
                    id: tier.id.to_string(),
                    name: text(&tier.name),
                    playbook: Playbook::new(&tier.playbook, language),
                })
                .collect(),
        }
    }
}
