use crate::python::{all_same, ask};
use clientele_predict::graph::page_rank;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

#[test]
fn page_rank_is_that_of_networkx() {
    let mut chance = StdRng::seed_from_u64(31);
    for (nodes, edges) in [(5_u32, 3), (50, 120), (400, 300), (400, 4_000)] {
        // Squared, so that some nodes are pointed to often; repetitions and edges to oneself come by themselves.
        let mut draw = || (f64::from(nodes) * chance.random::<f64>().powi(2)) as u32;
        let edges: Vec<(u32, u32)> = (0..edges).map(|_| (draw(), draw())).collect();
        let found = page_rank(nodes as usize, &edges).unwrap();
        assert!((found.ranks.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let Some(theirs) = ask(&json!({"kind": "page_rank", "nodes": nodes, "edges": edges})) else { return };
        all_same("ranks", &found.ranks, &theirs["ranks"], 1e-6);
    }
}
