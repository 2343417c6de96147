use crate::python::{ask, same};
use clientele_predict::Matrix;
use clientele_predict::clusters::{Request, adjusted_rand, find, silhouette};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

/// Overlapping groups in three columns of very different units.
fn base(rows: usize) -> Vec<f64> {
    let mut chance = StdRng::seed_from_u64(41);
    let mut bell = move || (0..8).map(|_| chance.random::<f64>() - 0.5).sum::<f64>();
    let places = [(0.0, 0.0, 0.0), (4.0, 300.0, 0.0), (0.0, 500.0, 20.0), (5.0, 0.0, 15.0)];
    (0..rows)
        .flat_map(|row| {
            let (x, y, z) = places[row % 7 % 4];
            [x + bell(), y + 90.0 * bell(), z + 4.0 * bell()]
        })
        .collect()
}

#[test]
fn silhouette_and_agreement_are_those_of_scikit_learn() {
    let values = base(700);
    let matrix = Matrix::new(&values, 3).unwrap();
    let labels: Vec<usize> = (0..700).map(|row| if row == 3 { 9 } else { row % 7 % 4 }).collect();
    let others: Vec<usize> = (0..700).map(|row| row % 5).collect();
    let question =
        json!({"kind": "silhouette", "values": values, "columns": 3, "labels": labels, "others": others});
    let Some(theirs) = ask(&question) else { return };
    same("silhouette", silhouette(&matrix, &labels).unwrap(), &theirs["silhouette"], 1e-10);
    same("agreement", adjusted_rand(&labels, &others), &theirs["agreement"], 1e-10);
}

#[test]
fn clusters_are_as_tight_as_those_of_scikit_learn() {
    let values = base(3_000);
    let matrix = Matrix::new(&values, 3).unwrap();
    let found = find(&matrix, Request { min: 2, max: 8, seed: 7 }).unwrap();
    assert_eq!(found.clusters.len(), 4);
    let standard = |row: &[f64]| -> Vec<f64> {
        row.iter()
            .zip(&found.standards)
            .map(|(value, scale)| (value - scale.mean) / scale.deviation)
            .collect()
    };
    let inertia: f64 = matrix
        .iter()
        .map(|row| {
            let centre = &found.clusters[found.nearest(row)].standard_centre;
            standard(row).iter().zip(centre).map(|(a, b)| (a - b) * (a - b)).sum::<f64>()
        })
        .sum();
    let labels: Vec<usize> = matrix.iter().map(|row| found.nearest(row)).collect();
    let question =
        json!({"kind": "k_means", "values": values, "columns": 3, "clusters": 4, "labels": labels});
    let Some(theirs) = ask(&question) else { return };
    let best = theirs["inertia"].as_f64().unwrap();
    assert!(inertia <= best * 1.01, "{inertia}, scikit-learn {best}");
    assert!(theirs["agreement"].as_f64().unwrap() > 0.98);
}
