use super::{Drivers, NoDrivers, drivers};
use crate::Matrix;

/// Rows of a full grid, so that the columns have nothing to do with each other.
fn grid() -> Vec<f64> {
    (0..27).flat_map(|row| [f64::from(row / 9), f64::from(row / 3 % 3), f64::from(row % 3)]).collect()
}

fn find(values: &[f64], columns: usize, outcome: impl Fn(&[f64]) -> f64) -> Result<Drivers, NoDrivers> {
    let matrix = Matrix::new(values, columns).unwrap();
    let outcome: Vec<f64> = matrix.iter().map(outcome).collect();
    drivers(&matrix, &outcome)
}

fn close(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-9, "{left} is not {right}");
}

/// Weights by column.
fn weights(found: &Drivers) -> Vec<f64> {
    let mut drivers = found.drivers.clone();
    drivers.sort_by_key(|driver| driver.column);
    drivers.iter().map(|driver| driver.weight).collect()
}

#[test]
fn unrelated_predictors_weigh_their_squared_correlations() {
    // Variances of 3a and 4b are 9 : 16.
    let found = find(&grid(), 3, |row| 3.0 * row[0] - 4.0 * row[1]).unwrap();
    close(found.r_squared, 1.0);
    for (weight, expected) in weights(&found).into_iter().zip([0.36, 0.64, 0.0]) {
        close(weight, expected);
    }
    let first = found.drivers[0];
    assert_eq!(first.column, 1);
    close(first.correlation, -0.8);
    close(first.coefficient, -0.8);
    close(first.shapley.unwrap(), 0.64);
    close(first.inflation.unwrap(), 1.0);
    assert!(found.p < 1e-100 && found.thin && !found.yes_no);
}

#[test]
fn predictors_that_tell_the_same_share_it() {
    let values: Vec<f64> =
        grid().chunks(3).flat_map(|row| [row[0], row[1], row[0] * 10.0 + 5.0, 7.0]).collect();
    let found = find(&values, 4, |row| 3.0 * row[0] + 4.0 * row[1]).unwrap();
    assert_eq!(found.constant, [3]);
    close(found.r_squared, 1.0);
    for (weight, expected) in weights(&found).into_iter().zip([0.18, 0.64, 0.18]) {
        close(weight, expected);
    }
    for driver in &found.drivers {
        let expected = if driver.column == 1 { 0.64 } else { 0.18 };
        close(driver.shapley.unwrap(), expected);
        assert_eq!(driver.inflation.is_none(), driver.column != 1);
    }
}

#[test]
fn weights_and_shapley_values_add_up_for_entangled_predictors() {
    // Made by a fixed rule; six predictors, several of them sums of others plus a little of their own.
    let mut values = Vec::new();
    let mut outcome = Vec::new();
    for row in 0..200_i32 {
        let wave = |step: i32| f64::from((row * step) % 17) + f64::from(row % (step + 2)) * 0.3;
        let (a, b, c) = (wave(3), wave(5), wave(7));
        values.extend([a, b, c, a + b + 0.1 * c, b - c, a + 0.01 * wave(11)]);
        outcome.push(2.0 * a - b + 0.5 * wave(13));
    }
    let found = drivers(&Matrix::new(&values, 6).unwrap(), &outcome).unwrap();
    assert!(found.r_squared > 0.5 && found.r_squared < 1.0);
    close(found.drivers.iter().map(|driver| driver.weight).sum(), found.r_squared);
    close(found.drivers.iter().map(|driver| driver.share).sum(), 1.0);
    close(found.drivers.iter().filter_map(|driver| driver.shapley).sum(), found.r_squared);
    assert!(found.drivers.iter().all(|driver| driver.weight >= 0.0));
    assert!(found.p < 1e-6 && found.adjusted_r_squared < found.r_squared);
}

#[test]
fn many_predictors_get_weights_only() {
    let values: Vec<f64> = (0..100_u32)
        .flat_map(|row| (0..13_u32).map(move |column| f64::from((row * (column + 3)) % (19 + column))))
        .collect();
    let found = find(&values, 13, |row| row[0] + row[5]).unwrap();
    assert!(found.drivers.iter().all(|driver| driver.shapley.is_none()));
    close(found.drivers.iter().map(|driver| driver.weight).sum(), found.r_squared);
}

#[test]
fn yes_and_no_is_an_outcome() {
    let found = find(&grid(), 3, |row| f64::from(row[0] > 0.5)).unwrap();
    assert!(found.yes_no);
    assert_eq!(found.drivers[0].column, 0);
}

#[test]
fn what_says_nothing_is_told() {
    assert_eq!(find(&[], 3, |_| 0.0).unwrap_err(), NoDrivers::TooFewRows { rows: 0, needed: 3 });
    assert_eq!(find(&[1.0; 12], 3, |row| row[0]).unwrap_err(), NoDrivers::SameOutcome);
    let four = [1.0, 2.0, 3.0, 4.0];
    let outcome = [1.0, 0.0, 1.0, 0.0];
    let flat = Matrix::new(&[5.0; 4], 1).unwrap();
    assert_eq!(drivers(&flat, &outcome).unwrap_err(), NoDrivers::NothingVaries);
    let matrix = Matrix::new(&four, 1).unwrap();
    assert_eq!(drivers(&matrix, &[1.0]).unwrap_err(), NoDrivers::Shape { rows: 4, outcomes: 1 });
    assert_eq!(drivers(&matrix, &[1.0, 0.0, f64::NAN, 1.0]).unwrap_err(), NoDrivers::NotFinite { row: 2 });
    let wide: Vec<f64> = (0..12_u32).map(|value| f64::from(value * value % 7)).collect();
    let wide = Matrix::new(&wide, 4).unwrap();
    assert_eq!(drivers(&wide, &[1.0, 2.0, 4.0]).unwrap_err(), NoDrivers::TooFewRows { rows: 3, needed: 6 });
}
