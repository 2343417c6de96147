//! Page rank.

use super::NoSuchNode;
use super::adjacency::Incoming;

/// Share of steps that follow an edge; the others start anew anywhere (Brin and Page 1998).
pub const DAMPING: f64 = 0.85;
/// The iteration ends when the ranks together moved by less than this for each node.
pub const TOLERANCE: f64 = 1e-10;
/// After as many rounds it ends anyway: 0.85 to the 500th is far below any tolerance.
const ROUNDS: usize = 500;

/// What the iteration came to.
#[derive(Debug, Clone, PartialEq)]
pub struct PageRank {
    /// One rank a node; they add up to 1.
    pub ranks: Vec<f64>,
    /// How many rounds it took.
    pub rounds: usize,
}

/// Page rank of every node: the share of time that a reader spends there who follows a random edge in 85 % of
/// steps and starts anew at a random node otherwise, and always where no edge leaves (Brin and Page, "The
/// anatomy of a large-scale hypertextual web search engine", 1998; Langville and Meyer, "Deeper inside
/// PageRank", 2004, for nodes without out-edges). Same definition and same rule for the end as `pagerank` of
/// networkx: the sum of absolute changes is below the tolerance times the count of nodes.
///
/// Edges are (from, to); one listed twice counts once; one from a node to itself is an edge like any other.
/// No nodes give no ranks; no edges give everybody the same rank.
///
/// # Errors
/// When an edge names a node at or beyond `nodes`.
pub fn page_rank(nodes: usize, edges: &[(u32, u32)]) -> Result<PageRank, NoSuchNode> {
    let incoming = Incoming::new(nodes, edges)?;
    if nodes == 0 {
        return Ok(PageRank { ranks: Vec::new(), rounds: 0 });
    }
    let each = 1.0 / nodes as f64;
    let mut ranks = vec![each; nodes];
    let mut sent = vec![0.0; nodes];
    for round in 1..=ROUNDS {
        let mut dangling = 0.0;
        for (node, &rank) in ranks.iter().enumerate() {
            let out = incoming.out[node];
            if out == 0 {
                dangling += rank;
            } else {
                sent[node] = rank / f64::from(out);
            }
        }
        let everywhere = (1.0 - DAMPING + DAMPING * dangling) * each;
        let mut moved = 0.0;
        for (node, rank) in ranks.iter_mut().enumerate() {
            let arrived: f64 = incoming.of(node).iter().map(|&source| sent[source as usize]).sum();
            let new = everywhere + DAMPING * arrived;
            moved += (new - *rank).abs();
            *rank = new;
        }
        if moved < TOLERANCE * nodes as f64 {
            return Ok(PageRank { ranks, rounds: round });
        }
    }
    Ok(PageRank { ranks, rounds: ROUNDS })
}

#[cfg(test)]
mod tests {
    use super::page_rank;
    use crate::graph::{Degree, NoSuchNode, degrees};

    fn close(left: &[f64], right: &[f64]) {
        assert_eq!(left.len(), right.len());
        for (a, b) in left.iter().zip(right) {
            assert!((a - b).abs() < 1e-8, "{left:?} is not {right:?}");
        }
    }

    #[test]
    fn a_ring_ranks_everybody_alike() {
        close(&page_rank(3, &[(0, 1), (1, 2), (2, 0)]).unwrap().ranks, &[1.0 / 3.0; 3]);
    }

    #[test]
    fn a_star_is_solved_by_hand() {
        // 1 and 2 point to 0, which points nowhere. With x for a leaf and y for the middle:
        // x = (0.15 + 0.85 y) / 3 and y = x + 1.7 x = 2.7 x, and 2 x + y = 1, so x = 1 / 4.7.
        close(&page_rank(3, &[(1, 0), (2, 0)]).unwrap().ranks, &[2.7 / 4.7, 1.0 / 4.7, 1.0 / 4.7]);
    }

    #[test]
    fn an_edge_told_twice_counts_once_and_order_does_not_matter() {
        let once = page_rank(4, &[(0, 1), (0, 2), (3, 0)]).unwrap();
        let twice = page_rank(4, &[(3, 0), (0, 2), (0, 1), (0, 2)]).unwrap();
        assert_eq!(once, twice);
    }

    #[test]
    fn empty_graphs_have_an_answer() {
        assert!(page_rank(0, &[]).unwrap().ranks.is_empty());
        close(&page_rank(1, &[]).unwrap().ranks, &[1.0]);
        close(&page_rank(4, &[]).unwrap().ranks, &[0.25; 4]);
        close(&page_rank(2, &[(0, 0), (1, 1)]).unwrap().ranks, &[0.5; 2]);
    }

    #[test]
    fn an_edge_to_nobody_is_refused_with_its_place() {
        let error = page_rank(2, &[(0, 1), (1, 2)]).unwrap_err();
        assert_eq!(error, NoSuchNode { edge: 1, node: 2, nodes: 2 });
        assert_eq!(error.to_string(), "edge 1 names node 2, but there are only 2");
    }

    #[test]
    fn degrees_count_different_others() {
        let counted = degrees(4, &[(0, 1), (0, 1), (0, 2), (2, 1), (3, 3)]).unwrap();
        let degree = |out, into| Degree { out, into };
        assert_eq!(counted, [degree(2, 0), degree(0, 2), degree(1, 1), degree(1, 1)]);
    }
}
