//! Answers computed by DuckDB, from the same file but from SQL of its own (`tests/duckdb`).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use clientele_pipeline::understand::rows::Value;
use serde_json::Value as Json;

use crate::support::root;

/// What DuckDB answered, by table.
pub struct Answers(BTreeMap<String, Answer>);

/// One table; the first column names the customer.
#[derive(serde::Deserialize)]
pub struct Answer {
    columns: Vec<String>,
    rows: Vec<Vec<Json>>,
}

/// Asks DuckDB about a file, or a folder of files. `None`, with a visible line, where there is no DuckDB.
pub fn answers(file: &str, as_of: &str) -> Option<Answers> {
    let named = std::env::var_os("CLIENTELE_TEST_PYTHON").map(PathBuf::from);
    // A mistaken name must not pass for a machine without it.
    assert!(named.as_ref().is_none_or(|python| python.exists()), "CLIENTELE_TEST_PYTHON names {named:?}");
    let usual = || std::env::home_dir().map(|home| home.join(".cache/clientele/venv/bin/python"));
    let Some(python) = named.or_else(usual).filter(|python| python.exists()) else {
        eprintln!("SKIPPED: no DuckDB; `make setup` installs it, CLIENTELE_TEST_PYTHON names its Python");
        return None;
    };
    let program = root().join("tests/duckdb/answers.py");
    let output =
        Command::new(python).arg(program).arg(root().join(file)).arg(as_of).output().expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(Answers(serde_json::from_slice(&output.stdout).expect("JSON")))
}

impl Answers {
    pub fn table(&self, name: &str) -> &Answer {
        &self.0[name]
    }

    /// Compares the control figures, the last of which is a sum of money.
    pub fn control(&self, counts: &[u64], sum: &str) {
        let row = &self.table("control").rows[0];
        let found: Vec<u64> = row.iter().filter_map(Json::as_u64).collect();
        assert_eq!(&found[..counts.len()], counts);
        let sum = sum.parse::<rust_decimal::Decimal>().expect("a sum") * rust_decimal::Decimal::from(10_000);
        assert_eq!(rust_decimal::Decimal::from(found[counts.len()]), sum);
    }
}

impl Answer {
    /// The columns beside the customer.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().skip(1).map(String::as_str)
    }

    /// A row, the first column included.
    pub fn row(&self, place: usize) -> &[Json] {
        &self.rows[place]
    }

    /// One column by customer.
    pub fn column(&self, name: &str) -> BTreeMap<&str, &Json> {
        let place = self.columns.iter().position(|c| c == name).expect(name);
        self.rows.iter().map(|row| (row[0].as_str().expect("a customer"), &row[place])).collect()
    }

    /// Insists that the same customers have the same values. All differences are told at once.
    pub fn compare(&self, found: &BTreeMap<String, Vec<Value>>) {
        self.compare_within(found, 1e-12);
    }

    /// [`Answer::compare`] where figures may differ by so much, or by that share of the greater one.
    pub fn compare_within(&self, found: &BTreeMap<String, Vec<Value>>, tolerance: f64) {
        assert_eq!(found.len(), self.rows.len(), "customers");
        let mut differences: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for row in &self.rows {
            let customer = row[0].as_str().expect("a customer");
            let mine = found.get(customer).unwrap_or_else(|| panic!("there is no {customer}"));
            for ((column, theirs), mine) in self.columns().zip(&row[1..]).zip(mine) {
                let tolerance = if ESTIMATES.contains(&column) { 1e-6 } else { tolerance };
                if !is_same(mine, theirs, tolerance) {
                    let difference = format!("{customer}: {mine:?}, DuckDB {theirs}");
                    differences.entry(column).or_default().push(difference);
                }
            }
        }
        for (column, customers) in &differences {
            eprintln!("{column}: {} differ, as {:?}", customers.len(), &customers[..customers.len().min(5)]);
        }
        assert!(differences.is_empty(), "columns differ");
    }
}

/// Money that comes from divisions and powers of floating-point numbers: its last digit is chance.
const ESTIMATES: [&str; 3] = ["clv_estimate", "order_worth", "predicted_spend_365d"];

/// Whether two values are the same. Figures that come from divisions may differ in their last digits.
fn is_same(mine: &Value, theirs: &Json, tolerance: f64) -> bool {
    match (mine, theirs) {
        (Value::Unknown, Json::Null) => true,
        (Value::Bool(mine), Json::Bool(theirs)) => mine == theirs,
        (Value::Int(mine), _) => theirs.as_i64() == Some(*mine),
        (Value::Money(mine), _) => theirs.as_i64().map(i128::from).is_some_and(|theirs| {
            let rounding: f64 = if tolerance > 1e-9 { 2.0 } else { 0.0 };
            (mine - theirs).abs() as f64 <= rounding.max(tolerance * mine.abs().max(theirs.abs()) as f64)
        }),
        (Value::Float(mine), _) => theirs
            .as_f64()
            .is_some_and(|theirs| (mine - theirs).abs() <= tolerance * mine.abs().max(theirs.abs()).max(1.0)),
        (Value::Text(mine), Json::String(theirs)) => mine == theirs,
        (Value::Time(mine), Json::String(theirs)) => mine.format("%Y-%m-%d %H:%M:%S").to_string() == *theirs,
        _ => false,
    }
}
