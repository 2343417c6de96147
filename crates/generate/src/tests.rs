use std::collections::BTreeMap;
use std::fs;

use clientele_model::progress::Quiet;

use super::*;

fn request(customers: u64, orders: u64, seed: u64) -> GenerateRequest {
    let currency = "GBP".parse().expect("a currency");
    let facts = Facts::default();
    let format = Format::Csv;
    GenerateRequest {
        customers,
        orders,
        seed,
        format,
        currency,
        lines: true,
        facts,
        questionnaires: Vec::new(),
    }
}

fn make(request: &GenerateRequest) -> (tempfile::TempDir, Generated) {
    let folder = tempfile::tempdir().expect("a folder");
    let progress: Arc<dyn Progress> = Arc::new(Quiet);
    let made = generate(folder.path(), request, &progress).expect("data");
    (folder, made)
}

fn rows(folder: &Path, file: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(folder.join(file)).expect("the file");
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn makes_what_was_asked_for_in_the_order_of_time() {
    let (folder, made) = make(&request(500, 6_000, 7));
    let orders = rows(folder.path(), "orders.csv");
    assert_eq!(orders.len(), 6_000);
    assert!(orders.is_sorted_by_key(|row| row[2].clone()));
    assert!(orders.is_sorted_by_key(|row| row[0].clone()));
    assert!(orders.iter().all(|row| ("2022-07-01".."2025-07-01").contains(&row[2].as_str())));
    let mut buyers: Vec<&String> = orders.iter().map(|row| &row[1]).collect();
    buyers.sort();
    buyers.dedup();
    assert_eq!(buyers.len(), 500);
    assert_eq!(rows(folder.path(), "customers.csv").len(), 500);
    assert_eq!(rows(folder.path(), "order_lines.csv").len() as u64, made.lines);
    assert_eq!(made.as_of.to_string(), "2025-07-01");
}

#[test]
fn the_lines_of_an_order_add_up_to_it() {
    let (folder, _) = make(&request(100, 1_000, 3));
    let cents = |text: &str| text.replace('.', "").parse::<i64>().expect("an amount");
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows(folder.path(), "order_lines.csv") {
        *sums.entry(row[0].clone()).or_default() += cents(&row[11]);
    }
    for row in rows(folder.path(), "orders.csv") {
        assert_eq!(sums.get(&row[0]), Some(&cents(&row[3])));
    }
}

#[test]
fn returns_and_cancellations_are_as_rare_as_in_a_shop() {
    let (folder, _) = make(&request(2_000, 20_000, 1));
    let orders = rows(folder.path(), "orders.csv");
    let share = |status: &str| orders.iter().filter(|row| row[9] == status).count() as f64 / 20_000.0;
    assert!((0.026..0.034).contains(&share("returned")), "{}", share("returned"));
    assert!((0.007..0.013).contains(&share("cancelled")), "{}", share("cancelled"));
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    for format in [Format::Csv, Format::Parquet] {
        let asked = |seed| GenerateRequest { format, ..request(300, 3_000, seed) };
        let [(a, made), (b, _), (c, _)] = [make(&asked(7)), make(&asked(7)), make(&asked(8))];
        for file in &made.files {
            let name = file.file_name().expect("a name");
            let read = |folder: &tempfile::TempDir| fs::read(folder.path().join(name)).expect("the file");
            assert!(read(&a) == read(&b), "{name:?} differs");
            assert!(read(&a) != read(&c), "{name:?} does not depend on the seed");
        }
    }
}

#[test]
fn refuses_what_cannot_be_made() {
    let progress: Arc<dyn Progress> = Arc::new(Quiet);
    let folder = tempfile::tempdir().expect("a folder");
    let error = generate(folder.path(), &request(10, 9, 1), &progress).expect_err("too few orders");
    assert!(matches!(error, GenerateError::TooFewOrders { .. }));
    generate(folder.path(), &request(10, 10, 1), &progress).expect("the least that can be");
    let error = generate(folder.path(), &request(10, 10, 1), &progress).expect_err("files are there");
    assert!(matches!(error, GenerateError::Exists(_)));
}
