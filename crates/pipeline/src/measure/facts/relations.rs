//! Columns of relations, and of what follows from all of them.

use super::{FactColumn, plain};

/// Ties that lead from a customer to others.
pub const RELATIONS: &[FactColumn] = &[plain("to_id"), plain("kind"), plain("since"), plain("attributes")];

/// A customer's place among all; see [`super::super::graph`].
pub const GRAPH: &[FactColumn] = &[
    plain("out_degree"),
    plain("in_degree"),
    plain("degree"),
    plain("pagerank"),
    plain("referrals_made"),
    plain("referrals_converted"),
    plain("followers"),
    plain("was_referred"),
];
