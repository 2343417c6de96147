//! A group against the others, from what a query counted.

use clientele_predict::stats::{Moments, Proportion, cohen_h, hedges_g, two_proportions, welch};

use super::verdict::Verdict;

/// Of means.
pub(in crate::understand) fn means(group: &Moments, others: &Moments) -> Option<Verdict> {
    Some(Verdict::new(hedges_g(group, others)?, welch(group, others)?.p))
}

/// Of shares.
pub(in crate::understand) fn shares(group: Proportion, others: Proportion) -> Option<Verdict> {
    Some(Verdict::new(cohen_h(group, others)?, two_proportions(group, others)?.p))
}
