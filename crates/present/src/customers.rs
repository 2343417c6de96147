//! Who is in a tier.

use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::tiers::Member;
use serde::Serialize;

use crate::run::RunReference;
use crate::value::Value;
use crate::value::money;

/// What `customers` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Customers {
    pub run: RunReference,
    pub scheme: String,
    pub tier: String,
    /// Those with the most revenue first.
    pub customers: Vec<TierMember>,
}

/// A customer in a tier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TierMember {
    pub source: String,
    pub customer_id: String,
    /// The day since when.
    pub since: Value,
    /// The tier before.
    pub previous: Option<String>,
    /// Net, in the workspace's currency; null where the run does not tell it.
    pub revenue: Option<f64>,
}

impl Customers {
    /// Some customers of a tier of a run.
    pub fn new(view: &RunView, scheme: &str, tier: &str, members: &[Member]) -> Self {
        Customers {
            run: (&view.run).into(),
            scheme: scheme.to_owned(),
            tier: tier.to_owned(),
            customers: members.iter().map(|member| TierMember::new(view, member)).collect(),
        }
    }
}

impl TierMember {
    fn new(view: &RunView, member: &Member) -> Self {
        TierMember {
            source: member.source.clone(),
            customer_id: member.customer_id.clone(),
            since: (&member.since).into(),
            previous: member.previous.clone(),
            revenue: view.knows_revenue().then(|| money(member.revenue)),
        }
    }
}
