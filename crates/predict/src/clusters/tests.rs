use super::{Clustering, NoClusters, Request, Structure, find};
use crate::Matrix;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const REQUEST: Request = Request { min: 2, max: 8, seed: 42 };

fn of(values: &[f64], columns: usize) -> Result<Clustering, NoClusters> {
    find(&Matrix::new(values, columns).unwrap(), REQUEST)
}

/// Round clouds of the given sizes around the given centres; a third column says nothing.
fn clouds(groups: &[(usize, f64, f64)]) -> Vec<f64> {
    let mut chance = StdRng::seed_from_u64(1);
    let mut values = Vec::new();
    for &(size, x, y) in groups {
        for _ in 0..size {
            values.extend([x + chance.random::<f64>(), y + 100.0 * chance.random::<f64>(), 3.0]);
        }
    }
    values
}

#[test]
fn clouds_are_found_counted_and_described() {
    let found = of(&clouds(&[(300, 0.0, 0.0), (500, 10.0, 0.0), (200, 10.0, 900.0)]), 3).unwrap();
    assert_eq!(found.clusters.iter().map(|cluster| cluster.rows).collect::<Vec<_>>(), [500, 300, 200]);
    assert_eq!((Structure::of(found.silhouette), found.stability), (Structure::Strong, 1.0));
    assert!(!found.standards[2].varies);
    let smallest = &found.clusters[2];
    assert_eq!(smallest.telling[0].column, 1);
    assert!(smallest.telling[0].difference > 1.0 && smallest.telling.len() == 2);
    assert!((smallest.centre[0] - 10.5).abs() < 0.2 && (smallest.centre[1] - 950.0).abs() < 20.0);
    assert_eq!((smallest.centre[2], smallest.standard_centre[2]), (3.0, 0.0));
    assert_eq!((found.nearest(&[0.5, 50.0, 3.0]), found.nearest(&[10.5, 950.0, 3.0])), (1, 2));
    assert_eq!(found.trials.len(), 7);
}

#[test]
fn the_same_seed_gives_the_same_and_large_bases_are_sampled() {
    let values = clouds(&[(40_000, 0.0, 0.0), (30_000, 5.0, 500.0)]);
    let found = of(&values, 3).unwrap();
    assert_eq!(found, of(&values, 3).unwrap());
    assert_eq!((found.clusters.len(), found.fitted_rows), (2, 50_000));
    assert!((found.clusters[0].share - 4.0 / 7.0).abs() < 0.01);
}

#[test]
fn one_cloud_is_said_to_have_no_structure() {
    let mut chance = StdRng::seed_from_u64(3);
    let values: Vec<f64> = (0..4_000).map(|_| (0..6).map(|_| chance.random::<f64>()).sum()).collect();
    let found = of(&values, 8).unwrap();
    assert_eq!(Structure::of(found.silhouette), Structure::None);
}

#[test]
fn small_bases_have_a_sensible_answer() {
    assert_eq!(of(&[], 2), Err(NoClusters::NoRows));
    let few = |different| Err(NoClusters::TooFewDifferent { different, needed: 3 });
    assert_eq!(of(&[1.0, 2.0], 2), Err(NoClusters::NothingVaries));
    assert_eq!(of(&[1.0, 2.0, 1.0, 3.0], 2), few(2));
    assert_eq!(of(&[1.0, 0.0, 1.0, 0.0, 1.0], 1), few(2));
    assert_eq!(of(&[4.0; 30], 3), Err(NoClusters::NothingVaries));
    let five = of(&[1.0, 1.1, 1.2, 9.0, 9.1], 1).unwrap();
    assert_eq!(five.clusters.iter().map(|cluster| cluster.rows).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(five.trials.iter().map(|trial| trial.clusters).max(), Some(4));
}

#[test]
fn senseless_ranges_are_refused() {
    let matrix = Matrix::new(&[1.0, 2.0, 3.0], 1).unwrap();
    for (min, max) in [(1, 8), (5, 4), (0, 0)] {
        let request = Request { min, max, seed: 1 };
        assert_eq!(find(&matrix, request), Err(NoClusters::Range { min, max }));
    }
}
