use crate::python::{all_same, ask, same};
use clientele_predict::Matrix;
use clientele_predict::drivers::drivers;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

#[test]
fn shares_of_drivers_are_those_of_numpy() {
    let mut chance = StdRng::seed_from_u64(21);
    for (rows, columns, shared, yes_no) in [(60, 3, 0.2, false), (400, 6, 0.8, false), (300, 5, 0.5, true)] {
        let (mut values, mut outcome) = (Vec::new(), Vec::new());
        for _ in 0..rows {
            let common = chance.random::<f64>();
            let row: Vec<f64> =
                (0..columns).map(|_| shared * common + (1.0 - shared) * chance.random::<f64>()).collect();
            let value = row[0] - 0.5 * row[1] + 0.3 * chance.random::<f64>();
            outcome.push(if yes_no { f64::from(value > 0.4) } else { value });
            values.extend(row);
        }
        let mut found = drivers(&Matrix::new(&values, columns).unwrap(), &outcome).unwrap();
        found.drivers.sort_by_key(|driver| driver.column);
        let mine = |value: fn(&clientele_predict::drivers::Driver) -> f64| {
            found.drivers.iter().map(value).collect::<Vec<_>>()
        };
        let question = json!({"kind": "drivers", "values": values, "columns": columns, "outcome": outcome});
        let Some(theirs) = ask(&question) else { return };
        same("R squared", found.r_squared, &theirs["r_squared"], 1e-10);
        same("adjusted", found.adjusted_r_squared, &theirs["adjusted"], 1e-9);
        same("p", found.p, &theirs["p"], 1e-7);
        all_same("weights", &mine(|driver| driver.weight), &theirs["weights"], 1e-9);
        all_same("coefficients", &mine(|driver| driver.coefficient), &theirs["coefficients"], 1e-9);
        all_same("Shapley", &mine(|driver| driver.shapley.unwrap()), &theirs["shapley"], 1e-9);
        all_same("inflation", &mine(|driver| driver.inflation.unwrap()), &theirs["inflation"], 1e-8);
        assert_eq!(found.yes_no, yes_no);
    }
}
