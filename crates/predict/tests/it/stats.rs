use crate::python::{all_same, ask, same};
use clientele_predict::stats::{
    Moments, Proportion, benjamini_hochberg, bounded_mean_interval, independence, lift, mean_over_whole,
    quantile, two_proportions, welch, wilson,
};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

#[test]
fn means_compare_as_in_scipy() {
    let mut chance = StdRng::seed_from_u64(11);
    for (left, right) in [(3, 4), (20, 500), (1_000, 30)] {
        let mut draw =
            |size, scale: f64| (0..size).map(|_| scale * chance.random::<f64>()).collect::<Vec<_>>();
        let (left, right): (Vec<f64>, Vec<f64>) = (draw(left, 10.0), draw(right, 12.0));
        let found = welch(&Moments::of(&left), &Moments::of(&right)).unwrap();
        let Some(theirs) = ask(&json!({"kind": "welch", "left": left, "right": right})) else { return };
        same("t", found.t, &theirs["t"], 1e-10);
        same("p", found.p, &theirs["p"], 1e-8);
        same("freedom", found.freedom, &theirs["freedom"], 1e-10);
        same("low", found.low, &theirs["low"], 1e-7);
        same("high", found.high, &theirs["high"], 1e-7);
        let mut ascending = left.clone();
        ascending.sort_by(f64::total_cmp);
        let quantiles = [0.05, 0.25, 0.5, 0.9].map(|p| quantile(&ascending, p).unwrap());
        all_same("quantiles", &quantiles, &theirs["quantiles"], 1e-12);
    }
}

#[test]
fn means_with_a_floor_and_a_ceiling_are_as_sure_as_in_scipy() {
    let mut chance = StdRng::seed_from_u64(5);
    for (size, least) in [(6, 0), (40, 6), (500, 8)] {
        let answers: Vec<f64> = (0..size).map(|_| f64::from(chance.random_range(least..=10))).collect();
        let yes = answers.iter().filter(|answer| **answer > 8.0).count() as u64;
        let question = json!({"kind": "bounded", "values": answers, "floor": 0, "ceiling": 10, "above": 8});
        let Some(theirs) = ask(&question) else { return };
        let share = wilson(Proportion { yes, of: size }).unwrap();
        all_same("share", &[share.0, share.1], &theirs["share"], 1e-9);
        let mean = bounded_mean_interval(&Moments::of(&answers), 0.0, 10.0).unwrap();
        all_same("mean", &[mean.0, mean.1], &theirs["mean"], 1e-7);
    }
}

#[test]
fn an_index_is_as_sure_as_in_scipy() {
    let mut chance = StdRng::seed_from_u64(6);
    for (part, rest) in [(5, 9), (300, 40), (60, 4_000)] {
        let mut draw = |size: usize, most: f64| -> Vec<f64> {
            (0..size).map(|_| (most * chance.random::<f64>()).powi(3)).collect()
        };
        let (part, rest) = (draw(part, 3.0), draw(rest, 2.0));
        let found = mean_over_whole(&Moments::of(&part), &Moments::of(&rest)).unwrap();
        let Some(theirs) = ask(&json!({"kind": "mean_ratio", "part": part, "rest": rest})) else { return };
        same("ratio", found.ratio, &theirs["ratio"], 1e-10);
        same("low", found.low, &theirs["low"], 1e-7);
        same("high", found.high, &theirs["high"], 1e-7);
    }
}

#[test]
fn cross_tables_are_judged_as_in_scipy() {
    let tables: [(&[u64], usize); 4] = [
        (&[30, 70, 20, 80], 2),
        (&[12, 5, 7, 9, 40, 3, 2, 8, 31], 3),
        (&[1, 2, 3, 4, 900, 800, 700, 650], 4),
        (&[100_000, 101_000, 99_500, 100_100, 50_000, 50_700], 2),
    ];
    for (counts, columns) in tables {
        let found = independence(counts, columns).unwrap();
        let Some(theirs) = ask(&json!({"kind": "chi_square", "counts": counts, "columns": columns})) else {
            return;
        };
        same("statistic", found.statistic, &theirs["statistic"], 1e-10);
        same("p", found.p, &theirs["p"], 1e-8);
        same("V", found.cramers_v, &theirs["cramers_v"], 1e-10);
        same("V corrected", found.cramers_v_corrected, &theirs["corrected"], 1e-10);
        all_same("expected", &found.expected, &theirs["expected"], 1e-10);
        same("small", found.small_expected_share, &theirs["small"], 1e-12);
        assert_eq!(found.is_rough(), theirs["small"].as_f64().unwrap() > 0.2);
    }
}

/// Cells of an unknown row and column, emptied, are as if they had never been in the table.
#[test]
fn a_table_without_its_unknown_row_and_column_is_judged_as_in_scipy() {
    let counts = [12_u64, 5, 7, 300, 9, 40, 3, 1, 8, 2, 31, 90, 250, 4, 60, 900];
    let (columns, row, column) = (4, 3, 3);
    let known: Vec<u64> = counts
        .iter()
        .enumerate()
        .map(|(cell, count)| if cell / columns == row || cell % columns == column { 0 } else { *count })
        .collect();
    let found = independence(&known, columns).unwrap();
    let question =
        json!({"kind": "chi_square", "counts": counts, "columns": columns, "without": [row, column]});
    let Some(theirs) = ask(&question) else { return };
    same("statistic", found.statistic, &theirs["statistic"], 1e-10);
    same("p", found.p, &theirs["p"], 1e-8);
    same("V", found.cramers_v, &theirs["cramers_v"], 1e-10);
    same("V corrected", found.cramers_v_corrected, &theirs["corrected"], 1e-10);
    same("small", found.small_expected_share, &theirs["small"], 1e-12);
    assert_eq!(found.freedom, 4);
}

#[test]
fn shares_compare_as_in_scipy() {
    for [a, m, b, n] in [[30_u64, 100, 20, 100], [7, 40, 160, 5_000], [900, 1_000, 200, 800]] {
        let (left, right) = (Proportion { yes: a, of: m }, Proportion { yes: b, of: n });
        let (ratio, test) = (lift(left, right).unwrap(), two_proportions(left, right).unwrap());
        let Some(theirs) = ask(&json!({"kind": "lift", "left": [a, m], "right": [b, n]})) else { return };
        same("ratio", ratio.ratio, &theirs["ratio"], 1e-12);
        same("low", ratio.low, &theirs["low"], 1e-9);
        same("high", ratio.high, &theirs["high"], 1e-9);
        same("p", test.p, &theirs["p"], 1e-8);
    }
}

#[test]
fn p_values_are_adjusted_as_in_scipy() {
    let mut chance = StdRng::seed_from_u64(5);
    let p_values: Vec<f64> = (0..60).map(|_| chance.random::<f64>().powi(3)).collect();
    let Some(theirs) = ask(&json!({"kind": "adjust", "p": p_values})) else { return };
    all_same("adjusted", &benjamini_hochberg(&p_values), &theirs["adjusted"], 1e-12);
}
