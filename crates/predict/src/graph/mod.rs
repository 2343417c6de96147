//! Who is connected with whom: page rank and degrees over a list of edges.
//!
//! Written here because no kept library gives page rank as it is defined: `petgraph` spreads the mass of nodes
//! without out-edges by another rule and takes time by the square of the nodes; `graph` drops that mass,
//! computes in single precision and lets threads write while others read, so that two runs differ; and
//! `rustworkx-core` has it in its Python half only.

mod adjacency;
mod page_rank;

pub use page_rank::{PageRank, page_rank};

use adjacency::distinct;

/// How many different others a node points to, and how many point to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Degree {
    /// Edges that leave the node.
    pub out: u32,
    /// Edges that arrive at it.
    pub into: u32,
}

/// An edge that names a node which does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("edge {edge} names node {node}, but there are only {nodes}")]
pub struct NoSuchNode {
    /// Place of the edge in the list, from 0.
    pub edge: usize,
    /// The node that it names.
    pub node: u32,
    /// How many nodes there are; they are numbered from 0.
    pub nodes: usize,
}

/// Degrees of all nodes. An edge that is listed twice counts once; an edge from a node to itself counts as one
/// that leaves and one that arrives.
///
/// # Errors
/// When an edge names a node at or beyond `nodes`.
pub fn degrees(nodes: usize, edges: &[(u32, u32)]) -> Result<Vec<Degree>, NoSuchNode> {
    let mut degrees = vec![Degree::default(); nodes];
    for (from, to) in distinct(nodes, edges)? {
        degrees[from as usize].out += 1;
        degrees[to as usize].into += 1;
    }
    Ok(degrees)
}
