//! Clusters keep their numbers, have names of their own, and come back from a run's record as they were.

use clientele_model::Text;
use clientele_model::spec::scheme::Clustering;

use super::align::align;
use super::*;
use crate::classify::cuts::SchemeCuts;

fn centres(at: &[(usize, [f64; 2])]) -> Centres {
    Centres {
        means: vec![10.0, 2.0],
        scales: vec![5.0, 1.0],
        centres: at.iter().map(|(number, at)| Centre { number: *number, at: at.to_vec() }).collect(),
        tried: vec![Tried { clusters: 2, silhouette: 0.5, stability: 1.0 }],
    }
}

#[test]
fn centres_come_back_as_they_were_kept() {
    let kept = centres(&[(1, [0.1, -0.3]), (4, [1e-300, 7.25])]);
    assert_eq!(Centres::of(&kept.to_cuts(), 2), Some(kept.clone()));
    assert_eq!(Centres::of(&kept.to_cuts(), 3), None);
    assert_eq!(Centres::of(&SchemeCuts::new(), 2), None);
    assert_eq!(kept.value(&kept.centres[1], 1, false), 9.25);
    assert!((kept.value(&kept.centres[1], 1, true) - (9.25_f64.exp() - 1.0)).abs() < 1e-9);
}

#[test]
fn clusters_keep_their_numbers_from_run_to_run() {
    let before = centres(&[(1, [-1.0, 0.0]), (2, [1.0, 0.0]), (3, [0.0, 3.0])]);
    let mut found = centres(&[(1, [1.1, 0.1]), (2, [-0.9, 0.0]), (3, [0.0, -3.0]), (4, [0.1, 2.9])]);
    align(&mut found, Some(&before), 8);
    let numbers: Vec<(usize, f64)> = found.centres.iter().map(|c| (c.number, c.at[1])).collect();
    assert_eq!(numbers, [(1, 0.0), (2, 0.1), (3, 2.9), (4, -3.0)]);
    // One fewer: the number of the one that is gone stays free.
    let mut fewer = centres(&[(1, [0.1, 2.9]), (2, [-0.9, 0.0])]);
    align(&mut fewer, Some(&before), 8);
    assert_eq!(fewer.centres.iter().map(|c| c.number).collect::<Vec<_>>(), [1, 3]);
    // The earlier run's units do not matter.
    let mut moved = before.clone();
    moved.means = vec![5.0, 2.0];
    moved.centres = vec![Centre { number: 1, at: vec![2.0, 0.0] }, Centre { number: 2, at: vec![0.0, 0.0] }];
    align(&mut moved, Some(&before), 8);
    assert_eq!(moved.centres.iter().map(|c| (c.number, c.at[0])).collect::<Vec<_>>(), [(1, 0.0), (2, 2.0)]);
}

#[test]
fn names_say_what_sets_a_cluster_apart() {
    let clustering = Clustering {
        features: vec!["recency".into(), "spend".into()],
        log: vec![],
        least: 2,
        most: 8,
        seed: 1,
    };
    let name = |metric: &clientele_model::MetricId| match metric.as_str() {
        "recency" => Text::new("Recency", "距今天数"),
        _ => Text::new("Spend", "消费额"),
    };
    let of = |at: &[(usize, [f64; 2])]| -> Vec<String> {
        let names = names(&clustering, &centres(at), &name);
        names.into_iter().map(|t| format!("{}|{}", t.en, t.zh)).collect()
    };
    let found = of(&[(1, [-1.0, 2.0]), (2, [0.9, 0.1]), (3, [0.1, -0.3]), (4, [0.0, 0.1]), (5, [0.1, 0.0])]);
    assert_eq!(
        found,
        [
            "High: Spend; low: Recency|消费额高、距今天数低",
            "High: Recency|距今天数高",
            "Low: Spend|消费额低",
            "Average|各项居中",
            "Average (5)|各项居中（5）",
        ]
    );
    assert_eq!(of(&[(1, [0.0, 0.0])]), ["Everyone|全体客户"]);
}
