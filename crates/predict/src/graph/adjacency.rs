//! Edges in the order that the iteration reads them.

use super::NoSuchNode;

/// For every node the nodes that point to it, one after the other in one list.
pub(super) struct Incoming {
    /// Where the sources of node `i` begin; those of the last node end with the list.
    starts: Vec<usize>,
    sources: Vec<u32>,
    /// Edges that leave each node.
    pub(super) out: Vec<u32>,
}

impl Incoming {
    pub(super) fn new(nodes: usize, edges: &[(u32, u32)]) -> Result<Self, NoSuchNode> {
        let edges = distinct(nodes, edges)?;
        let mut out = vec![0_u32; nodes];
        let mut starts = vec![0_usize; nodes + 1];
        for &(from, to) in &edges {
            out[from as usize] += 1;
            starts[to as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        // Edges come sorted by their source, so the sources of each node end up ascending: sums are always
        // taken in the same order.
        let mut next = starts.clone();
        let mut sources = vec![0_u32; edges.len()];
        for (from, to) in edges {
            let place = &mut next[to as usize];
            sources[*place] = from;
            *place += 1;
        }
        Ok(Self { starts, sources, out })
    }

    /// The nodes that point to `node`, ascending.
    pub(super) fn of(&self, node: usize) -> &[u32] {
        &self.sources[self.starts[node]..self.starts[node + 1]]
    }
}

/// The edges without repetitions, sorted by source and target.
pub(super) fn distinct(nodes: usize, edges: &[(u32, u32)]) -> Result<Vec<(u32, u32)>, NoSuchNode> {
    for (edge, &(from, to)) in edges.iter().enumerate() {
        if let Some(node) = [from, to].into_iter().find(|&node| node as usize >= nodes) {
            return Err(NoSuchNode { edge, node, nodes });
        }
    }
    let mut edges = edges.to_vec();
    edges.sort_unstable();
    edges.dedup();
    Ok(edges)
}
