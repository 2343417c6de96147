//! The facts that a metric is made of: what is made of the same facts does not explain it.

use std::collections::BTreeSet;

use clientele_model::MetricId;
use clientele_model::spec::{Metric, MetricSource};

use crate::understand::RunView;

/// A kind of happening, or of knowledge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    /// Records of a kind; orders and their lines are one.
    Records(MetricSource),
    /// What customers think, whether a survey or the service asked.
    Opinion,
    /// A field of the profile: each is known by itself.
    Field(String),
}

impl Fact {
    fn of(source: MetricSource) -> Fact {
        match source {
            MetricSource::OrderLines => Fact::Records(MetricSource::Orders),
            MetricSource::Responses => Fact::Opinion,
            other => Fact::Records(other),
        }
    }
}

/// What a metric is made of, by way of the metrics that it derives from, with the facts that tell of the same.
pub(super) fn facts(view: &RunView, metric: &Metric) -> BTreeSet<Fact> {
    let mut facts = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![metric.id.clone()];
    while let Some(id) = open.pop() {
        let Some(found) = view.catalogue.metrics.get(&id).filter(|_| seen.insert(id.clone())) else {
            continue;
        };
        let spec = &found.spec;
        match spec.source {
            MetricSource::Derived => open.extend(found.reads.iter().map(MetricId::new)),
            MetricSource::Customers => {
                facts.insert(Fact::Field(id.to_string()));
            }
            _ if is_opinion(spec) => {
                facts.insert(Fact::Opinion);
            }
            source => {
                facts.insert(Fact::of(source));
            }
        }
        facts.extend(spec.overlaps.iter().map(|source| Fact::of(*source)));
    }
    facts
}

/// Whether it is what customers say of the company. The service asks too, so not all answers are answers to surveys.
pub(super) fn is_opinion(metric: &Metric) -> bool {
    let asks = ["satisfaction", "csat", "nps", "recommends"];
    metric.source == MetricSource::Responses || asks.iter().any(|word| metric.id.as_str().contains(word))
}
