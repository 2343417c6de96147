//! Sizes, shares and revenue of tiers.

use clientele_pipeline::classify::cluster::Tried;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::clusters::Parting;
use clientele_pipeline::understand::tiers::{SchemeTiers, TierSize};
use clientele_predict::clusters;
use serde::Serialize;

use crate::run::RunReference;
use crate::value::money;

/// What `tiers` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tiers {
    pub run: RunReference,
    pub schemes: Vec<SchemeSizes>,
}

/// The tiers of one scheme, the first ones first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchemeSizes {
    pub scheme: String,
    pub version: u32,
    pub tiers: Vec<Tier>,
    /// Why there are so many clusters; cluster schemes only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clusters: Option<ClusterChoice>,
}

/// A tier's size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tier {
    pub tier: String,
    pub customers: i64,
    /// Of all customers of the run, 0 to 1.
    pub customer_share: f64,
    /// Net, in the workspace's currency; null where the run does not tell it.
    pub revenue: Option<f64>,
    /// Of the revenue of all customers of the run, 0 to 1.
    pub revenue_share: Option<f64>,
}

/// Why there are so many clusters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClusterChoice {
    pub taken: usize,
    pub structure: Structure,
    pub tried: Vec<TriedClusters>,
}

/// Whether the base falls into groups, or is one cloud that was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Structure {
    Strong,
    Reasonable,
    Weak,
    None,
}

/// A number of clusters that was tried.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TriedClusters {
    pub clusters: usize,
    /// The mean silhouette, −1 to 1.
    pub silhouette: f64,
    /// How alike the clusters of samples are, 0 to 1.
    pub stability: f64,
}

impl Tiers {
    /// The sizes of some schemes of a run.
    pub fn new(view: &RunView, sizes: &[SchemeTiers]) -> Self {
        let scheme = |sizes: &SchemeTiers| SchemeSizes {
            scheme: sizes.scheme.clone(),
            version: sizes.version,
            tiers: sizes.tiers.iter().map(|tier| Tier::new(view, tier)).collect(),
            clusters: view.parting(&sizes.scheme).map(ClusterChoice::from),
        };
        Tiers { run: (&view.run).into(), schemes: sizes.iter().map(scheme).collect() }
    }
}

impl Tier {
    fn new(view: &RunView, tier: &TierSize) -> Self {
        let is_told = view.knows_revenue();
        Tier {
            tier: tier.tier.clone(),
            customers: tier.customers,
            customer_share: tier.customer_share,
            revenue: is_told.then(|| money(tier.revenue)),
            revenue_share: is_told.then_some(tier.revenue_share),
        }
    }
}

impl From<Parting> for ClusterChoice {
    fn from(parting: Parting) -> Self {
        let tried = |t: &Tried| TriedClusters {
            clusters: t.clusters,
            silhouette: t.silhouette,
            stability: t.stability,
        };
        ClusterChoice {
            taken: parting.taken.clusters,
            structure: match parting.structure() {
                clusters::Structure::Strong => Structure::Strong,
                clusters::Structure::Reasonable => Structure::Reasonable,
                clusters::Structure::Weak => Structure::Weak,
                clusters::Structure::None => Structure::None,
            },
            tried: parting.tried.iter().map(tried).collect(),
        }
    }
}
